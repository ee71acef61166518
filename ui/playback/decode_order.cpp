// SPDX-License-Identifier: Apache-2.0
#include "ui/playback/decode_order.h"

#include <algorithm>

namespace strata::ui {
namespace {

constexpr int kAheadOfStill = 2; // so that stepping forwards is immediate

std::vector<std::int64_t> backwards(const FrameRequest& request, FrameRange range, int ahead) {
    const std::int64_t stride = -std::int64_t(request.step);
    const int block = std::max(1, ahead / 2); // frames of a block that are shown
    const std::int64_t span = block * stride;
    std::vector<std::int64_t> order;
    // Blocks have fixed places counted from the end of the range, so that each is decoded once.
    std::int64_t end = range.end - (range.end - 1 - request.frame) / span * span;
    for (int k = 0; k < 2 && end > range.begin; ++k, end -= span) {
        const std::int64_t top = k == 0 ? request.frame : end - 1;
        std::int64_t frame = request.frame;
        while (frame - stride >= std::max(range.begin, end - span))
            frame -= stride;
        for (; frame <= top; frame += stride)
            if (frame >= range.begin)
                order.push_back(frame);
    }
    return order;
}

} // namespace

std::vector<std::int64_t> decodeOrder(const FrameRequest& request, std::int64_t frameCount,
                                      int ahead) {
    const FrameRange whole{0, frameCount};
    FrameRange range = request.ahead.intersected(whole);
    if (range.empty() || !range.contains(request.frame))
        range = whole;
    if (request.step < 0 && ahead > 1)
        return backwards(request, range, ahead);
    const std::int64_t stride = std::max(1, std::abs(request.step));
    const int count = request.step == 0 ? std::min(ahead, kAheadOfStill) : ahead;
    std::vector<std::int64_t> order{request.frame};
    for (std::int64_t i = 1; i <= count; ++i)
        if (const auto frame = request.frame + (request.step < 0 ? -i : i) * stride;
            range.contains(frame))
            order.push_back(frame);
    return order;
}

} // namespace strata::ui
