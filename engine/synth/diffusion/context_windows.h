// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

namespace strata {

enum class WindowSchedule {
    Open,    // ours: no frame meets the other end, soft overlaps, seams move from step to step
    Release, // the published one: the last window goes on at the start, all steps alike, flat
};

struct WindowConfig {
    int size = 24; // frames that the network sees at once
    int overlap = 4;
    WindowSchedule schedule = WindowSchedule::Open;
};

/// Frames that one network call sees, in order, and how much each counts in the mean over the
/// windows that contain it. A frame of weight 0 is there for its neighbours to see.
struct ContextWindow {
    std::vector<int> frames;
    std::vector<float> weights; // as many as frames; means divide by their sum
};

/// The windows over `frames` frames at denoising step `step`. Every frame counts in one at least.
/// `overlap` is taken as less than `size`.
std::vector<ContextWindow> contextWindows(int frames, int step, const WindowConfig& config = {});

} // namespace strata
