// SPDX-License-Identifier: Apache-2.0
#include "engine/synth/diffusion/release_composite.h"

#include "engine/core/parallel.h"
#include "engine/synth/diffusion/area_resize.h"
#include "engine/synth/diffusion/edge_masks.h"
#include "engine/synth/diffusion/pillow_resize.h"

#include <algorithm>
#include <string>

namespace strata {
namespace {

/// One sample: the picture over the background in float, the occluder in double.
struct Sample {
    float picture, share, background;
    double occluder;
    float video;
    bool hasOccluder;

    float overBackground() const { return picture * share + background * (1.f - share); }
    double value() const {
        const float base = overBackground();
        return hasOccluder ? double(base) * (1.0 - occluder) + double(video) * occluder
                           : double(base);
    }
    /// The new share of a cross-fade. Without an occluder it is a product of floats.
    double faded(double share) const {
        return hasOccluder ? value() * share : double(overBackground() * float(share));
    }
};

} // namespace

ImageU8 truncatedPicture(std::span<const float> planes, Size size) {
    ImageU8 out(size.width, size.height, 3);
    const std::size_t plane = out.count() / 3;
    for (std::size_t c = 0; c < 3; ++c)
        for (std::size_t i = 0; i < plane; ++i)
            out.data()[3 * i + c] =
                std::uint8_t(std::clamp(planes[c * plane + i] * 255.f, 0.f, 255.f));
    return out;
}

ImageU8 withoutPadding(const ImageU8& picture, const SquarePad& pad) {
    return cropped(resizedLikePillow(picture, {pad.side, pad.side}, PillowFilter::Bicubic),
                   pad.inside());
}

ReleaseComposite::ReleaseComposite(Size frame, std::vector<ImageF> masks, int overlap)
    : m_frame(frame)
    , m_masks(std::move(masks))
    , m_overlap(overlap) {}

Status ReleaseComposite::check(const RectI& box, const Layers& layers,
                               const ImageU8* before) const {
    if (m_masks.size() != maskNames().size())
        return Error{ErrorCode::ShapeMismatch, "Compositing needs sixteen edge masks."};
    const auto wrong = [&](const ImageU8* image, int channels) {
        return image && (image->size() != m_frame || image->channels() < channels);
    };
    if (!layers.background || wrong(layers.background, 3) || wrong(layers.video, 3) ||
        wrong(layers.occluder, 1) || wrong(before, 3) || (layers.occluder && !layers.video))
        return Error{ErrorCode::ShapeMismatch, "The background, video or occluder is missing or "
                                               "differs in size from the " +
                                                   std::to_string(m_frame.width) + "x" +
                                                   std::to_string(m_frame.height) + " frame."};
    if (box.empty() || box.x0 < 0 || box.y0 < 0 || box.x1 > m_frame.width ||
        box.y1 > m_frame.height)
        return Error{ErrorCode::ShapeMismatch, "A clip's box lies outside of the frame."};
    return ok();
}

ImageF ReleaseComposite::maskFor(const RoiClip& clip, const RectI& box) const {
    // The mask is chosen by the clip's own box, even where that is empty.
    const auto index = std::size_t(maskIndex(touchedBorders(clip.box, m_frame)));
    return resizedByArea(m_masks[index], {box.width(), box.height()});
}

Result<ImageU8> ReleaseComposite::frame(const ImageU8& picture, const RoiClip& clip,
                                        std::int64_t index, const Layers& layers,
                                        const ImageU8* before) const {
    const RectI box = cropBox(clip, m_frame);
    STRATA_TRY(check(box, layers, before));
    const ImageU8 crop = withoutPadding(picture, squarePad({box.width(), box.height()}));
    const ImageF mask = maskFor(clip, box);
    const double share = double(index - clip.frames.begin + 1) / double(m_overlap + 1);
    ImageU8 out(m_frame.width, m_frame.height, 3);
    parallelFor(0, m_frame.height, 16, [&](std::int64_t begin, std::int64_t end) {
        for (int y = int(begin); y < int(end); ++y)
            for (int x = 0; x < m_frame.width; ++x) {
                const bool inside = x >= box.x0 && x < box.x1 && y >= box.y0 && y < box.y1;
                const float m = inside ? mask.at(x - box.x0, y - box.y0) : 0.f;
                const double occluder =
                    layers.occluder ? *layers.occluder->pixel(x, y) / 255.0 : 0.0;
                for (int c = 0; c < 3; ++c) {
                    const Sample sample{inside ? float(crop.at(x - box.x0, y - box.y0, c)) : 255.f,
                                        m,
                                        float(layers.background->pixel(x, y)[c]),
                                        occluder,
                                        layers.occluder ? float(layers.video->pixel(x, y)[c]) : 0.f,
                                        layers.occluder != nullptr};
                    const double value =
                        before ? before->pixel(x, y)[c] * (1.0 - share) + sample.faded(share)
                               : sample.value();
                    out.at(x, y, c) = std::uint8_t(value);
                }
            }
    });
    return out;
}

} // namespace strata
