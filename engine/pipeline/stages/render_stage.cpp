// SPDX-License-Identifier: Apache-2.0
#include "engine/pipeline/stages/render_stage.h"

#include "engine/media/image_io.h"
#include "engine/media/segment_joiner.h"
#include "engine/pipeline/source_person.h"

#include <algorithm>
#include <cmath>
#include <deque>
#include <type_traits>
#include <utility>

namespace strata {

Transfer transferOf(const VideoInfo& info) {
    // 13 is sRGB; everything else that reaches us is close to BT.709.
    return info.color.transfer == 13 || info.isStill ? Transfer::Srgb : Transfer::Bt709;
}

VideoWriterOptions segmentOptions(const Clip& clip, const ExportSettings& settings) {
    const VideoInfo& info = clip.info();
    VideoWriterOptions options;
    options.codec = settings.codec == "h265" ? VideoCodec::H265 : VideoCodec::H264;
    options.size = info.size;
    options.fps = info.fps;
    options.crf = int(std::lround(settings.crf));
    options.preset = settings.preset;
    options.bitDepth = info.bitDepth > 8 ? 10 : 8;
    options.color = info.color;
    options.sampleAspect = info.sampleAspect;
    return options;
}

namespace {

ImageU16 widened(const ImageU8& image) {
    ImageU16 out(image.width(), image.height(), image.channels());
    for (std::size_t i = 0; i < image.count(); ++i)
        out.data()[i] = std::uint16_t(image.data()[i] * 257);
    return out;
}

/// Draws and composites single frames.
class FrameMaker {
public:
    FrameMaker(StageContext& context, const RenderInputs& inputs)
        : m_clip(context.clip)
        , m_inputs(inputs)
        , m_transfer(transferOf(context.clip.info())) {}

    Status write(VideoWriter& writer, std::int64_t index, const JobContext& job) {
        if (m_clip.info().bitDepth > 8) {
            STRATA_ASSIGN(const ImageU16 frame, drawDeep(index, job));
            return writer.write(index, frame);
        }
        STRATA_ASSIGN(const ImageU8 frame, draw(index, job));
        return writer.write(index, frame);
    }

    /// The frame with 8 bits, whatever the clip has.
    Result<ImageU8> draw(std::int64_t index, const JobContext& job) {
        STRATA_ASSIGN(const HumanLayer human, prepare(index, job));
        const CompositeLayers<std::uint8_t> layers{m_rgb.get(), m_scene.get(), m_matte.get(),
                                                   &human, m_occluder.get()};
        return composite(layers, optionsOf(index));
    }

    /// With 16.
    Result<ImageU16> drawDeep(std::int64_t index, const JobContext& job) {
        STRATA_ASSIGN(const HumanLayer human, prepare(index, job));
        STRATA_ASSIGN(const auto rgb, m_clip.frame16(index));
        const ImageU16 scene = widened(*m_scene);
        const CompositeLayers<std::uint16_t> layers{rgb.get(), &scene, m_matte.get(), &human,
                                                    m_occluder.get()};
        return composite(layers, optionsOf(index));
    }

private:
    /// Gets the layers of the frame and draws the person.
    Result<HumanLayer> prepare(std::int64_t index, const JobContext& job) {
        STRATA_ASSIGN(m_rgb, m_clip.frame(index));
        STRATA_ASSIGN(m_plate, m_inputs.layers.plate->frame(index));
        STRATA_ASSIGN(m_matte, m_inputs.layers.matte->frame(index));
        STRATA_ASSIGN(m_scene, m_inputs.scene ? m_inputs.scene->frame(index)
                                              : Result<ColorSource::Frame>(m_plate));
        m_occluder = nullptr;
        if (m_inputs.keepOccluder && m_inputs.layers.occluder) {
            STRATA_ASSIGN(m_occluder, m_inputs.layers.occluder->frame(index));
        }
        return person(index, job);
    }

    CompositeOptions optionsOf(std::int64_t index) const {
        CompositeOptions options;
        options.transfer = m_transfer;
        options.replaceScene = m_inputs.scene != nullptr;
        options.humanInFront = m_inputs.personInFront;
        options.seed = std::uint32_t(m_inputs.seed + std::uint64_t(index));
        return options;
    }

    Result<HumanLayer> person(std::int64_t index, const JobContext& job) {
        if (!m_inputs.synthesizer) {
            STRATA_ASSIGN(const auto alpha, m_inputs.layers.human->frame(index));
            return sourcePerson(*m_rgb, *m_plate, *alpha, m_transfer);
        }
        HumanLayer nobody;
        nobody.frame = m_clip.frameSize();
        const Motion& motion = m_inputs.motion->motion;
        if (!drawn(index))
            return nobody;
        const auto at = std::size_t(index);
        FrameRequest request;
        request.camera = motion.cameras[at];
        request.pose = motion.frames[at];
        request.bodyScale = m_inputs.motion->bodyScale;
        if (at + 1 < motion.frames.size() && drawn(index + 1)) {
            request.nextPose = motion.frames[at + 1];
            request.nextCamera = motion.cameras[at + 1];
        }
        request.light = m_inputs.light;
        request.ground = m_inputs.motion->ground;
        request.plate = m_scene.get();
        STRATA_ASSIGN(auto layers, m_inputs.synthesizer->render({&request, 1}, job));
        return std::move(layers.front());
    }

    bool drawn(std::int64_t index) const {
        const auto& confidence = m_inputs.layers.motion.confidence;
        return confidence.empty() || confidence[std::size_t(index)] > 0;
    }

