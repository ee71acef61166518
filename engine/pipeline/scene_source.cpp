// SPDX-License-Identifier: Apache-2.0
#include "engine/pipeline/scene_source.h"

#include "engine/media/resize.h"
#include "engine/pipeline/clip.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace strata {

Result<std::unique_ptr<SceneSource>> SceneSource::open(const std::filesystem::path& path,
                                                       Size frame, std::vector<double> seconds) {
    auto scene = std::make_unique<SceneSource>();
    STRATA_ASSIGN(scene->m_reader, VideoReader::open(path));
    STRATA_ASSIGN(scene->m_digest, contentDigest(path));
    scene->m_size = frame;
    scene->m_seconds = std::move(seconds);
    return scene;
}

Result<ColorSource::Frame> SceneSource::frame(std::int64_t index) {
    const std::int64_t count = m_reader->frameCount();
    std::int64_t wanted = 0;
    if (count > 1) {
        const double length = m_reader->frameTime(count).value();
        const double turn = std::fmod(m_seconds[std::size_t(index)], 2 * length);
        wanted = m_reader->frameAt(turn < length ? turn : 2 * length - turn);
    }
    if (wanted != m_lastIndex) {
        STRATA_ASSIGN(const Frame source, m_reader->frame(wanted));
        m_last = std::make_shared<ImageU8>(coverCrop(*source, m_size));
        m_lastIndex = wanted;
    }
    return m_last;
}

ImageU8 coverCrop(const ImageU8& image, Size size) {
    if (image.size() == size)
        return image;
    const double scale =
        std::max(double(size.width) / image.width(), double(size.height) / image.height());
    const Size scaled{std::max(size.width, int(std::lround(image.width() * scale))),
                      std::max(size.height, int(std::lround(image.height() * scale)))};
    const ImageU8 large =
        resizeImage(image, scaled, scale < 1 ? ResizeFilter::Area : ResizeFilter::Bicubic);
    const int x0 = (scaled.width - size.width) / 2, y0 = (scaled.height - size.height) / 2;
    ImageU8 out(size.width, size.height, image.channels());
    for (int y = 0; y < size.height; ++y)
        std::memcpy(out.row(y), large.pixel(x0, y0 + y),
                    std::size_t(size.width) * image.channels());
    return out;
}

} // namespace strata
