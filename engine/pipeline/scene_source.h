// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/media/video_reader.h"

#include <memory>
#include <vector>

namespace strata {

/// Another scene for a clip: a video or a picture, cut and scaled to cover the clip's frames, at
/// the clip's pace. A scene that is shorter than the clip runs backwards at its end and forwards
/// again, so that it never jumps.
class SceneSource : public ColorSource {
public:
    /// `seconds[i]` is when frame i of the clip is shown.
    static Result<std::unique_ptr<SceneSource>> open(const std::filesystem::path& path, Size frame,
                                                     std::vector<double> seconds);

    std::int64_t frameCount() const override { return std::int64_t(m_seconds.size()); }
    Size frameSize() const override { return m_size; }
    Result<Frame> frame(std::int64_t index) override;

    const std::string& digest() const { return m_digest; }

private:
    std::unique_ptr<VideoReader> m_reader;
    Size m_size;
    std::vector<double> m_seconds;
    std::string m_digest;
    std::int64_t m_lastIndex = -1;
    Frame m_last;
};

/// Scaled so that it covers `size`, the middle of what is too much kept.
ImageU8 coverCrop(const ImageU8& image, Size size);

} // namespace strata
