// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/image.h"
#include "engine/core/result.h"

#include <cstdint>
#include <memory>

namespace strata {

/// Frames by number, all of one size. What a stage reads its inputs from, whether they come from a
/// video file, from the cache or from a test. A source may keep a few frames; it never keeps a
/// whole clip. One thread at a time.
template <typename T>
class FrameSource {
public:
    using Frame = std::shared_ptr<const Image<T>>;

    virtual ~FrameSource() = default;
    virtual std::int64_t frameCount() const = 0;
    virtual Size frameSize() const = 0;
    /// `index` in [0, frameCount()).
    virtual Result<Frame> frame(std::int64_t index) = 0;
};

/// Takes frames in rising order of `index`.
template <typename T>
class FrameSink {
public:
    virtual ~FrameSink() = default;
    virtual Status write(std::int64_t index, const Image<T>& frame) = 0;
};

using ColorSource = FrameSource<std::uint8_t>;      // RGB
using DeepColorSource = FrameSource<std::uint16_t>; // RGB, 65535 is full scale
using MaskSource = FrameSource<std::uint8_t>;       // one channel, 0..255
using DepthSource = FrameSource<std::uint16_t>;
using ColorSink = FrameSink<std::uint8_t>;
using DeepColorSink = FrameSink<std::uint16_t>;
using MaskSink = FrameSink<std::uint8_t>;
using DepthSink = FrameSink<std::uint16_t>;

} // namespace strata
