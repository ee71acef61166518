// SPDX-License-Identifier: Apache-2.0
#include "engine/pipeline/source_person.h"

#include "engine/core/parallel.h"

#include <algorithm>
#include <array>

namespace strata {
namespace {

RectI boundsOf(const ImageU8& alpha) {
    RectI box{alpha.width(), alpha.height(), 0, 0};
    for (int y = 0; y < alpha.height(); ++y)
        for (int x = 0; x < alpha.width(); ++x)
            if (alpha.row(y)[x] > 0) {
                box.x0 = std::min(box.x0, x);
                box.x1 = std::max(box.x1, x + 1);
                box.y0 = std::min(box.y0, y);
                box.y1 = y + 1;
            }
    return box.empty() ? RectI{} : box;
}

} // namespace

HumanLayer sourcePerson(const ImageU8& rgb, const ImageU8& plate, const ImageU8& alpha,
                        Transfer transfer) {
    HumanLayer layer;
    layer.frame = rgb.size();
    layer.region = boundsOf(alpha);
    if (layer.region.empty())
        return layer;
    std::array<float, 256> linear;
    for (int i = 0; i < 256; ++i)
        linear[std::size_t(i)] = toLinear(float(i) / 255.f, transfer);

    const RectI box = layer.region;
    layer.rgba = ImageF(box.width(), box.height(), 4);
    layer.depth = ImageF(box.width(), box.height(), 1, 1.f);
    parallelFor(0, box.height(), 16, [&](std::int64_t begin, std::int64_t end) {
        for (int y = int(begin); y < int(end); ++y)
            for (int x = 0; x < box.width(); ++x) {
                const float a = float(alpha.at(box.x0 + x, box.y0 + y)) / 255.f;
                const auto* color = rgb.pixel(box.x0 + x, box.y0 + y);
                const auto* behind = plate.pixel(box.x0 + x, box.y0 + y);
                float* out = layer.rgba.pixel(x, y);
                for (int c = 0; c < 3; ++c) {
                    const float seen = linear[color[c]];
                    // Below a tenth the division amplifies noise more than it removes the old
                    // scene.
                    const float own = (seen - (1 - a) * linear[behind[c]]) / std::max(a, 0.1f);
                    out[c] = std::clamp(a >= 1 ? seen : own, 0.f, 1.f);
                }
                out[3] = a;
            }
    });
    return layer;
}

} // namespace strata
