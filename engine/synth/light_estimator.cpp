// SPDX-License-Identifier: Apache-2.0
#include "engine/synth/color_tables.h"
#include "engine/synth/light.h"

#include "engine/body/body_model.h"

#include <algorithm>
#include <cmath>

namespace strata {
namespace {

constexpr std::size_t kMostSamples = 60000;
/// How brightly a person is exposed, measured on 400 rendered clips whose light is known: before a
/// scene whose mean luminance is below kDimScene as much darker as its cube root says, and no
/// brighter before a bright one, since cameras are set for the person. The brightness of the person
/// who is replaced says little besides, since clothes differ.
constexpr double kDimScene = 0.22, kOfScene = 0.33;
constexpr double kUsualPerson = 0.195, kOfPerson = 0.08;
constexpr double kLit = 0.12; // against surfaces that face the camera

glm::vec3 meanColor(const ImageU8& image) {
    const int step = std::max(1, int(std::sqrt(double(image.count()) / 3.0 / 20000.0)));
    glm::dvec3 sum(0.0);
    double count = 0;
    for (int y = step / 2; y < image.height(); y += step) {
        for (int x = step / 2; x < image.width(); x += step) {
            sum += glm::dvec3(linearOf(image.pixel(x, y)));
            ++count;
        }
    }
    return glm::vec3(sum / std::max(count, 1.0));
}

/// Half the way from the single channels' light to that of their luminance: the hue of a shadow is
/// told by few pixels.
void calmHue(SceneLight& light) {
    for (auto& coefficient : light.sh)
        coefficient = glm::mix(coefficient, glm::vec3(luminance(coefficient)), 0.5f);
}

/// Keeps the light's shape from being stronger than `most` times its mean.
void limitContrast(SceneLight& light, float most) {
    float strength = 0;
    for (std::size_t k = 1; k < 9; ++k)
        strength += luminance(light.sh[k]) * luminance(light.sh[k]);
    strength = std::sqrt(strength) / std::max(luminance(light.sh[0]), 1e-3f);
    if (strength > most)
        for (std::size_t k = 1; k < 9; ++k)
            light.sh[k] *= most / strength;
}

} // namespace

struct LightEstimator::Impl {
    std::vector<ShadingSample> samples;
    glm::dvec3 plateSum{0.0};
    int plates = 0;
    double personLuminance = 0;
    double personWeight = 0;
};

LightEstimator::LightEstimator()
    : m_impl(std::make_unique<Impl>()) {}
LightEstimator::~LightEstimator() = default;

void LightEstimator::add(const Frame& frame) {
    const ImageU8* scene = frame.plate ? frame.plate : frame.rgb;
    if (scene && scene->channels() == 3 && !scene->empty()) {
        m_impl->plateSum += glm::dvec3(meanColor(*scene));
        ++m_impl->plates;
    }
    if (!frame.rgb || !frame.alpha || !frame.normals || !frame.parts)
        return;
    const Size size = frame.rgb->size();
    if (frame.alpha->size() != size || frame.normals->size() != size || frame.parts->size() != size)
        return;
    const int step = std::max(1, size.height / 240);
    for (int y = 0; y < size.height; y += step) {
        for (int x = 0; x < size.width; x += step) {
            const int part = *frame.parts->pixel(x, y);
            if (part >= kBodyJoints || *frame.alpha->pixel(x, y) < 250)
                continue;
            const std::uint8_t* rgb = frame.rgb->pixel(x, y);
            if (std::max({rgb[0], rgb[1], rgb[2]}) >= 250) // burnt out: says nothing
                continue;
            const float* n = frame.normals->pixel(x, y);
            const glm::vec3 color = linearOf(rgb);
            // Surfaces seen edge-on have unreliable normals.
            const float weight = std::clamp(-n[2] * 2.f, 0.05f, 1.f);
            m_impl->personLuminance += double(weight) * luminance(color);
            m_impl->personWeight += weight;
            if (m_impl->samples.size() < kMostSamples)
                m_impl->samples.push_back({{n[0], n[1], n[2]}, unfilmic(color), weight, part});
        }
    }
}

SceneLight LightEstimator::estimate() const {
    SceneLight light = m_impl->samples.size() >= 500
                           ? lightFromShading(m_impl->samples, kBodyJoints)
                           : SceneLight::studio();
    calmHue(light);
    limitContrast(light, 0.45f);
    double exposureLog = m_impl->plates > 0 || m_impl->personWeight > 0 ? kLit : 0.0;
    if (m_impl->plates > 0) {
        const glm::vec3 mean(m_impl->plateSum / double(m_impl->plates));
        const float y = std::max(luminance(mean), 1e-3f);
        // A scene's mean is a weak witness of its light's colour: go a third of the way.
        light.balance = glm::clamp(glm::pow(glm::max(mean / y, glm::vec3(0.05f)), glm::vec3(0.33f)),
                                   glm::vec3(0.82f), glm::vec3(1.22f));
        light.balance /= luminance(light.balance);
        exposureLog += kOfScene * std::min(0.0, std::log(y / kDimScene));
    }
    if (m_impl->personWeight > 0) {
        const double y = std::max(m_impl->personLuminance / m_impl->personWeight, 1e-3);
        exposureLog += kOfPerson * std::log(y / kUsualPerson);
    }
    light.exposure = std::clamp(float(std::exp(exposureLog)), 0.5f, 1.4f);
    return light;
}

} // namespace strata
