// SPDX-License-Identifier: Apache-2.0
#include "engine/synth/delight.h"

#include "engine/core/parallel.h"
#include "engine/synth/color_tables.h"
#include "engine/synth/matte_tools.h"

#include <algorithm>
#include <cmath>

namespace strata {
namespace {

/// Clothes change along the body: each joint's part counts as one colour, and outliers within it
/// lose their say.
std::vector<ShadingSample> shadingSamples(const BodyModel& model, const SubjectView& view,
                                          const PosedSurface& surface, const ImageF& normals) {
    std::vector<ShadingSample> samples;
    const int step = std::max(1, int(view.heightPx / 250.f));
    const RasterBuffers& r = surface.raster;
    for (int y = 0; y < r.height; y += step) {
        for (int x = 0; x < r.width; x += step) {
            const std::int32_t face =
                r.face[std::size_t(y) * std::size_t(r.width) + std::size_t(x)];
            if (face < 0 || *view.alpha.pixel(x, y) < 0.98f)
                continue;
            const float* n = normals.pixel(x, y);
            const float weight = std::clamp(-2.f * n[2], 0.f, 1.f);
            const float* c = view.colors.pixel(x, y);
            const int part = model.bones[model.faces[std::size_t(face)].x][0];
            const float radiance = unfilmic(luminance({c[0], c[1], c[2]}));
            samples.push_back({{n[0], n[1], n[2]}, glm::vec3(radiance), weight, part});
        }
    }
    return samples;
}

} // namespace

Delighted removeLight(const BodyModel& model, const SubjectView& view, const PosedSurface& surface,
                      float strength) {
    const ImageF normals = interpolate(surface.raster, flatFaces(model),
                                       {&surface.normals[0].x, surface.normals.size() * 3}, 3);
    const SceneLight light =
        lightFromShading(shadingSamples(model, view, surface, normals), kBodyJoints);
    const Size size = view.size();
    ImageF shading(size.width, size.height, 3, 1.f), known(size.width, size.height, 1);
    for (std::size_t i = 0; i < known.count(); ++i) {
        if (surface.raster.face[i] < 0)
            continue;
        const float* n = normals.data() + 3 * i;
        const float s = luminance(light.shade(glm::normalize(glm::vec3(n[0], n[1], n[2]))));
        // What is darker than this is a cast shadow or a fold, not the light's slope.
        const float bounded = std::pow(std::clamp(s, 0.6f, 1.45f), strength);
        std::fill_n(shading.data() + 3 * i, 3, bounded);
        known.data()[i] = 1.f;
    }
    fillUnknown(shading, known);
    Delighted out{view.colors, light.sh};
    for (std::size_t i = 0; i < out.albedo.count(); ++i)
        out.albedo.data()[i] =
            std::min(filmic(unfilmic(out.albedo.data()[i]) / shading.data()[i]), 0.95f);
    return out;
}

} // namespace strata
