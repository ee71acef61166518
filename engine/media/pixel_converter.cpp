// SPDX-License-Identifier: Apache-2.0
#include "engine/media/pixel_converter.h"

#include "engine/media/opencv.h"

extern "C" {
#include <libavutil/opt.h>
}
#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>

namespace strata::media {
namespace {

bool isRgb(AVPixelFormat format) {
    const auto* d = av_pix_fmt_desc_get(format);
    return d && ((d->flags & (AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_PAL)) != 0);
}

bool isGray(AVPixelFormat format) {
    const auto* d = av_pix_fmt_desc_get(format);
    return d && !isRgb(format) && d->nb_components <= 2;
}

bool isFullRangeFormat(AVPixelFormat f) {
    return f == AV_PIX_FMT_YUVJ420P || f == AV_PIX_FMT_YUVJ422P || f == AV_PIX_FMT_YUVJ444P ||
           f == AV_PIX_FMT_YUVJ440P || f == AV_PIX_FMT_YUVJ411P;
}

/// swscale wants the range apart from the format.
AVPixelFormat plainFormat(AVPixelFormat f) {
    switch (f) {
    case AV_PIX_FMT_YUVJ420P:
        return AV_PIX_FMT_YUV420P;
    case AV_PIX_FMT_YUVJ422P:
        return AV_PIX_FMT_YUV422P;
    case AV_PIX_FMT_YUVJ444P:
        return AV_PIX_FMT_YUV444P;
    case AV_PIX_FMT_YUVJ440P:
        return AV_PIX_FMT_YUV440P;
    case AV_PIX_FMT_YUVJ411P:
        return AV_PIX_FMT_YUV411P;
    default:
        return f;
    }
}

const int* coefficients(int matrix) {
    switch (matrix) {
    case AVCOL_SPC_BT709:
        return sws_getCoefficients(SWS_CS_ITU709);
    case AVCOL_SPC_FCC:
        return sws_getCoefficients(SWS_CS_FCC);
    case AVCOL_SPC_SMPTE240M:
        return sws_getCoefficients(SWS_CS_SMPTE240M);
    case AVCOL_SPC_BT2020_NCL:
    case AVCOL_SPC_BT2020_CL:
        return sws_getCoefficients(SWS_CS_BT2020);
    default:
        return sws_getCoefficients(SWS_CS_ITU601);
    }
}

/// Place of the chroma samples in 1/256 of a luma pixel, as swscale counts.
void setChromaPlace(SwsContext* scaler, const char* side, AVPixelFormat format, int location) {
    const auto* d = av_pix_fmt_desc_get(format);
    if (!d || isRgb(format) || d->nb_components < 3)
        return;
    const bool centred = location == AVCHROMA_LOC_CENTER || location == AVCHROMA_LOC_TOP;
    const bool top = location == AVCHROMA_LOC_TOPLEFT || location == AVCHROMA_LOC_TOP;
    const std::string prefix(side);
    if (d->log2_chroma_w == 1)
        av_opt_set_int(scaler, (prefix + "_h_chr_pos").c_str(), centred ? 128 : 0, 0);
    if (d->log2_chroma_h == 1)
        av_opt_set_int(scaler, (prefix + "_v_chr_pos").c_str(), top ? 0 : 128, 0);
}

} // namespace

ColorTags resolvedColor(const AVPixelFormat format, Size size, int primaries, int transfer,
                        int matrix, int range) {
    ColorTags color{primaries, transfer, matrix, range == AVCOL_RANGE_JPEG};
    if (isRgb(format)) {
        color.matrix = AVCOL_SPC_RGB;
        color.fullRange = true;
    } else if (isGray(format)) {
        color.fullRange = range != AVCOL_RANGE_MPEG;
    } else if (isFullRangeFormat(format)) {
        color.fullRange = true;
    }
    if (color.matrix == AVCOL_SPC_UNSPECIFIED || (color.matrix == AVCOL_SPC_RGB && !isRgb(format)))
        color.matrix =
            size.height >= 720 || size.width >= 1280 ? AVCOL_SPC_BT709 : AVCOL_SPC_SMPTE170M;
    return color;
}

SwsPtr makeScaler(Size from, AVPixelFormat fromFormat, Size to, AVPixelFormat toFormat,
                  ColorTags color, int chromaLocation) {
    SwsPtr scaler(sws_alloc_context());
    SwsContext* s = scaler.get();
    av_opt_set_int(s, "srcw", from.width, 0);
    av_opt_set_int(s, "srch", from.height, 0);
    av_opt_set_int(s, "src_format", plainFormat(fromFormat), 0);
    av_opt_set_int(s, "dstw", to.width, 0);
    av_opt_set_int(s, "dsth", to.height, 0);
    av_opt_set_int(s, "dst_format", plainFormat(toFormat), 0);
    av_opt_set_int(s, "sws_flags",
                   SWS_BILINEAR | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INT | SWS_FULL_CHR_H_INP |
                       SWS_BITEXACT,
                   0);
    setChromaPlace(s, "src", fromFormat, chromaLocation);
    setChromaPlace(s, "dst", toFormat, chromaLocation);
    if (sws_init_context(s, nullptr, nullptr) < 0)
        return nullptr;
    const int* table = coefficients(color.matrix);
    const int fromRange = isRgb(fromFormat) ? 1 : color.fullRange;
    const int toRange = isRgb(toFormat) ? 1 : color.fullRange;
    sws_setColorspaceDetails(s, table, fromRange, table, toRange, 0, 1 << 16, 1 << 16);
    return scaler;
}

std::optional<YuvLayout> yuvLayout(AVPixelFormat format, Size size, int chromaLocation) {
    const auto* d = av_pix_fmt_desc_get(format);
    constexpr std::uint64_t unfit = AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_BE |
                                    AV_PIX_FMT_FLAG_FLOAT | AV_PIX_FMT_FLAG_BITSTREAM |
                                    AV_PIX_FMT_FLAG_HWACCEL;
    if (!d || d->nb_components < 3 || (d->flags & unfit) || d->log2_chroma_w > 1 ||
        d->log2_chroma_h > 1)
        return {};
    for (int c = 0; c < 3; ++c)
        if (d->comp[c].plane != c || d->comp[c].shift != 0 ||
            d->comp[c].step != (d->comp[c].depth > 8 ? 2 : 1) || d->comp[c].depth < 8)
            return {};
    const bool centred =
        chromaLocation == AVCHROMA_LOC_CENTER || chromaLocation == AVCHROMA_LOC_TOP;
    const bool top = chromaLocation == AVCHROMA_LOC_TOPLEFT || chromaLocation == AVCHROMA_LOC_TOP;
    return YuvLayout{size, d->comp[0].depth, d->log2_chroma_w, d->log2_chroma_h, !centred, top};
}

template <typename T>
Status PixelConverter::toRgb(const AVFrame& frame, Image<T>& out) {
    constexpr AVPixelFormat target = sizeof(T) == 2 ? AV_PIX_FMT_RGB48 : AV_PIX_FMT_RGB24;
    const Size size{frame.width, frame.height};
    const auto layout = yuvLayout(AVPixelFormat(frame.format), size, frame.chroma_location);
    if (!layout || size != m_size)
        return scale(frame, target, reinterpret_cast<std::uint8_t*>(out.data()),
                     int(m_size.width * 3 * sizeof(T)));
    const YuvPlanes planes{{frame.data[0], frame.data[1], frame.data[2]},
                           {frame.linesize[0], frame.linesize[1], frame.linesize[2]}};
    yuvToRgb(planes, *layout, m_color, out);
    return ok();
}

Status PixelConverter::scale(const AVFrame& frame, AVPixelFormat to, std::uint8_t* pixels,
                             int stride) {
    const auto from = AVPixelFormat(frame.format);
    const Size size{frame.width, frame.height};
    if (!m_scaler || from != m_from || to != m_to || size != m_scalerSize) {
        m_scaler = makeScaler(size, from, m_size, to, m_color, frame.chroma_location);
        const char* known = av_get_pix_fmt_name(from);
        const std::string name = known ? known : "unknown";
        if (!m_scaler)
            return Error{ErrorCode::BadFormat,
                         "Pictures of the format " + name + " cannot be converted."};
        m_from = from;
        m_to = to;
        m_scalerSize = size;
    }
    std::uint8_t* const planes[4] = {pixels};
    const int strides[4] = {stride};
    sws_scale(m_scaler.get(), frame.data, frame.linesize, 0, frame.height, planes, strides);
    return ok();
}

/// Luma (or the gray samples) at full scale.
template <typename T>
Result<Image<T>> PixelConverter::gray(const AVFrame& frame) {
    const auto format = AVPixelFormat(frame.format);
    const auto* d = av_pix_fmt_desc_get(format);
    const bool direct = d && !isRgb(format) && frame.width == m_size.width &&
                        frame.height == m_size.height && !(d->flags & AV_PIX_FMT_FLAG_BITSTREAM) &&
                        !(d->flags & AV_PIX_FMT_FLAG_BE) && d->comp[0].plane == 0;
    if (!direct) {
        constexpr bool wide = sizeof(T) == 2;
        Image<T> rgb(m_size.width, m_size.height, 3);
        STRATA_TRY(scale(frame, wide ? AV_PIX_FMT_RGB48 : AV_PIX_FMT_RGB24,
                         reinterpret_cast<std::uint8_t*>(rgb.data()),
                         int(m_size.width * 3 * sizeof(T))));
        Image<T> out(m_size.width, m_size.height, 1);
        cv::Mat target = matView(out);
        cv::cvtColor(matView(rgb), target, cv::COLOR_RGB2GRAY);
        return out;
    }
    const int depth = d->comp[0].depth;
    const int shift = d->comp[0].shift;
    const int step = d->comp[0].step;
    const double unit = double(1 << depth) / 256.0;
    const double black = m_color.fullRange ? 0.0 : 16.0 * unit;
    const double white = m_color.fullRange ? (1 << depth) - 1 : 235.0 * unit;
    const double full = double(T(~T(0)));
    std::vector<T> levels(std::size_t(1) << depth);
    for (std::size_t i = 0; i < levels.size(); ++i)
        levels[i] = T(
            std::clamp(std::lround((double(i) - black) * full / (white - black)), 0L, long(full)));
    Image<T> out(m_size.width, m_size.height, 1);
    for (int y = 0; y < m_size.height; ++y) {
        const std::uint8_t* in =
            frame.data[0] + std::ptrdiff_t(y) * frame.linesize[0] + d->comp[0].offset;
        T* row = out.row(y);
        for (int x = 0; x < m_size.width; ++x, in += step) {
            const unsigned value = depth > 8 ? unsigned(in[0] | in[1] << 8) : in[0];
            row[x] = levels[(value >> shift) & (levels.size() - 1)];
        }
    }
    return out;
}

Result<LoadedFrame> PixelConverter::convert(const AVFrame& frame, PixelForm form) {
    const int w = m_size.width;
    const int h = m_size.height;
    LoadedFrame out;
    switch (form) {
    case PixelForm::Gray8: {
        STRATA_ASSIGN(auto image, gray<std::uint8_t>(frame));
        out.u8 = std::make_shared<ImageU8>(std::move(image));
        break;
    }
    case PixelForm::Gray16: {
        STRATA_ASSIGN(auto image, gray<std::uint16_t>(frame));
        out.u16 = std::make_shared<ImageU16>(std::move(image));
        break;
    }
    case PixelForm::Rgb16: {
        auto image = std::make_shared<ImageU16>(w, h, 3);
        STRATA_TRY(toRgb(frame, *image));
        out.u16 = std::move(image);
        break;
    }
    case PixelForm::Rgb8: {
        auto image = std::make_shared<ImageU8>(w, h, 3);
        STRATA_TRY(toRgb(frame, *image));
        out.u8 = std::move(image);
        break;
    }
    case PixelForm::Rgba8: {
        auto image = std::make_shared<ImageU8>(w, h, 4);
        STRATA_TRY(scale(frame, AV_PIX_FMT_RGBA, image->data(), w * 4));
        out.u8 = std::move(image);
        break;
    }
    }
    return out;
}

template <typename T>
Image<T> oriented(const Image<T>& image, int rotation, bool mirrored) {
    cv::Mat mat = matView(image);
    cv::Mat turned;
    if (mirrored) {
        cv::flip(mat, turned, 1);
        mat = turned;
    }
    if (rotation == 90)
        cv::rotate(mat, turned, cv::ROTATE_90_CLOCKWISE);
    else if (rotation == 180)
        cv::rotate(mat, turned, cv::ROTATE_180);
    else if (rotation == 270)
        cv::rotate(mat, turned, cv::ROTATE_90_COUNTERCLOCKWISE);
    else
        turned = mat;
    return imageFromMat<T>(turned);
}

template Image<std::uint8_t> oriented(const Image<std::uint8_t>&, int, bool);
template Image<std::uint16_t> oriented(const Image<std::uint16_t>&, int, bool);

} // namespace strata::media
