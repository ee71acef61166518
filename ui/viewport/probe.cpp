// SPDX-License-Identifier: Apache-2.0
#include "ui/viewport/probe.h"

namespace strata::ui {
namespace {

/// The pixel of a reduced image that covers `pixel`, or null.
template <typename T>
const T* at(const std::shared_ptr<const Image<T>>& image, QPoint pixel, int reduction) {
    if (!image)
        return nullptr;
    const int x = pixel.x() / reduction, y = pixel.y() / reduction;
    return x < image->width() && y < image->height() ? image->pixel(x, y) : nullptr;
}

std::optional<Rgb8> color(const std::uint8_t* rgb) {
    return rgb ? std::optional(Rgb8{rgb[0], rgb[1], rgb[2]}) : std::nullopt;
}

template <typename T>
std::optional<int> value(const T* sample) {
    return sample ? std::optional(int(*sample)) : std::nullopt;
}

} // namespace

std::optional<ProbeSample> probe(const FrameLayers& frame, QPoint pixel) {
    if (pixel.x() < 0 || pixel.y() < 0 || pixel.x() >= frame.fullSize.width ||
        pixel.y() >= frame.fullSize.height)
        return {};
    const int reduction = frame.reduction;
    ProbeSample sample;
    sample.pixel = pixel;
    sample.source = color(at(frame.source, pixel, reduction));
    sample.plate = color(at(frame.plate, pixel, reduction));
    sample.result = color(at(frame.result, pixel, reduction));
    sample.human = value(at(frame.human, pixel, reduction));
    sample.occluder = value(at(frame.occluder, pixel, reduction));
    sample.alpha = value(at(frame.alpha, pixel, reduction));
    sample.depth = value(at(frame.depth, pixel, reduction));
    return sample;
}

} // namespace strata::ui