    Clip& m_clip;
    const RenderInputs& m_inputs;
    Transfer m_transfer;
    ColorSource::Frame m_rgb, m_plate, m_scene;
    MaskSource::Frame m_matte, m_occluder;
};

template <typename T>
class DrawnFrames final : public FrameSource<T> {
public:
    using typename FrameSource<T>::Frame;

    DrawnFrames(StageContext& context, const RenderInputs& inputs)
        : m_clip(context.clip)
        , m_maker(context, inputs) {}

    std::int64_t frameCount() const override { return m_clip.frameCount(); }
    Size frameSize() const override { return m_clip.frameSize(); }
    Result<Frame> frame(std::int64_t index) override {
        const auto kept =
            std::ranges::find(m_kept, index, [](const auto& one) { return one.first; });
        if (kept != m_kept.end())
            return kept->second;
        STRATA_ASSIGN(Image<T> drawn, draw(index));
        m_kept.emplace_back(index, std::make_shared<const Image<T>>(std::move(drawn)));
        if (m_kept.size() > kKeptFrames)
            m_kept.pop_front();
        return m_kept.back().second;
    }

private:
    static constexpr std::size_t kKeptFrames = 8; // as many as are decoded at once, and assembled

    Result<Image<T>> draw(std::int64_t index) {
        if constexpr (std::is_same_v<T, std::uint8_t>)
            return m_maker.draw(index, {});
        else
            return m_maker.drawDeep(index, {});
    }

    Clip& m_clip;
    FrameMaker m_maker;
    std::deque<std::pair<std::int64_t, Frame>> m_kept; // the last ones drawn
};

class NarrowedFrames final : public ColorSource {
public:
    explicit NarrowedFrames(DeepColorSource& deep)
        : m_deep(deep) {}

    std::int64_t frameCount() const override { return m_deep.frameCount(); }
    Size frameSize() const override { return m_deep.frameSize(); }
    Result<Frame> frame(std::int64_t index) override {
        STRATA_ASSIGN(const auto deep, m_deep.frame(index));
        ImageU8 out(deep->width(), deep->height(), deep->channels());
        for (std::size_t i = 0; i < out.count(); ++i)
            out.data()[i] = std::uint8_t((deep->data()[i] + 128) / 257);
        return std::make_shared<const ImageU8>(std::move(out));
    }

private:
    DeepColorSource& m_deep;
};

} // namespace

std::unique_ptr<ColorSource> drawnFrames(StageContext& context, const RenderInputs& inputs) {
    return std::make_unique<DrawnFrames<std::uint8_t>>(context, inputs);
}

std::unique_ptr<DeepColorSource> deepDrawnFrames(StageContext& context,
                                                 const RenderInputs& inputs) {
    return std::make_unique<DrawnFrames<std::uint16_t>>(context, inputs);
}

std::unique_ptr<ColorSource> narrowedFrames(DeepColorSource& deep) {
    return std::make_unique<NarrowedFrames>(deep);
}

Result<StageResult> runRenderStage(StageContext& context, const RenderInputs& inputs) {
    StageSpec spec = context.spec("render", 3);
    spec.params = {{"codec", inputs.settings.codec},   {"crf", inputs.settings.crf},
                   {"preset", inputs.settings.preset}, {"seed", inputs.seed},
                   {"occluder", inputs.keepOccluder},  {"personInFront", inputs.personInFront}};
    spec.inputs.push_back(inputs.layers.key);
    spec.inputs.insert(spec.inputs.end(), inputs.keys.begin(), inputs.keys.end());
    FrameMaker maker(context, inputs);
    return context.runner.run(spec, [&](const StageChunk& chunk, const JobContext& job) -> Status {
        STRATA_ASSIGN(const auto writer,
                      VideoWriter::open(chunk.folder / "segment.mp4",
                                        segmentOptions(context.clip, inputs.settings)));
        for (auto i = chunk.range.begin; i < chunk.range.end; ++i) {
            if (job.stopRequested())
                return cancelled();
            STRATA_TRY(maker.write(*writer, i, job));
            job.progress("", i + 1 - chunk.range.begin, chunk.range.size());
        }
        return writer->finish();
    });
}

Result<StageResult> runPreviewStage(StageContext& context, const RenderInputs& inputs,
                                    FrameRange show) {
    StageSpec spec = context.spec("preview", 3);
    spec.params = {{"seed", inputs.seed},
                   {"occluder", inputs.keepOccluder},
                   {"personInFront", inputs.personInFront}};
    spec.inputs.push_back(inputs.layers.key);
    spec.inputs.insert(spec.inputs.end(), inputs.keys.begin(), inputs.keys.end());
    spec.firstFrame = show.begin;
    spec.frameCount = show.size();
    spec.chunkLength = 1;
    FrameMaker maker(context, inputs);
    return context.runner.run(spec, [&](const StageChunk& chunk, const JobContext& job) -> Status {
        STRATA_ASSIGN(const ImageU8 frame, maker.draw(chunk.range.begin, job));
        return writePng(chunk.folder / kPreviewFile, frame);
    });
}

Result<std::string> joinRendered(StageContext& context, const StageResult& rendered,
                                 const ExportSettings& settings, const std::filesystem::path& out) {
    Clip& clip = context.clip;
    JoinOptions options;
    options.fps = clip.info().fps;
    options.timing = clip.timing();
    if (const auto span = clip.soundSpan(); span && settings.audio)
        options.audio = AudioCopy{clip.path(), span->first, span->second};
    STRATA_ASSIGN(JoinResult joined, joinSegments(rendered.files("segment.mp4"), out, options,
                                                  {context.runner.context().stop, {}}));
    return std::move(joined.audioNote);
}

} // namespace strata
