// SPDX-License-Identifier: Apache-2.0
#include "engine/media/frame_packer.h"

#include "engine/media/pixel_converter.h"

#include <cstring>

namespace strata::media {
namespace {

Error wrongKind(Size size, int channels) {
    return {ErrorCode::ShapeMismatch, "A picture of " + std::to_string(size.width) + "x" +
                                          std::to_string(size.height) + " with " +
                                          std::to_string(channels) +
                                          " channels does not fit the video being written."};
}

/// Lossless RGB is stored as B, G, R and alpha or padding.
void packBgra(const ImageU8& image, AVFrame& frame) {
    const int channels = image.channels();
    for (int y = 0; y < image.height(); ++y) {
        const std::uint8_t* in = image.row(y);
        std::uint8_t* out = frame.data[0] + std::ptrdiff_t(y) * frame.linesize[0];
        for (int x = 0; x < image.width(); ++x, in += channels, out += 4) {
            out[0] = in[2];
            out[1] = in[1];
            out[2] = in[0];
            out[3] = channels == 4 ? in[3] : 0;
        }
    }
}

template <typename T>
void packRows(const Image<T>& image, AVFrame& frame) {
    for (int y = 0; y < image.height(); ++y)
        std::memcpy(frame.data[0] + std::ptrdiff_t(y) * frame.linesize[0], image.row(y),
                    std::size_t(image.width()) * sizeof(T));
}

} // namespace

Result<FramePtr> FramePacker::fresh(Size size) const {
    if (size != m_size)
        return wrongKind(size, 0);
    FramePtr frame = newFrame();
    frame->format = m_format;
    frame->width = m_size.width;
    frame->height = m_size.height;
    if (av_frame_get_buffer(frame.get(), 0) < 0)
        return Error{ErrorCode::OutOfMemory, "There is not enough memory for a video frame."};
    frame->color_range = m_color.fullRange ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG;
    frame->colorspace = AVColorSpace(m_color.matrix);
    frame->color_primaries = AVColorPrimaries(m_color.primaries);
    frame->color_trc = AVColorTransferCharacteristic(m_color.transfer);
    return frame;
}

template <typename T>
Status FramePacker::toYuv(const Image<T>& rgb, AVFrame& frame) const {
    const auto layout = yuvLayout(m_format, m_size, AVCHROMA_LOC_LEFT);
    if (!layout)
        return wrongKind(m_size, rgb.channels());
    rgbToYuv(rgb, *layout, m_color,
             {{frame.data[0], frame.data[1], frame.data[2]},
              {frame.linesize[0], frame.linesize[1], frame.linesize[2]}});
    return ok();
}

Result<FramePtr> FramePacker::pack(const ImageU8& image) {
    STRATA_ASSIGN(FramePtr frame, fresh(image.size()));
    const int channels = image.channels();
    const bool store = m_format == AV_PIX_FMT_BGR0 || m_format == AV_PIX_FMT_BGRA ||
                       m_format == AV_PIX_FMT_GRAY8 || m_format == AV_PIX_FMT_GRAY16LE;
    if (m_format == AV_PIX_FMT_BGR0 && channels == 3)
        packBgra(image, *frame);
    else if (m_format == AV_PIX_FMT_BGRA && channels == 4)
        packBgra(image, *frame);
    else if (m_format == AV_PIX_FMT_GRAY8 && channels == 1)
        packRows(image, *frame);
    else if (!store && channels == 3)
        STRATA_TRY(toYuv(image, *frame));
    else if (!store && channels == 1) {
        ImageU8 rgb(image.width(), image.height(), 3);
        for (std::size_t i = 0; i < image.count(); ++i)
            std::memset(rgb.data() + 3 * i, image.data()[i], 3);
        STRATA_TRY(toYuv(rgb, *frame));
    } else
        return wrongKind(image.size(), channels);
    return frame;
}

Result<FramePtr> FramePacker::pack(const ImageU16& image) {
    STRATA_ASSIGN(FramePtr frame, fresh(image.size()));
    const auto* d = av_pix_fmt_desc_get(m_format);
    const bool yuv = d && d->nb_components == 3 && !(d->flags & AV_PIX_FMT_FLAG_RGB);
    if (m_format == AV_PIX_FMT_GRAY16LE && image.channels() == 1)
        packRows(image, *frame);
    else if (yuv && image.channels() == 3)
        STRATA_TRY(toYuv(image, *frame));
    else
        return wrongKind(image.size(), image.channels());
    return frame;
}

} // namespace strata::media
