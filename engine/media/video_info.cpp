// SPDX-License-Identifier: Apache-2.0
#include "engine/media/video_info.h"

namespace strata {

FrameTiming FrameTiming::cut(FrameRange range) const {
    range = range.intersected({0, std::int64_t(pts.size())});
    FrameTiming out{timeBase, {}, 0};
    if (range.empty())
        return out;
    out.pts.assign(pts.begin() + range.begin, pts.begin() + range.end);
    const std::int64_t origin = out.pts.front();
    for (auto& time : out.pts)
        time -= origin;
    out.end = (range.end < std::int64_t(pts.size()) ? pts[std::size_t(range.end)] : end) - origin;
    return out;
}

} // namespace strata
