// SPDX-License-Identifier: Apache-2.0
#include "engine/media/video_reader.h"

#include "engine/media/read_ahead.h"

#include <algorithm>

namespace strata {

struct VideoReader::Impl {
    std::filesystem::path path;
    media::ReadAhead frames;
};

VideoReader::VideoReader(std::unique_ptr<Impl> impl)
    : m_impl(std::move(impl)) {}

VideoReader::~VideoReader() = default;

Result<std::unique_ptr<VideoReader>> VideoReader::open(const std::filesystem::path& path,
                                                       VideoReaderOptions options) {
    STRATA_ASSIGN(auto loader, media::openLoader(path, options));
    std::unique_ptr<Impl> impl(new Impl{
        path, media::ReadAhead(std::move(loader), options.readAhead, options.cachedFrames)});
    return std::unique_ptr<VideoReader>(new VideoReader(std::move(impl)));
}

const VideoInfo& VideoReader::info() const { return m_impl->frames.loader().info(); }

const std::filesystem::path& VideoReader::path() const { return m_impl->path; }

std::int64_t VideoReader::frameCount() const { return info().frameCount; }

Size VideoReader::frameSize() const { return info().size; }

Result<VideoReader::Frame> VideoReader::frame(std::int64_t index) {
    STRATA_ASSIGN(auto loaded, m_impl->frames.get(index, media::PixelForm::Rgb8));
    return std::move(loaded.u8);
}

Result<VideoReader::Frame16> VideoReader::frame16(std::int64_t index) {
    STRATA_ASSIGN(auto loaded, m_impl->frames.get(index, media::PixelForm::Rgb16));
    return std::move(loaded.u16);
}

Result<VideoReader::Frame> VideoReader::frameRgba(std::int64_t index) {
    STRATA_ASSIGN(auto loaded, m_impl->frames.get(index, media::PixelForm::Rgba8));
    return std::move(loaded.u8);
}

Rational VideoReader::frameTime(std::int64_t index) const {
    const FrameTiming& times = timing();
    const std::int64_t ticks = index >= info().frameCount
                                   ? times.end
                                   : times.pts[std::size_t(std::max<std::int64_t>(0, index))];
    return {ticks * times.timeBase.num, times.timeBase.den};
}

std::int64_t VideoReader::frameAt(double seconds) const {
    const FrameTiming& times = timing();
    const double ticks = seconds / times.timeBase.value();
    const auto after = std::upper_bound(times.pts.begin(), times.pts.end(), ticks + 1e-6,
                                        [](double t, std::int64_t pts) { return t < double(pts); });
    return std::clamp<std::int64_t>(after - times.pts.begin() - 1, 0, info().frameCount - 1);
}

const FrameTiming& VideoReader::timing() const { return m_impl->frames.loader().timing(); }

std::int64_t VideoReader::damagedFrames() const { return m_impl->frames.loader().damagedFrames(); }

} // namespace strata
