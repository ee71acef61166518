// SPDX-License-Identifier: Apache-2.0
#include "engine/synth/diffusion/network_inputs.h"

#include "engine/synth/diffusion/pillow_resize.h"
#include "engine/synth/diffusion/silhouette.h"
#include "engine/synth/diffusion/square_pad.h"

#include <algorithm>
#include <array>

namespace strata {
namespace {

/// Interleaved bytes to planes, each value through `convert(value 0..1, channel)`.
template <typename Convert>
FrameStack planesOf(const ImageU8& rgb, Convert convert) {
    FrameStack out(1, {3, rgb.height(), rgb.width()});
    float* to = out.values().data();
    const std::size_t count = rgb.count() / 3;
    for (int c = 0; c < 3; ++c)
        for (std::size_t i = 0; i < count; ++i)
            *to++ = convert(float(rgb.data()[3 * i + std::size_t(c)]) / 255.f, c);
    return out;
}

ImageU8 matteOf(const ImageU8& rgba) {
    ImageU8 matte(rgba.width(), rgba.height(), 1);
    for (std::size_t i = 0; i < matte.count(); ++i)
        matte.data()[i] = rgba.data()[4 * i + 3];
    return matte;
}

} // namespace

FrameStack vaePicture(const ImageU8& rgb, Size size) {
    return planesOf(resizedLikePillow(rgb, networkSize(size), PillowFilter::Lanczos),
                    [](float value, int) { return 2.f * value - 1.f; });
}

FrameStack posePicture(const ImageU8& rgb, Size size) {
    return planesOf(resizedLikePillow(rgb, networkSize(size), PillowFilter::Lanczos),
                    [](float value, int) { return value; });
}

FrameStack clipPicture(const ImageU8& rgb) {
    constexpr std::array<float, 3> kMean{0.48145466f, 0.4578275f, 0.40821073f};
    constexpr std::array<float, 3> kSpread{0.26862954f, 0.26130258f, 0.27577711f};
    return planesOf(resizedLikePillow(rgb, {224, 224}, PillowFilter::Bicubic),
                    [&](float value, int c) {
                        return (value - kMean[std::size_t(c)]) / kSpread[std::size_t(c)];
                    });
}

ImageU8 layerOnBlack(const ImageU8& rgb, const ImageU8& matte) {
    ImageU8 out(rgb.width(), rgb.height(), 3);
    for (std::size_t i = 0; i < out.count(); ++i)
        out.data()[i] = std::uint8_t((rgb.data()[i] * matte.data()[i / 3] + 127) / 255);
    return out;
}

ImageU8 onWhite(const ImageU8& rgba) {
    ImageU8 out(rgba.width(), rgba.height(), 3);
    for (int y = 0; y < out.height(); ++y)
        for (int x = 0; x < out.width(); ++x) {
            const std::uint8_t* from = rgba.pixel(x, y);
            const double alpha = from[3] / 255.0;
            for (int c = 0; c < 3; ++c)
                out.at(x, y, c) = std::uint8_t(from[c] * alpha + 255 * (1.0 - alpha));
        }
    return out;
}

RectI personCrop(const ImageU8& matte) {
    RectI box = boundingRect(matte);
    const int margin = int(0.05 * box.height());
    box.y0 = std::max(0, box.y0 - margin);
    box.y1 = std::min(matte.height(), box.y1 + margin);
    return box;
}

Result<ImageU8> referencePicture(const ImageU8& rgba) {
    if (rgba.channels() != 4)
        return Error{ErrorCode::ShapeMismatch, "The reference picture needs a matte."};
    const RectI box = personCrop(matteOf(rgba));
    if (box.empty())
        return Error{ErrorCode::NothingToDo, "No person was found in the reference picture."};
    const ImageU8 crop = cropped(onWhite(rgba), box);
    return padded(crop, squarePad(crop.size()), 255);
}

} // namespace strata
