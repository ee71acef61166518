// SPDX-License-Identifier: Apache-2.0
#include "engine/media/frame_loader.h"
#include "engine/media/pixel_converter.h"
#include "engine/media/stream_decoder.h"
#include "engine/media/timing_analysis.h"

extern "C" {
#include <libavutil/display.h>
}

#include <algorithm>
#include <cmath>
#include <optional>

namespace strata::media {
namespace {

const std::int32_t* displayMatrix(const AVStream& stream) {
#if LIBAVCODEC_VERSION_INT >= AV_VERSION_INT(60, 31, 102)
    const AVPacketSideData* data =
        av_packet_side_data_get(stream.codecpar->coded_side_data,
                                stream.codecpar->nb_coded_side_data, AV_PKT_DATA_DISPLAYMATRIX);
    return data && data->size >= 36 ? reinterpret_cast<const std::int32_t*>(data->data) : nullptr;
#else
    std::size_t size = 0;
    const std::uint8_t* data = av_stream_get_side_data(&stream, AV_PKT_DATA_DISPLAYMATRIX, &size);
    return data && size >= 36 ? reinterpret_cast<const std::int32_t*>(data) : nullptr;
#endif
}

void readOrientation(const AVStream& stream, VideoInfo& info) {
    const std::int32_t* matrix = displayMatrix(stream);
    if (!matrix)
        return;
    std::int32_t m[9];
    std::copy(matrix, matrix + 9, m);
    info.mirrored = double(m[0]) * m[4] - double(m[1]) * m[3] < 0;
    if (info.mirrored)
        av_display_matrix_flip(m, 1, 0);
    const double angle = av_display_rotation_get(m); // counterclockwise
    if (std::isfinite(angle))
        info.rotation = (int(std::lround(-angle / 90.0)) * 90 % 360 + 360) % 360;
}

} // namespace

class VideoLoader : public FrameLoader {
public:
    explicit VideoLoader(std::unique_ptr<StreamDecoder> decoder)
        : m_decoder(std::move(decoder)) {
        const AVStream& stream = m_decoder->stream();
        const AVCodecParameters& parameters = *stream.codecpar;
        const auto format = AVPixelFormat(parameters.format);
        readOrientation(stream, m_info);
        m_info.size = {parameters.width, parameters.height};
        if (m_info.rotation % 180)
            std::swap(m_info.size.width, m_info.size.height);
        m_info.color =
            resolvedColor(format, m_info.size, parameters.color_primaries, parameters.color_trc,
                          parameters.color_space, parameters.color_range);
        const auto* d = av_pix_fmt_desc_get(format);
        m_info.bitDepth = d ? d->comp[0].depth : 8;
        m_info.hasAlpha = d && (d->flags & (AV_PIX_FMT_FLAG_ALPHA | AV_PIX_FMT_FLAG_PAL));
        m_info.hasAudio = m_decoder->hasAudio();
        m_info.codec = avcodec_get_name(parameters.codec_id);
        m_info.isTruncated = m_decoder->index().isTruncated();
        if (parameters.sample_aspect_ratio.num > 0 && parameters.sample_aspect_ratio.den > 0)
            m_info.sampleAspect = toRational(parameters.sample_aspect_ratio);
        if (m_info.rotation % 180)
            m_info.sampleAspect = Rational(m_info.sampleAspect.den, m_info.sampleAspect.num);
        analyseTiming(m_decoder->index(), stream, m_info, m_timing);
        m_converter.emplace(Size{parameters.width, parameters.height}, m_info.color);
    }

    Result<LoadedFrame> load(std::int64_t frame, PixelForm form) override {
        STRATA_ASSIGN(const AVFrame* const decoded, m_decoder->decode(frame));
        STRATA_ASSIGN(LoadedFrame loaded, m_converter->convert(*decoded, form));
        if (m_info.rotation == 0 && !m_info.mirrored)
            return loaded;
        if (loaded.u8)
            loaded.u8 =
                std::make_shared<ImageU8>(oriented(*loaded.u8, m_info.rotation, m_info.mirrored));
        if (loaded.u16)
            loaded.u16 =
                std::make_shared<ImageU16>(oriented(*loaded.u16, m_info.rotation, m_info.mirrored));
        return loaded;
    }

    std::int64_t damagedFrames() const override { return m_decoder->damagedFrames(); }

private:
    std::unique_ptr<StreamDecoder> m_decoder;
    std::optional<PixelConverter> m_converter;
};

Result<std::unique_ptr<FrameLoader>> openVideoLoader(const std::filesystem::path& path,
                                                     const VideoReaderOptions& options) {
    STRATA_ASSIGN(auto decoder,
                  StreamDecoder::open(path, {options.decoderThreads, options.maxPixels}));
    return std::unique_ptr<FrameLoader>(std::make_unique<VideoLoader>(std::move(decoder)));
}

} // namespace strata::media
