// SPDX-License-Identifier: Apache-2.0
#include "engine/media/gray_reader.h"

#include "engine/media/read_ahead.h"

namespace strata {

template <typename T>
struct GrayReader<T>::Impl {
    media::ReadAhead frames;
};

template <typename T>
GrayReader<T>::GrayReader(std::unique_ptr<Impl> impl)
    : m_impl(std::move(impl)) {}

template <typename T>
GrayReader<T>::~GrayReader() = default;

template <typename T>
Result<std::unique_ptr<GrayReader<T>>> GrayReader<T>::open(const std::filesystem::path& path,
                                                           VideoReaderOptions options) {
    STRATA_ASSIGN(auto loader, media::openLoader(path, options));
    std::unique_ptr<Impl> impl(
        new Impl{media::ReadAhead(std::move(loader), options.readAhead, options.cachedFrames)});
    return std::unique_ptr<GrayReader>(new GrayReader(std::move(impl)));
}

template <typename T>
const VideoInfo& GrayReader<T>::info() const {
    return m_impl->frames.loader().info();
}

template <typename T>
std::int64_t GrayReader<T>::frameCount() const {
    return info().frameCount;
}

template <typename T>
Size GrayReader<T>::frameSize() const {
    return info().size;
}

template <typename T>
Result<typename GrayReader<T>::Frame> GrayReader<T>::frame(std::int64_t index) {
    if constexpr (sizeof(T) == 1) {
        STRATA_ASSIGN(auto loaded, m_impl->frames.get(index, media::PixelForm::Gray8));
        return std::move(loaded.u8);
    } else {
        STRATA_ASSIGN(auto loaded, m_impl->frames.get(index, media::PixelForm::Gray16));
        return std::move(loaded.u16);
    }
}

template class GrayReader<std::uint8_t>;
template class GrayReader<std::uint16_t>;

} // namespace strata
