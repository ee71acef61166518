// SPDX-License-Identifier: Apache-2.0
#include "engine/synth/human_layer.h"

#include <algorithm>
#include <limits>

namespace strata {
namespace {

ImageF spread(const ImageF& part, RectI region, Size frame, int channels, float fill) {
    ImageF out(frame.width, frame.height, channels, fill);
    if (part.empty())
        return out;
    for (int y = region.y0; y < region.y1; ++y) {
        const float* from = part.row(y - region.y0);
        std::copy(from, from + std::size_t(region.width()) * channels, out.pixel(region.x0, y));
    }
    return out;
}

} // namespace

ImageF toFrame(const HumanLayer& layer) {
    return spread(layer.rgba, layer.region, layer.frame, 4, 0.f);
}

ImageF depthToFrame(const HumanLayer& layer) {
    return spread(layer.depth, layer.region, layer.frame, 1,
                  std::numeric_limits<float>::infinity());
}

} // namespace strata
