// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/media/video_reader.h"
#include "engine/pipeline/job_requests.h"

#include <memory>
#include <string>
#include <vector>

namespace strata {

/// The chosen frames of an opened video, numbered from 0, and a digest of what they depend on.
class Clip : public ColorSource {
public:
    static Result<std::unique_ptr<Clip>> open(const ClipRequest& request);
    /// The frames `picked` of a video, shown at a constant `fps`; for templates, whose rate is
    /// resampled.
    static Result<std::unique_ptr<Clip>> openPicked(const std::filesystem::path& video,
                                                    std::vector<std::int64_t> picked, Rational fps);

    std::int64_t frameCount() const override {
        return m_picked.empty() ? m_range.size() : std::int64_t(m_picked.size());
    }
    Size frameSize() const override { return m_reader->frameSize(); }
    Result<Frame> frame(std::int64_t index) override { return m_reader->frame(sourceIndex(index)); }
    Result<VideoReader::Frame16> frame16(std::int64_t index) {
        return m_reader->frame16(sourceIndex(index));
    }

    /// Of the chosen frames: rate and variability as they are shown.
    const VideoInfo& info() const { return m_info; }
    /// Seconds from the first chosen frame to `index`, which may be frameCount().
    double seconds(std::int64_t index) const;
    /// Exact frame times, when the rate varies.
    std::optional<FrameTiming> timing() const;
    /// Start and end on the clock of the file, for its sound; nothing for picked frames, which have
    /// none.
    std::optional<std::pair<Rational, Rational>> soundSpan() const;

    const std::filesystem::path& path() const { return m_reader->path(); }
    /// Number of the first chosen frame in the file.
    std::int64_t firstSourceFrame() const { return sourceIndex(0); }
    /// Changes when the content of the file or the choice of frames changes.
    const std::string& digest() const { return m_digest; }

private:
    std::int64_t sourceIndex(std::int64_t index) const {
        return m_picked.empty() ? m_range.begin + index : m_picked[std::size_t(index)];
    }

    std::unique_ptr<VideoReader> m_reader;
    VideoInfo m_info;
    FrameRange m_range;
    std::vector<std::int64_t> m_picked;
    std::string m_digest;
};

/// SHA-256 of a file's content; of files over 64 MB the size and evenly spread samples of it. For a
/// folder: of the names, sizes and times of its files.
Result<std::string> contentDigest(const std::filesystem::path& path);

} // namespace strata
