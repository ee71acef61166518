// SPDX-License-Identifier: Apache-2.0
#include "engine/pipeline/stages/scene_stages.h"

#include "engine/decompose/scene/camera_motion.h"
#include "engine/decompose/scene/depth_alignment.h"
#include "engine/decompose/scene/layers.h"
#include "engine/decompose/scene/plate.h"
#include "engine/pipeline/stages/body_source.h"
#include "engine/pipeline/stages/continue_from.h"
#include "engine/pipeline/stages/layer_files.h"
#include "engine/pipeline/stages/leaving_person.h"
#include "engine/pipeline/stages/subject_stages.h"

namespace strata {
namespace {

constexpr const char* kCameraFile = "camera.npz";

Status computeCamera(StageContext& context, MaskSource& moving, const StageChunk& chunk,
                     const JobContext& job) {
    CameraTracker tracker(context.clip.frameSize());
    STRATA_TRY(continueFrom(tracker, chunk));
    CameraPath path;
    for (auto i = chunk.range.begin; i < chunk.range.end; ++i) {
        if (job.stopRequested())
            return cancelled();
        STRATA_ASSIGN(const auto rgb, context.clip.frame(i));
        STRATA_ASSIGN(const auto mask, moving.frame(i));
        STRATA_ASSIGN(const CameraStep step, tracker.add(*rgb, *mask));
        path.append(step);
        job.progress("", i + 1 - chunk.range.begin, chunk.range.size());
    }
    STRATA_TRY(writeNpz(chunk.folder / kCameraFile, path.pack()));
    return leaveState(tracker, chunk);
}

Status computeDepth(StageContext& context, const CameraPath& path, MaskSource& moving,
                    const StageChunk& chunk, const JobContext& job) {
    STRATA_ASSIGN(DepthEstimator* const network, context.networks.depth());
    DepthAligner aligner(context.clip.frameSize());
    STRATA_TRY(continueFrom(aligner, chunk));
    STRATA_ASSIGN(const auto writer, openLayerWriter(chunk.folder / "depth.mkv",
                                                     context.clip.frameSize(), PixelStore::Gray16));
    for (auto i = chunk.range.begin; i < chunk.range.end; ++i) {
        if (job.stopRequested())
            return cancelled();
        STRATA_ASSIGN(const auto rgb, context.clip.frame(i));
        STRATA_ASSIGN(const auto mask, moving.frame(i));
        STRATA_ASSIGN(const ImageF inverse, network->inverseDepth(*rgb));
        STRATA_ASSIGN(const ImageU16 aligned, aligner.add(inverse, *mask, path.step(i)));
        STRATA_TRY(writer->write(i, aligned));
        job.progress("", i + 1 - chunk.range.begin, chunk.range.size());
    }
    STRATA_TRY(writer->finish());
    return leaveState(aligner, chunk);
}

Status computeLayers(StageContext& context, LayerSplitter& splitter, const StageChunk& chunk,
                     const JobContext& job) {
    const Size size = context.clip.frameSize();
    STRATA_ASSIGN(const auto human,
                  openLayerWriter(chunk.folder / "human.mkv", size, PixelStore::Gray8));
    STRATA_ASSIGN(const auto occluder,
                  openLayerWriter(chunk.folder / "occluder.mkv", size, PixelStore::Gray8));
    for (auto i = chunk.range.begin; i < chunk.range.end; ++i) {
        if (job.stopRequested())
            return cancelled();
        STRATA_ASSIGN(const LayerFrame layers, splitter.split(i, job));
        STRATA_TRY(human->write(i, layers.human));
        STRATA_TRY(occluder->write(i, layers.occluder));
        job.progress("", i + 1 - chunk.range.begin, chunk.range.size());
    }
    STRATA_TRY(human->finish());
    return occluder->finish();
}

Status computePlate(StageContext& context, const PlateInputs& inputs, const StageChunk& chunk,
                    const JobContext& job) {
    STRATA_ASSIGN(PlateBuilder builder, PlateBuilder::create(inputs));
    STRATA_TRY(continueFrom(builder, chunk));
    STRATA_ASSIGN(const auto writer, openLayerWriter(chunk.folder / "plate.mkv",
                                                     context.clip.frameSize(), PixelStore::Rgb8));
    for (auto i = chunk.range.begin; i < chunk.range.end; ++i) {
        if (job.stopRequested())
            return cancelled();
        STRATA_ASSIGN(const ImageU8 plate, builder.next(i, job));
        STRATA_TRY(writer->write(i, plate));
        job.progress("", i + 1 - chunk.range.begin, chunk.range.size());
    }
    STRATA_TRY(writer->finish());
    return leaveState(builder, chunk);
}

} // namespace

Result<StageResult> runCameraStage(StageContext& context, const std::string& movingKey,
                                   MaskSource& moving) {
    StageSpec spec = context.spec("camera", 1);
    spec.inputs.push_back(movingKey);
    spec.sequential = true;
    return context.runner.run(spec, [&](const StageChunk& chunk, const JobContext& job) {
        return computeCamera(context, moving, chunk, job);
    });
}

Result<CameraPath> readCameraPath(const StageResult& camera) {
    CameraPath path;
    for (const auto& file : camera.files(kCameraFile)) {
        STRATA_ASSIGN(const ArrayMap arrays, readNpz(file));
        STRATA_ASSIGN(const CameraPath part, CameraPath::unpack(arrays, file.string()));
        for (std::int64_t i = 0; i < part.frameCount(); ++i)
            path.append(part.step(i));
    }
    return path;
}

Result<StageResult> runDepthStage(StageContext& context, const StageResult& camera,
                                  const CameraPath& path, MaskSource& moving) {
    StageSpec spec = context.spec("depth", 1);
    spec.inputs.push_back(camera.key);
    spec.inputs.push_back(context.networks.digest("depth_anything_v2_small"));
    spec.sequential = true;
    return context.runner.run(spec, [&](const StageChunk& chunk, const JobContext& job) {
        return computeDepth(context, path, moving, chunk, job);
    });
}

Result<StageResult> runLayersStage(StageContext& context, const SceneStageInputs& inputs) {
    const Size size = context.clip.frameSize();
    const auto alpha = maskLayer(inputs.steady, "alpha.mkv", size);
    const auto depth = depthLayer(inputs.depth, "depth.mkv", size);
    const auto others = otherPeople(inputs.people, inputs.person, size);
    BodyRenderer renderer(context.body, inputs.motion, size);
    const auto silhouette = renderer.silhouette();
    const auto parts = renderer.parts();

    LayerInputs sources;
    sources.rgb = &context.clip;
    sources.human = alpha.get();
    sources.depth = depth.get();
    sources.silhouette = silhouette.get();
    sources.bodyParts = parts.get();
    sources.otherPeople = others.get();
    sources.camera = &inputs.path;
    STRATA_ASSIGN(LayerSplitter splitter, LayerSplitter::create(sources));

    StageSpec spec = context.spec("layers", 19);
    spec.inputs.insert(spec.inputs.end(), {inputs.steady.key, inputs.depth.key, inputs.camera.key,
                                           inputs.bodyFit.key});
    return context.runner.run(spec, [&](const StageChunk& chunk, const JobContext& job) {
        return computeLayers(context, splitter, chunk, job);
    });
}

Result<StageResult> runPlateStage(StageContext& context, const SceneStageInputs& inputs,
                                  const StageResult& layers) {
    const Size size = context.clip.frameSize();
    const auto people =
        leavingPerson(maskLayer(inputs.steady, "alpha.mkv", size),
                      maskLayer(layers, "occluder.mkv", size), context.body, inputs.motion);
    const auto occluder = maskLayer(layers, "occluder.mkv", size);
    BodyRenderer renderer(context.body, inputs.motion, size);
    const auto silhouette = renderer.silhouette();
    PlateInputs sources;
    sources.rgb = &context.clip;
    sources.people = people.get();
    sources.occluder = occluder.get();
    sources.camera = &inputs.path;
    sources.silhouette = silhouette.get();
    sources.inpaint = [&context](const ImageU8& rgb, const ImageU8& hole) -> Result<ImageU8> {
        STRATA_ASSIGN(Inpainter* const network, context.networks.inpainter());
        return network->inpaint(rgb, hole);
    };

    StageSpec spec = context.spec("plate", 8);
    spec.inputs.insert(spec.inputs.end(), {inputs.steady.key, layers.key, inputs.camera.key,
                                           context.networks.digest("migan")});
    spec.sequential = true;
    return context.runner.run(spec, [&](const StageChunk& chunk, const JobContext& job) {
        return computePlate(context, sources, chunk, job);
    });
}

} // namespace strata
