// SPDX-License-Identifier: Apache-2.0
#include "engine/synth/diffusion/clip_generator.h"

#include "engine/synth/diffusion/edge_masks.h"
#include "engine/synth/diffusion/frame_selection.h"
#include "engine/synth/diffusion/network_inputs.h"
#include "engine/synth/diffusion/seeded_noise.h"
#include "engine/synth/diffusion/silhouette.h"
#include "engine/synth/diffusion/torch_noise.h"

#include <algorithm>
#include <functional>
#include <limits>
#include <string>

namespace strata {
namespace {

Status checkInputs(const GeneratorInputs& inputs, bool animation) {
    if (animation && inputs.motion)
        return ok();
    const auto& [scene, video, occluder, oldPerson, inFront] = inputs.layers;
    if (!inputs.motion || !scene || ((occluder || oldPerson) && !video))
        return Error{ErrorCode::Usage, "Generating needs a motion and a scene, and the video where "
                                       "there are occluders."};
    const auto fits = [&](const ColorSource* source) {
        return !source || (source->frameCount() >= inputs.motion->frameCount() &&
                           source->frameSize() == inputs.motion->frameSize());
    };
    if (!fits(scene) || !fits(video) || !fits(occluder) || !fits(oldPerson) || !fits(inputs.sketch))
        return Error{ErrorCode::ShapeMismatch,
                     "The scene, video, occluder or sketch has fewer frames than the motion's " +
                         std::to_string(inputs.motion->frameCount()) + " or another size."};
    return ok();
}

Result<ImageU8> cropOf(ColorSource& source, std::int64_t frame, const RectI& box) {
    STRATA_ASSIGN(const auto picture, source.frame(frame));
    return cropped(*picture, box);
}

void put(const FrameStack& one, FrameStack& into, int at) {
    std::ranges::copy(one.values(), into.frame(at).begin());
}

FrameStack part(const FrameStack& stack, int first, int count) {
    FrameStack out(count, stack.shape());
    for (int i = 0; i < count; ++i)
        std::ranges::copy(stack.frame(first + i), out.frame(i).begin());
    return out;
}

} // namespace

GeneratorSettings releaseSettings(Arithmetic arithmetic) {
    GeneratorSettings settings;
    settings.release = true;
    settings.roi.rule = RoiRule::Release;
    settings.sampler.windows.schedule = WindowSchedule::Release;
    settings.sampler.arithmetic = arithmetic;
    return settings;
}

ClipGenerator::ClipGenerator(DenoiserBackend& backend, GeneratorSettings settings,
                             GeneratorHooks hooks)
    : m_backend(backend)
    , m_settings(std::move(settings))
    , m_hooks(std::move(hooks))
    , m_picture(networkSize(m_settings.picture)) {}

Status ClipGenerator::setReference(const ImageU8& rgba, std::stop_token stop) {
    STRATA_ASSIGN(const ImageU8 square, referencePicture(rgba));
    return setReference(square, {}, stop);
}

Status ClipGenerator::setReference(const ImageU8& square, FrameStack tokens, std::stop_token stop) {
    return m_backend.setReference(
        {vaePicture(square, m_picture), clipPicture(square), std::move(tokens)}, stop);
}

Result<std::vector<RoiClip>> ClipGenerator::findClips(ColorSource& motion, FrameRange frames,
                                                      const JobContext& job) const {
    std::vector<RectI> rois, persons; // persons: where there is one
    for (auto i = frames.begin; i < frames.end; ++i) {
        if (job.stopRequested())
            return cancelled();
        STRATA_ASSIGN(const auto frame, motion.frame(i));
        const RectI bounds = boundingRect(motionSilhouette(*frame, !m_settings.animation));
        if (!bounds.empty() || m_settings.release)
            persons.push_back(bounds);
        rois.push_back(frameRoi(bounds, motion.frameSize(), m_settings.roi));
        job.progress("boxes", i + 1 - frames.begin, frames.size());
    }
    if (!m_settings.animation) {
        STRATA_ASSIGN(auto clips, roiClips(rois, m_settings.roi));
        for (RoiClip& clip : clips)
            clip.frames = {clip.frames.begin + frames.begin, clip.frames.end + frames.begin};
        return clips;
    }
    const RectI box = animationBox(persons, motion.frameSize(), m_settings.roi);
    if (box.empty())
        return Error{ErrorCode::NothingToDo, "The motion shows no person in any frame."};
    return std::vector<RoiClip>{{frames, 0, box}};
}

Status ClipGenerator::generate(const GeneratorInputs& inputs, ColorSink& out, const JobContext& job,
                               std::optional<FrameRange> only) {
    STRATA_TRY(checkInputs(inputs, m_settings.animation));
    if (m_settings.takesSketch && !inputs.sketch)
        return Error{ErrorCode::Usage, "These networks are shown sketches of the person, which "
                                       "nothing draws."};
    if (m_settings.takesSketch && (m_settings.release || m_settings.animation))
        return Error{ErrorCode::Usage, "The published modes have no sketches."};
    if (m_picture.width < 8 || m_picture.width != m_picture.height)
        return Error{ErrorCode::Usage,
                     "The networks' picture must be square, of 8 pixels at least."};
    FrameRange frames{0, inputs.motion->frameCount()};
    if (m_settings.release)
        frames.end = std::min(frames.end, kReleaseFrameLimit);
    else if (only && !m_settings.animation)
        frames = frames.intersected(*only);
    auto clips = findClips(*inputs.motion, frames, job);
    if (!clips && clips.error().code == ErrorCode::NothingToDo && m_settings.takesSketch)
        return copySketches(inputs, frames, out, job);
    STRATA_ASSIGN(m_clips, std::move(clips));

    std::vector<Run> runs;
    for (std::size_t c = 0; c < m_clips.size(); ++c) {
        if (runs.empty() || !m_settings.release)
            runs.emplace_back();
        const FrameRange shared = m_clips[c].frames;
        for (auto frame = shared.begin; frame < shared.end; ++frame)
            runs.back().push_back({c, frame});
    }
    const auto assembler = assemblerFor(inputs, out);
    for (std::size_t r = 0; r < runs.size(); ++r) {
        STRATA_TRY(m_backend.beginClip(int(runs[r].size()), m_picture));
        STRATA_TRY(setConditions(inputs, runs[r], job));
        STRATA_ASSIGN(const FrameStack latents, denoise(int(r), runs[r], job));
        STRATA_TRY(decode(inputs, latents, runs[r], *assembler, job));
    }
    return assembler->flushBefore(std::numeric_limits<std::int64_t>::max());
}

Status ClipGenerator::copySketches(const GeneratorInputs& inputs, FrameRange frames, ColorSink& out,
                                   const JobContext& job) const {
    const auto copy = [&](auto& source, auto& sink) -> Status {
        for (auto i = frames.begin; i < frames.end; ++i) {
            if (job.stopRequested())
                return cancelled();
            STRATA_ASSIGN(const auto frame, source.frame(i));
            STRATA_TRY(sink.write(i, *frame));
        }
        return ok();
    };
    return inputs.isDeep() ? copy(*inputs.deepSketch, *inputs.deepOut) : copy(*inputs.sketch, out);
}

std::unique_ptr<FrameAssembler> ClipGenerator::assemblerFor(const GeneratorInputs& inputs,
                                                            ColorSink& out) const {
    if (m_settings.animation)
        return makePictureAssembler(out);
    if (m_settings.takesSketch)
        return inputs.isDeep()
                   ? makeCorrectingAssembler(inputs.layers, *inputs.deepSketch, *inputs.deepOut,
                                             m_settings.layer)
                   : makeCorrectingAssembler(inputs.layers, *inputs.sketch, out, m_settings.layer);
    if (!m_settings.release)
        return makeAssembler(inputs.layers, out, m_settings.layer);
    return makeReleaseAssembler(inputs.layers, out,
                                m_settings.masks.empty() ? generatedMasks() : m_settings.masks,
                                m_settings.roi.overlap);
}

Status ClipGenerator::setConditions(const GeneratorInputs& inputs, const Run& run,
                                    const JobContext& job) {
    const FrameShape shape{3, m_picture.height, m_picture.width};
    const FrameShape code{inputs.body ? inputs.body->channels() : 3, shape.height, shape.width};
    const int count = int(run.size()), most = std::max(1, m_backend.picturesPerCall());
    for (int first = 0; first < count; first += most) {
        const int now = std::min(most, count - first);
        ConditionInput input{FrameStack(now, code), FrameStack(now, shape), {}};
        if (m_settings.takesOccluder)
            input.occluder = FrameStack(now, shape);
        if (m_settings.takesSketch)
            input.sketch = FrameStack(now, shape);
        for (int i = 0; i < now; ++i) {
            if (job.stopRequested())
                return cancelled();
            STRATA_TRY(readFrame(inputs, run[std::size_t(first + i)], i, input));
        }
        STRATA_TRY(m_backend.setConditions(first, input, job.stop));
        job.progress("conditions", first + now, count);
    }
    return ok();
}

/// Fills the place `at` of the conditions.
Status ClipGenerator::readFrame(const GeneratorInputs& inputs, const Entry& entry, int at,
                                ConditionInput& input) const {
    const auto square = [this](const ImageU8& crop, std::uint8_t fill) {
        const SquarePad pad = squarePad(crop.size());
        return m_settings.release ? padded(crop, pad, fill)
                                  : paddedAndResized(crop, pad, m_picture.width, fill);
    };
    const RectI box = cropBox(m_clips[entry.clip], inputs.motion->frameSize());
    if (inputs.body) {
        STRATA_TRY(drawBody(inputs, entry, box, at, input));
    } else {
        STRATA_ASSIGN(const ImageU8 motion, cropOf(*inputs.motion, entry.frame, box));
        put(posePicture(square(motion, 0), m_picture), input.pose, at);
    }
    ImageU8 scene(box.width(), box.height(), 3, 255);
    if (!m_settings.animation) {
        STRATA_ASSIGN(scene, cropOf(*inputs.layers.scene, entry.frame, box));
    }
    put(vaePicture(square(scene, 255), m_picture), input.scene, at);
    if (m_settings.takesSketch) {
        STRATA_ASSIGN(const FrameStack sketch, squareOf(*inputs.sketch, inputs, entry));
        put(sketch, input.sketch, at);
    }
    if (!m_settings.takesOccluder)
        return ok();
    STRATA_ASSIGN(const ImageU8 front, occluderOf(inputs, entry.frame, box));
    put(vaePicture(square(front, 0), m_picture), input.occluder, at);
    return ok();
}

Status ClipGenerator::drawBody(const GeneratorInputs& inputs, const Entry& entry, const RectI& box,
                               int at, ConditionInput& input) const {
    const SquarePad pad = squarePad({box.width(), box.height()});
    const SquareView view{float(box.x0 - pad.left), float(box.y0 - pad.top),
                          float(m_picture.width) / float(pad.side), m_picture.width};
    return inputs.body->draw(entry.frame, view, input.pose.frame(at));
}

Result<ImageU8> ClipGenerator::occluderOf(const GeneratorInputs& inputs, std::int64_t frame,
                                          const RectI& box) const {
    const auto& layers = inputs.layers;
    if (m_settings.animation || !layers.occluder)
        return ImageU8(box.width(), box.height(), 3, 0);
    STRATA_ASSIGN(const ImageU8 picture, cropOf(*layers.video, frame, box));
    STRATA_ASSIGN(const ImageU8 matte, cropOf(*layers.occluder, frame, box));
    return layerOnBlack(picture, matte);
}

Result<FrameStack> ClipGenerator::denoise(int number, const Run& run, const JobContext& job) {
    Sampler sampler(m_backend, m_settings.sampler,
                    m_hooks.sampler ? m_hooks.sampler(number) : SamplerHooks{});
    const FrameShape shape = m_backend.latentShape(m_picture);
    if (m_hooks.saved) {
        auto state = m_hooks.saved(number);
        if (state && state->latents.frames() == int(run.size()) && state->latents.shape() == shape)
            return sampler.resume(std::move(*state), job);
    }
    if (!m_settings.release)
        return sampler.run(seededNoise({m_settings.seed, m_settings.stream, run.front().frame},
                                       int(run.size()), shape),
                           job);
    TorchNormals normals(m_settings.seed);
    return sampler.run(releaseNoise(normals, int(run.size()), shape, m_settings.sampler.arithmetic),
                       job);
}

Result<FrameStack> ClipGenerator::squareOf(ColorSource& source, const GeneratorInputs& inputs,
                                           const Entry& entry) const {
    const RectI box = cropBox(m_clips[entry.clip], inputs.motion->frameSize());
    STRATA_ASSIGN(const ImageU8 picture, cropOf(source, entry.frame, box));
    return vaePicture(paddedAndResized(picture, squarePad(picture.size()), m_picture.width, 255),
                      m_picture);
}

Status ClipGenerator::leaveCorrections(const GeneratorInputs& inputs,
                                       std::span<const Entry> entries, FrameStack& pictures,
                                       std::stop_token stop) {
    const auto squares = [&](ColorSource& source) -> Result<FrameStack> {
        FrameStack out(pictures.frames(), pictures.shape());
        for (std::size_t i = 0; i < entries.size(); ++i) {
            STRATA_ASSIGN(const FrameStack square, squareOf(source, inputs, entries[i]));
            put(square, out, int(i));
        }
        return out;
    };
    STRATA_ASSIGN(const FrameStack sketches, squares(*inputs.sketch));
    STRATA_ASSIGN(const FrameStack latents, m_backend.encode(sketches, stop));
    STRATA_ASSIGN(const FrameStack back, m_backend.decode(latents, stop));
    std::ranges::transform(pictures.values(), back.values(), pictures.values().begin(),
                           std::minus<>());
    if (!m_backend.refines())
        return ok();
    STRATA_ASSIGN(const FrameStack scenes, squares(*inputs.layers.scene));
    STRATA_ASSIGN(pictures, m_backend.refine(std::move(pictures), sketches, scenes, stop));
    return ok();
}

Status ClipGenerator::decode(const GeneratorInputs& inputs, const FrameStack& latents,
                             const Run& run, FrameAssembler& assembler, const JobContext& job) {
    const int count = int(run.size()), most = std::max(1, m_backend.picturesPerCall());
    for (int first = 0; first < count; first += most) {
        if (job.stopRequested())
            return cancelled();
        const int now = std::min(most, count - first);
        STRATA_ASSIGN(FrameStack pictures, m_backend.decode(part(latents, first, now), job.stop));
        if (pictures.frames() != now ||
            pictures.shape() != FrameShape{3, m_picture.height, m_picture.width})
            return Error{ErrorCode::Internal, "The decoder gave pictures of another size."};
        if (m_settings.takesSketch)
            STRATA_TRY(leaveCorrections(
                inputs, std::span(run).subspan(std::size_t(first), std::size_t(now)), pictures,
                job.stop));
        for (int i = 0; i < now; ++i) {
            const Entry& entry = run[std::size_t(first + i)];
            const RoiClip& clip = m_clips[entry.clip];
            STRATA_TRY(assembler.add(clip, entry.frame, pictures.frame(i), m_picture.width));
            // What later clips repeat is held back.
            const std::size_t next = entry.clip + 1;
            const auto safe = next < m_clips.size() ? m_clips[next].frames.begin : entry.frame + 1;
            STRATA_TRY(assembler.flushBefore(std::min(safe, entry.frame + 1)));
        }
        job.progress("decode", first + now, count);
    }
    return ok();
}

} // namespace strata
