// SPDX-License-Identifier: Apache-2.0
#include "engine/synth/diffusion/context_windows.h"

#include <algorithm>
#include <numeric>

namespace strata {
namespace {

ContextWindow consecutive(int first, int count) {
    ContextWindow window;
    window.frames.resize(std::size_t(count));
    std::iota(window.frames.begin(), window.frames.end(), first);
    window.weights.assign(std::size_t(count), 1.f);
    return window;
}

std::vector<ContextWindow> closedLoop(int frames, int size, int stride) {
    std::vector<ContextWindow> out;
    for (int first = 0; first < frames; first += stride) {
        out.push_back(consecutive(first, size));
        for (int& frame : out.back().frames)
            frame %= frames;
    }
    return out;
}

/// A walk over `places` places that visits all of them before one comes again; neighbouring steps
/// are far apart.
int walk(int step, int places) {
    int hop = std::max(1, int(places * 0.618));
    while (std::gcd(hop, places) != 1)
        ++hop;
    return int((long(step) * hop) % places);
}

/// Start of the second window at a step. Places that need no additional window are preferred as
/// long as there are enough of them.
int secondStart(int step, int lastStart, int stride) {
    const int rest = (lastStart - 1) % stride + 1; // below it, one window more is needed
    const int free = stride - rest + 1;
    const int lowest = free * 4 >= stride ? rest : 1;
    return lowest + walk(step, stride - lowest + 1);
}

/// The first frame where window `later` takes over from the one before it. Seen over the steps, all
/// seams but that of two lone windows move with the second window's start.
int seam(const std::vector<int>& starts, std::size_t later, int stride, int step) {
    const int slack = starts[later - 1] + stride - starts[later];
    if (starts.size() == 2)
        return starts[later] + walk(step, slack + 1);
    return later + 1 == starts.size() ? starts[later - 1] + stride : starts[later];
}

std::vector<ContextWindow> open(int frames, int size, int overlap, int step) {
    const int stride = size - overlap, lastStart = frames - size;
    std::vector<int> starts{0};
    for (int at = secondStart(step, lastStart, stride); at < lastStart; at += stride)
        starts.push_back(at);
    starts.push_back(lastStart);

    std::vector<ContextWindow> out;
    for (const int start : starts)
        out.push_back(consecutive(start, size));
    for (std::size_t later = 1; later < out.size(); ++later) {
        const int first = seam(starts, later, stride, step);
        const auto share = [&](int frame) { // of the later window
            return std::clamp(float(frame - first + 1) / float(overlap + 1), 0.f, 1.f);
        };
        for (int i = 0; i < size; ++i) {
            out[later - 1].weights[std::size_t(i)] *= 1.f - share(starts[later - 1] + i);
            out[later].weights[std::size_t(i)] *= share(starts[later] + i);
        }
    }
    return out;
}

} // namespace

std::vector<ContextWindow> contextWindows(int frames, int step, const WindowConfig& config) {
    const int size = std::max(1, config.size);
    if (frames <= size)
        return {consecutive(0, std::max(0, frames))};
    const int overlap = std::clamp(config.overlap, 0, size - 1);
    if (config.schedule == WindowSchedule::Release)
        return closedLoop(frames, size, size - overlap);
    return open(frames, size, overlap, std::max(0, step));
}

} // namespace strata
