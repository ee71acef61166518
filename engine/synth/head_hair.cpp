// SPDX-License-Identifier: Apache-2.0
#include "engine/synth/head_hair.h"

#include "engine/synth/color_tables.h"

#include <algorithm>
#include <cmath>

namespace strata {
namespace {

constexpr std::size_t kFewest = 8;    // places that tell a colour
constexpr std::size_t kHairShare = 4; // one in so many of them: there is hair
constexpr float kRimDepth = 0.05f;    // of the head's height

/// The mean of the middle fifth by brightness: a single colour may be a highlight.
glm::vec3 middleColor(std::vector<glm::vec3>& colors) {
    std::sort(colors.begin(), colors.end(),
              [](const auto& a, const auto& b) { return luminance(a) < luminance(b); });
    const std::size_t first = colors.size() * 2 / 5;
    const std::size_t last = std::max(first + 1, colors.size() * 3 / 5);
    glm::vec3 sum(0.f);
    for (std::size_t i = first; i < last; ++i)
        sum += colors[i];
    return sum / float(last - first);
}

/// Clearly lighter, darker or of another hue than skin.
bool unlikeSkin(const glm::vec3& color, const std::optional<glm::vec3>& skin) {
    if (!skin)
        return true;
    const float lightness = luminance(color) / std::max(luminance(*skin), 1e-3f);
    return lightness < 0.6f || lightness > 1.7f || !likeColor(color, *skin, 0.05f);
}

/// Colours along the upper rim of the head: all that short hair shows of itself from the front.
/// They are the picture's own, since what is carried outwards to a rim comes from the face.
void addRim(const BodyModel& model, const SubjectView& view, const PosedSurface& surface,
            const Evidence& evidence, std::vector<glm::vec3>& colors) {
    glm::vec2 low(1e9f), high(-1e9f); // of the head, in pixels
    for (std::size_t v = 0; v < surface.vertices.size(); ++v)
        if (regionOfJoint(model.bones[v][0]) == BodyRegion::Head) {
            const glm::vec2 pixel = evidence.pixelOf(surface.vertices[v]);
            low = glm::min(low, pixel);
            high = glm::max(high, pixel);
        }
    const glm::vec2 extent = high - low;
    const int band = std::max(1, int(std::lround(kRimDepth * extent.y)));
    const int first = std::max(0, int(low.y - 0.3f * extent.y));
    const int last = std::min(view.size().height, int(low.y + 0.3f * extent.y));
    const int left = std::max(0, int(low.x + 0.2f * extent.x));
    const int right = std::min(view.size().width, int(high.x - 0.2f * extent.x) + 1);
    for (int x = left; x < right; ++x)
        for (int y = first, taken = 0; y < last && taken < band; ++y)
            if (*view.alpha.pixel(x, y) > 0.95f) {
                colors.push_back(linearOf(view.rgb.pixel(x, y)));
                ++taken;
            }
}

} // namespace

HeadHair::HeadHair(const BodyModel& model, const HeadMap& head, const SubjectView& view,
                   const ImageF& albedo, const PosedSurface& surface, const Evidence& evidence)
    : m_model(model)
    , m_head(head) {
    std::vector<glm::vec3> colors;
    for (std::size_t v = 0; v < head.scalp.size(); ++v)
        if (head.scalp[v] > 0.9f && evidence.seen(v) > 0.5f)
            colors.push_back(sampleColor(albedo, evidence.pixelOf(surface.vertices[v])));
    addRim(model, view, surface, evidence, colors);
    m_known = colors.size() >= kFewest;
    if (!m_known)
        return;
    std::vector<glm::vec3> hair;
    std::ranges::copy_if(colors, std::back_inserter(hair), [&](const glm::vec3& color) {
        return unlikeSkin(color, evidence.skin());
    });
    m_mean = middleColor(hair.size() * kHairShare >= colors.size() ? hair : colors);
    m_bottom = head.joint.y;
    measureLength(view, albedo, surface, evidence);
}

/// Looks down both sides of neck and chest for the colour of the hair.
void HeadHair::measureLength(const SubjectView& view, const ImageF& albedo,
                             const PosedSurface& surface, const Evidence& evidence) {
    constexpr int kBands = 16;
    constexpr float kBand = 0.025f; // metres
    std::array<int, kBands> hair{}, all{};
    for (std::size_t v = 0; v < m_model.vTemplate.size(); ++v) {
        const glm::vec3& p = m_model.vTemplate[v];
        const int band = int(std::floor((m_head.joint.y - p.y) / kBand));
        const BodyRegion region = regionOfJoint(m_model.bones[v][0]);
        if (band < 0 || band >= kBands || std::abs(p.x) < 0.04f || std::abs(p.x) > 0.17f ||
            (region != BodyRegion::Torso && region != BodyRegion::Head) || evidence.seen(v) < 0.5f)
            continue;
        const glm::vec2 pixel = evidence.pixelOf(surface.vertices[v]);
        if (sampleAt(view.alpha, pixel) < 0.9f)
            continue;
        ++all[std::size_t(band)];
        hair[std::size_t(band)] += likeColor(sampleColor(albedo, pixel), m_mean, 0.05f) &&
                                   !evidence.likeSkin(sampleColor(albedo, pixel));
    }
    for (std::size_t band = 0; band < kBands; ++band) {
        if (all[band] >= 3 && float(hair[band]) < 0.2f * float(all[band]))
            break;
        if (hair[band] >= 2)
            m_bottom = m_head.joint.y - kBand * float(band + 1);
    }
}

float HeadHair::share(const glm::vec3& rest) const {
    if (!m_known)
        return 0.f;
    if (rest.y > m_head.joint.y)
        return scalpAt(m_head, rest);
    // Hanging hair covers the back from the nape down, as wide as the head and a little more.
    const float width = 1.f - smoothStep(0.08f, 0.13f, std::abs(rest.x));
    const float behind = 1.f - smoothStep(-0.03f, 0.0f, rest.z - m_head.joint.z);
    const float edge = 0.02f + 0.012f * std::sin(190.f * rest.x) * std::sin(77.f * rest.x + 1.f);
    return width * behind * smoothStep(m_bottom - edge, m_bottom + edge, rest.y);
}

glm::vec3 HeadHair::color(const glm::vec3& rest) const {
    // Strands: darker and lighter bands that run from the crown down, irregular but the same every
    // time.
    const glm::vec3 d = rest - m_head.joint;
    const float around = d.y > 0.f ? std::atan2(d.x, -d.z) : d.x * 9.f;
    const float band = std::sin(around * 31.f + 2.1f * std::sin(around * 7.f + 9.f * d.y)) +
                       0.6f * std::sin(around * 67.f + 1.3f * std::sin(17.f * d.y + around * 5.f));
    return m_mean * (1.f + 0.09f * band);
}

} // namespace strata
