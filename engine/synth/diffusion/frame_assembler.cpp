// SPDX-License-Identifier: Apache-2.0
#include "engine/synth/diffusion/frame_assembler.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <utility>

namespace strata {
namespace {

ImageF interleaved(std::span<const float> planes, int side) {
    ImageF out(side, side, 3);
    const std::size_t plane = out.count() / 3;
    for (std::size_t i = 0; i < plane; ++i)
        for (std::size_t c = 0; c < 3; ++c)
            out.data()[3 * i + c] = planes[c * plane + i];
    return out;
}

template <typename T>
Result<std::shared_ptr<const Image<T>>> frameOf(FrameSource<T>* source, std::int64_t index) {
    if (!source)
        return std::shared_ptr<const Image<T>>();
    return source->frame(index);
}

/// Holds back what clips say about a frame until no later clip can touch it.
class FadingAssembler : public FrameAssembler {
public:
    Status add(const RoiClip& clip, std::int64_t index, std::span<const float> planes,
               int side) override {
        auto& pieces = m_pending[index];
        const float share = pieces.empty() ? 1.f : crossFadeShare(clip, index);
        for (Piece& piece : pieces)
            piece.weight *= 1.f - share;
        pieces.push_back({interleaved(planes, side), clip.box, share});
        return ok();
    }

    Status flushBefore(std::int64_t index) override {
        while (!m_pending.empty() && m_pending.begin()->first < index) {
            STRATA_TRY(write(m_pending.begin()->first, m_pending.begin()->second));
            m_pending.erase(m_pending.begin());
        }
        return ok();
    }

protected:
    struct Piece {
        ImageF picture;
        RectI box;
        float weight;
    };
    virtual Status write(std::int64_t index, const std::vector<Piece>& held) = 0;

private:
    std::map<std::int64_t, std::vector<Piece>> m_pending;
};

class LinearAssembler final : public FadingAssembler {
public:
    LinearAssembler(const AssemblyLayers& layers, ColorSink& out, const PieceLayerOptions& options)
        : m_layers(layers)
        , m_out(out)
        , m_options(options) {}

private:
    Status write(std::int64_t index, const std::vector<Piece>& held) override {
        STRATA_ASSIGN(const auto scene, frameOf(m_layers.scene, index));
        STRATA_ASSIGN(const auto video, frameOf(m_layers.video, index));
        STRATA_ASSIGN(const auto occluder, frameOf(m_layers.occluder, index));
        STRATA_ASSIGN(const auto oldPerson, frameOf(m_layers.oldPerson, index));
        std::vector<GeneratedPiece> pieces;
        for (const Piece& piece : held)
            pieces.push_back({&piece.picture, piece.box, piece.weight, nullptr});
        STRATA_ASSIGN(const HumanLayer human, pieceLayer(pieces, scene->size(), m_options));
        CompositeLayers<std::uint8_t> layers;
        layers.source = video ? video.get() : scene.get();
        layers.plate = scene.get();
        layers.oldPerson = oldPerson.get();
        layers.human = &human;
        layers.occluder = occluder.get();
        CompositeOptions options;
        options.transfer = m_options.transfer;
        options.replaceScene = oldPerson == nullptr;
        options.humanInFront = m_layers.humanInFront;
        STRATA_ASSIGN(const ImageU8 frame, composite(layers, options));
        return m_out.write(index, frame);
    }

    AssemblyLayers m_layers;
    ColorSink& m_out;
    PieceLayerOptions m_options;
};

template <typename T>
class CorrectingAssembler final : public FadingAssembler {
public:
    CorrectingAssembler(const AssemblyLayers& layers, FrameSource<T>& sketch, FrameSink<T>& out,
                        const PieceLayerOptions& options)
        : m_sketch(sketch)
        , m_occluder(layers.humanInFront ? nullptr : layers.occluder)
        , m_out(out)
        , m_options(options) {}

private:
    Status write(std::int64_t index, const std::vector<Piece>& held) override {
        STRATA_ASSIGN(const auto sketch, m_sketch.frame(index));
        STRATA_ASSIGN(const auto occluder, frameOf(m_occluder, index));
        ImageF sum(sketch->width(), sketch->height(), 3);
        for (const Piece& piece : held)
            STRATA_TRY(
                addCorrection({&piece.picture, piece.box, piece.weight, nullptr}, m_options, sum));
        constexpr float full = std::numeric_limits<T>::max();
        Image<T> out = *sketch;
        for (std::size_t i = 0; i < out.count(); ++i) {
            const float seen = occluder ? 1.f - float(occluder->data()[i / 3]) / 255.f : 1.f;
            const float level = float(out.data()[i]) + full * seen * sum.data()[i];
            out.data()[i] = T(std::lround(std::clamp(level, 0.f, full)));
        }
        return m_out.write(index, out);
    }

