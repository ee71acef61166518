// SPDX-License-Identifier: Apache-2.0
// Internal to engine/media.
#pragma once

#include "engine/media/packet_index.h"
#include "engine/media/video_info.h"

namespace strata::media {

/// Fills in count, rate, variability, duration and start of `info`, and the times of all frames. A
/// rate counts as constant when every time is within one tick of it, since containers round times
/// to their ticks; times are then given at the exact rate.
void analyseTiming(const PacketIndex& index, const AVStream& stream, VideoInfo& info,
                   FrameTiming& timing);

} // namespace strata::media
