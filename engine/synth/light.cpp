// SPDX-License-Identifier: Apache-2.0
#include "engine/synth/light.h"

#include "engine/synth/color_tables.h"

#include <algorithm>
#include <cmath>

namespace strata {
namespace {

using Matrix9 = std::array<std::array<double, 9>, 9>;
using Vector9 = std::array<double, 9>;

/// Cholesky solution of a symmetric positive definite system.
Vector9 solve(Matrix9 a, Vector9 b) {
    for (std::size_t i = 0; i < 9; ++i) {
        for (std::size_t j = 0; j <= i; ++j) {
            double sum = a[i][j];
            for (std::size_t k = 0; k < j; ++k)
                sum -= a[i][k] * a[j][k];
            a[i][j] = i == j ? std::sqrt(std::max(sum, 1e-12)) : sum / a[j][j];
        }
    }
    for (std::size_t i = 0; i < 9; ++i) {
        for (std::size_t k = 0; k < i; ++k)
            b[i] -= a[i][k] * b[k];
        b[i] /= a[i][i];
    }
    for (std::size_t i = 9; i-- > 0;) {
        for (std::size_t k = i + 1; k < 9; ++k)
            b[i] -= a[k][i] * b[k];
        b[i] /= a[i][i];
    }
    return b;
}

struct ChannelSample {
    std::array<float, 9> basis;
    float value;
    float weight;
    int group;
};

float evaluate(const Vector9& sh, const std::array<float, 9>& basis) {
    double sum = 0;
    for (std::size_t k = 0; k < 9; ++k)
        sum += sh[k] * double(basis[k]);
    return float(std::max(sum, 0.05));
}

/// What falls on a card before the camera: the mean of a few ways to hold it. Unlike the mean of
/// what is seen of a person it does not depend on the pose.
double towardsCamera(const Vector9& sh) {
    constexpr std::array<glm::vec3, 5> kWays{
        {{0, 0, -1}, {0.6f, 0, -0.8f}, {-0.6f, 0, -0.8f}, {0, 0.6f, -0.8f}, {0, -0.6f, -0.8f}}};
    double sum = 0;
    for (const auto& way : kWays)
        sum += double(evaluate(sh, sphericalHarmonics(way)));
    return sum / double(kWays.size());
}

std::vector<float> groupAlbedos(const std::vector<ChannelSample>& samples, const Vector9& sh,
                                const std::vector<float>& robust, int groups) {
    std::vector<double> sum(std::size_t(groups), 0.0), weight(std::size_t(groups), 1e-9);
    for (std::size_t i = 0; i < samples.size(); ++i) {
        const auto& s = samples[i];
        const float w = s.weight * robust[i];
        const float shade = evaluate(sh, s.basis);
        sum[std::size_t(s.group)] += double(w) * s.value * shade;
        weight[std::size_t(s.group)] += double(w) * shade * shade;
    }
    std::vector<float> albedo(std::size_t(groups), 0.f);
    for (std::size_t g = 0; g < albedo.size(); ++g)
        albedo[g] = float(std::max(sum[g] / weight[g], 1e-4));
    return albedo;
}

/// Shading of one channel: alternates between the groups' albedos and the light, with Cauchy
/// weights on relative errors.
Vector9 fitChannel(const std::vector<ChannelSample>& samples, int groups) {
    Vector9 sh{};
    sh[0] = 1.0 / 0.282095;
    std::vector<float> robust(samples.size(), 1.f);
    for (int iteration = 0; iteration < 12; ++iteration) {
        const auto albedo = groupAlbedos(samples, sh, robust, groups);
        Matrix9 a{};
        Vector9 b{};
        double total = 0;
        for (std::size_t i = 0; i < samples.size(); ++i) {
            const auto& s = samples[i];
            const double w = double(s.weight) * robust[i];
            const double value = s.value / albedo[std::size_t(s.group)];
            total += w;
            for (std::size_t r = 0; r < 9; ++r) {
                b[r] += w * s.basis[r] * value;
                for (std::size_t c = 0; c <= r; ++c)
                    a[r][c] += w * s.basis[r] * s.basis[c];
            }
        }
        // Pulls towards constant light what the normals in view cannot tell.
        for (std::size_t r = 1; r < 9; ++r)
            a[r][r] += total * (r < 4 ? 1e-3 : 3e-3);
        a[0][0] += 1e-9;
        sh = solve(a, b);
        for (std::size_t i = 0; i < samples.size(); ++i) {
            const auto& s = samples[i];
            const float model = albedo[std::size_t(s.group)] * evaluate(sh, s.basis);
            const float error = (s.value - model) / (0.25f * model + 1e-4f);
            robust[i] = 1.f / (1.f + error * error);
        }
    }
    return sh;
}

} // namespace

std::array<float, 9> sphericalHarmonics(const glm::vec3& d) {
    return {0.282095f,
            0.488603f * d.y,
            0.488603f * d.z,
            0.488603f * d.x,
            1.092548f * d.x * d.y,
            1.092548f * d.y * d.z,
            0.315392f * (3.f * d.z * d.z - 1.f),
            1.092548f * d.x * d.z,
            0.546274f * (d.x * d.x - d.y * d.y)};
}

glm::vec3 SceneLight::shade(const glm::vec3& normal) const {
    const auto basis = sphericalHarmonics(normal);
    glm::vec3 sum(0.f);
    for (std::size_t k = 0; k < 9; ++k)
        sum += sh[k] * basis[k];
    return glm::clamp(sum, glm::vec3(0.12f), glm::vec3(2.5f)) * balance * exposure;
}

glm::vec3 SceneLight::mainDirection() const {
    const glm::vec3 d(luminance(sh[3]), luminance(sh[1]), luminance(sh[2]));
    const float length = glm::length(d);
    return length > 0.02f ? d / length : glm::vec3(0.f, -1.f, 0.f);
}

SceneLight SceneLight::flat() {
    SceneLight light;
    light.sh[0] = glm::vec3(1.f / 0.282095f);
    return light;
}

SceneLight SceneLight::studio() {
    SceneLight light = flat();
    light.sh[0] *= 0.88f;
    light.sh[1] = glm::vec3(-0.26f); // from above
    light.sh[2] = glm::vec3(-0.30f); // from the camera's side
    light.sh[3] = glm::vec3(-0.06f);
    return light;
}

SceneLight lightFromShading(std::span<const ShadingSample> samples, int groups) {
    if (samples.size() < 50 || groups < 1)
        return SceneLight::flat();
    SceneLight light;
    std::vector<ChannelSample> channel(samples.size());
    for (int c = 0; c < 3; ++c) {
        for (std::size_t i = 0; i < samples.size(); ++i)
            channel[i] = {sphericalHarmonics(samples[i].normal), std::max(samples[i].color[c], 0.f),
                          samples[i].weight, std::clamp(samples[i].group, 0, groups - 1)};
        const Vector9 sh = fitChannel(channel, groups);
        const double scale = 1.0 / std::max(towardsCamera(sh), 0.1);
        for (std::size_t k = 0; k < 9; ++k)
            light.sh[k][c] = float(sh[k] * scale);
    }
    return light;
}

} // namespace strata