    FrameSource<T>& m_sketch;
    MaskSource* m_occluder;
    FrameSink<T>& m_out;
    PieceLayerOptions m_options;
};

class ReleaseAssembler final : public FrameAssembler {
public:
    ReleaseAssembler(const AssemblyLayers& layers, ColorSink& out, std::vector<ImageF> masks,
                     int overlap)
        : m_layers(layers)
        , m_out(out)
        , m_composite(layers.scene->frameSize(), std::move(masks), overlap) {}

    Status add(const RoiClip& clip, std::int64_t index, std::span<const float> planes,
               int side) override {
        STRATA_ASSIGN(const auto scene, frameOf(m_layers.scene, index));
        STRATA_ASSIGN(const auto video, frameOf(m_layers.video, index));
        STRATA_ASSIGN(const auto occluder, frameOf(m_layers.occluder, index));
        const auto before = m_pending.find(index);
        STRATA_ASSIGN(ImageU8 frame,
                      m_composite.frame(truncatedPicture(planes, {side, side}), clip, index,
                                        {scene.get(), video.get(), occluder.get()},
                                        before == m_pending.end() ? nullptr : &before->second));
        m_pending.insert_or_assign(index, std::move(frame));
        return ok();
    }

    Status flushBefore(std::int64_t index) override {
        while (!m_pending.empty() && m_pending.begin()->first < index) {
            STRATA_TRY(m_out.write(m_pending.begin()->first, m_pending.begin()->second));
            m_pending.erase(m_pending.begin());
        }
        return ok();
    }

private:
    AssemblyLayers m_layers;
    ColorSink& m_out;
    ReleaseComposite m_composite;
    std::map<std::int64_t, ImageU8> m_pending;
};

class PictureAssembler final : public FrameAssembler {
public:
    explicit PictureAssembler(ColorSink& out)
        : m_out(out) {}
    Status add(const RoiClip&, std::int64_t index, std::span<const float> planes,
               int side) override {
        return m_out.write(index, truncatedPicture(planes, {side, side}));
    }
    Status flushBefore(std::int64_t) override { return ok(); }

private:
    ColorSink& m_out;
};

} // namespace

std::unique_ptr<FrameAssembler> makePictureAssembler(ColorSink& out) {
    return std::make_unique<PictureAssembler>(out);
}

std::unique_ptr<FrameAssembler> makeAssembler(const AssemblyLayers& layers, ColorSink& out,
                                              const PieceLayerOptions& options) {
    return std::make_unique<LinearAssembler>(layers, out, options);
}

std::unique_ptr<FrameAssembler> makeCorrectingAssembler(const AssemblyLayers& layers,
                                                        ColorSource& sketch, ColorSink& out,
                                                        const PieceLayerOptions& options) {
    return std::make_unique<CorrectingAssembler<std::uint8_t>>(layers, sketch, out, options);
}

std::unique_ptr<FrameAssembler> makeCorrectingAssembler(const AssemblyLayers& layers,
                                                        DeepColorSource& sketch, DeepColorSink& out,
                                                        const PieceLayerOptions& options) {
    return std::make_unique<CorrectingAssembler<std::uint16_t>>(layers, sketch, out, options);
}

std::unique_ptr<FrameAssembler> makeReleaseAssembler(const AssemblyLayers& layers, ColorSink& out,
                                                     std::vector<ImageF> masks, int overlap) {
    return std::make_unique<ReleaseAssembler>(layers, out, std::move(masks), overlap);
}

} // namespace strata
