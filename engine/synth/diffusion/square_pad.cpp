// SPDX-License-Identifier: Apache-2.0
#include "engine/synth/diffusion/square_pad.h"

#include "engine/synth/diffusion/pillow_resize.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace strata {
namespace {

/// The pixels of `size` whose middle lies in [begin, end) of `side`.
std::pair<int, int> scaledRange(int begin, int end, int side, int size) {
    const double factor = double(size) / side;
    const int first = std::clamp(int(std::ceil(begin * factor - 0.5)), 0, size - 1);
    const int last = std::clamp(int(std::ceil(end * factor - 0.5)), first + 1, size);
    return {first, last};
}

} // namespace

RectI SquarePad::insideOf(int size) const {
    const auto [x0, x1] = scaledRange(left, side - right, side, size);
    const auto [y0, y1] = scaledRange(top, side - bottom, side, size);
    return {x0, y0, x1, y1};
}

SquarePad squarePad(Size crop) {
    SquarePad pad;
    pad.side = upToSixteen(std::max(crop.width, crop.height));
    pad.top = (pad.side - crop.height) / 2;
    pad.bottom = pad.side - crop.height - pad.top;
    pad.left = (pad.side - crop.width) / 2;
    pad.right = pad.side - crop.width - pad.left;
    return pad;
}

ImageU8 cropped(const ImageU8& image, const RectI& box) {
    assert(box.x0 >= 0 && box.y0 >= 0 && box.x1 <= image.width() && box.y1 <= image.height());
    ImageU8 out(std::max(0, box.width()), std::max(0, box.height()), image.channels());
    for (int y = 0; y < out.height(); ++y)
        std::copy_n(image.pixel(box.x0, box.y0 + y), std::size_t(out.width()) * image.channels(),
                    out.row(y));
    return out;
}

ImageU8 padded(const ImageU8& crop, const SquarePad& pad, std::uint8_t fill) {
    ImageU8 out(pad.side, pad.side, crop.channels(), fill);
    for (int y = 0; y < crop.height(); ++y)
        std::copy_n(crop.row(y), std::size_t(crop.width()) * crop.channels(),
                    out.pixel(pad.left, pad.top + y));
    return out;
}

ImageU8 paddedAndResized(const ImageU8& crop, const SquarePad& pad, int size, std::uint8_t fill) {
    ImageU8 edges(pad.side, pad.side, crop.channels());
    for (int y = 0; y < pad.side; ++y)
        for (int x = 0; x < pad.side; ++x)
            std::copy_n(crop.pixel(std::clamp(x - pad.left, 0, crop.width() - 1),
                                   std::clamp(y - pad.top, 0, crop.height() - 1)),
                        crop.channels(), edges.pixel(x, y));
    const ImageU8 resized = resizedLikePillow(edges, {size, size}, PillowFilter::Lanczos);
    ImageU8 out(size, size, crop.channels(), fill);
    const RectI inside = pad.insideOf(size);
    for (int y = inside.y0; y < inside.y1; ++y)
        std::copy_n(resized.pixel(inside.x0, y), std::size_t(inside.width()) * crop.channels(),
                    out.pixel(inside.x0, y));
    return out;
}

} // namespace strata
