// SPDX-License-Identifier: Apache-2.0
#include "engine/synth/diffusion/clip_composite.h"

#include "engine/core/parallel.h"
#include "engine/synth/diffusion/edge_masks.h"
#include "engine/synth/diffusion/pillow_resize.h"
#include "engine/synth/diffusion/square_pad.h"

#include <algorithm>
#include <limits>

namespace strata {
namespace {

RectI unionOf(const RectI& a, const RectI& b) {
    return a.empty() ? b
                     : RectI{std::min(a.x0, b.x0), std::min(a.y0, b.y0), std::max(a.x1, b.x1),
                             std::max(a.y1, b.y1)};
}

Status check(const GeneratedPiece& piece, Size frame) {
    const RectI& box = piece.box;
    if (!piece.picture || piece.picture->empty() || piece.picture->channels() != 3 ||
        piece.picture->width() != piece.picture->height() ||
        (piece.matte &&
         (piece.matte->size() != piece.picture->size() || piece.matte->channels() != 1)))
        return Error{ErrorCode::ShapeMismatch,
                     "A generated picture must be square, with three channels and a matte of its "
                     "size or none."};
    if (box.empty() || box.x0 < 0 || box.y0 < 0 || box.x1 > frame.width || box.y1 > frame.height)
        return Error{ErrorCode::ShapeMismatch,
                     "The box of a generated picture lies outside of the frame."};
    return ok();
}

/// A piece as large as its box is in the frame.
struct PlacedPiece {
    PlacedPiece(const GeneratedPiece& piece, Size frame, const PieceLayerOptions& options)
        : box(piece.box)
        , m_pad(squarePad({box.width(), box.height()}))
        , m_weight(piece.weight) {
        const Size side{m_pad.side, m_pad.side};
        const RectI inside = m_pad.insideOf(piece.picture->width());
        m_picture = resizedInside(*piece.picture, inside, side, PillowFilter::Bicubic);
        if (piece.matte)
            m_matte = resizedInside(*piece.matte, inside, side, PillowFilter::Bicubic);
        const float feather = options.feather * float(std::min(box.width(), box.height()));
        m_mask = featherMask({box.width(), box.height()}, touchedBorders(box, frame), feather);
    }

    // Places count from the box's corner.
    const float* pixel(int x, int y) const {
        return m_picture.pixel(m_pad.left + x, m_pad.top + y);
    }
    float share(int x, int y) const {
        const float share = m_weight * m_mask.at(x, y);
        return m_matte.empty()
                   ? share
                   : share * std::clamp(m_matte.at(m_pad.left + x, m_pad.top + y), 0.f, 1.f);
    }

    RectI box;

private:
    SquarePad m_pad;
    float m_weight;
    ImageF m_picture, m_matte, m_mask;
};

/// Adds a piece to colours that carry their alpha.
void addPiece(const GeneratedPiece& piece, Size frame, const PieceLayerOptions& options,
              HumanLayer& layer) {
    const PlacedPiece placed(piece, frame, options);
    const RectI& box = placed.box;
    parallelFor(0, box.height(), 16, [&](std::int64_t begin, std::int64_t end) {
        for (int y = int(begin); y < int(end); ++y)
            for (int x = 0; x < box.width(); ++x) {
                const float* from = placed.pixel(x, y);
                const float share = placed.share(x, y);
                float* to =
                    layer.rgba.pixel(box.x0 - layer.region.x0 + x, box.y0 - layer.region.y0 + y);
                for (int c = 0; c < 3; ++c)
                    to[c] += share * toLinear(std::clamp(from[c], 0.f, 1.f), options.transfer);
                to[3] += share;
            }
    });
}

} // namespace

float crossFadeShare(const RoiClip& clip, std::int64_t index) {
    return std::clamp(float(index - clip.frames.begin + 1) / float(clip.overlap + 1), 0.f, 1.f);
}

Status addCorrection(const GeneratedPiece& piece, const PieceLayerOptions& options, ImageF& frame) {
    STRATA_TRY(check(piece, frame.size()));
    const PlacedPiece placed(piece, frame.size(), options);
    const RectI& box = placed.box;
    parallelFor(0, box.height(), 16, [&](std::int64_t begin, std::int64_t end) {
        for (int y = int(begin); y < int(end); ++y)
            for (int x = 0; x < box.width(); ++x)
                for (int c = 0; c < 3; ++c)
                    frame.at(box.x0 + x, box.y0 + y, c) +=
                        placed.share(x, y) * placed.pixel(x, y)[c];
    });
    return ok();
}

Result<HumanLayer> pieceLayer(std::span<const GeneratedPiece> pieces, Size frame,
                              const PieceLayerOptions& options) {
    HumanLayer layer;
    layer.frame = frame;
    for (const GeneratedPiece& piece : pieces) {
        STRATA_TRY(check(piece, frame));
        layer.region = unionOf(layer.region, piece.box);
    }
    layer.rgba = ImageF(layer.region.width(), layer.region.height(), 4);
    layer.depth = ImageF(layer.region.width(), layer.region.height(), 1,
                         std::numeric_limits<float>::infinity());
    for (const GeneratedPiece& piece : pieces)
        addPiece(piece, frame, options, layer);
    for (std::size_t i = 0; i < layer.depth.count(); ++i) {
        float* pixel = layer.rgba.data() + 4 * i;
        if (pixel[3] <= 0.f)
            continue;
        for (int c = 0; c < 3; ++c)
            pixel[c] /= pixel[3];
        pixel[3] = std::min(pixel[3], 1.f);
        layer.depth.data()[i] = 1.f;
    }
    return layer;
}

} // namespace strata
