// SPDX-License-Identifier: Apache-2.0
#include "engine/pipeline/stages/light_stage.h"

#include "engine/formats/npz.h"
#include "engine/synth/mesh_synthesizer.h"

#include <algorithm>

namespace strata {
namespace {

constexpr std::int64_t kLookedAt = 16;
constexpr const char* kLightFile = "light.npz";

std::vector<std::int64_t> framesToLookAt(const Motion& motion, std::int64_t count) {
    std::vector<std::int64_t> seen;
    for (std::int64_t i = 0; i < count; ++i)
        if (motion.confidence.empty() || motion.confidence[std::size_t(i)] > 0)
            seen.push_back(i);
    std::vector<std::int64_t> chosen;
    const auto steps = std::min<std::int64_t>(kLookedAt, std::int64_t(seen.size()));
    for (std::int64_t k = 0; k < steps; ++k)
        chosen.push_back(seen[std::size_t((2 * k + 1) * std::int64_t(seen.size()) / (2 * steps))]);
    return chosen;
}

Status addFrame(LightEstimator& estimator, StageContext& context, EditLayers& layers,
                const ShapedBody& body, std::int64_t index) {
    STRATA_ASSIGN(const auto rgb, context.clip.frame(index));
    STRATA_ASSIGN(const auto alpha, layers.human->frame(index));
    STRATA_ASSIGN(const auto plate, layers.plate->frame(index));
    const auto at = std::size_t(index);
    const BodyNormals surface =
        bodyNormals(body, layers.motion.frames[at], layers.motion.cameras[at]);
    estimator.add({rgb.get(), alpha.get(), &surface.normals, &surface.parts, plate.get()});
    return ok();
}

Status saveLight(const std::filesystem::path& file, const SceneLight& light) {
    return writeNpz(file,
                    {{"sh", Array::of({9, 3}, std::span<const float>(&light.sh[0].x, 27))},
                     {"balance", Array::of({3}, std::span<const float>(&light.balance.x, 3))},
                     {"exposure", Array::of({1}, std::span<const float>(&light.exposure, 1))}});
}

Result<SceneLight> loadLight(const std::filesystem::path& file) {
    STRATA_ASSIGN(const ArrayMap arrays, readNpz(file));
    STRATA_ASSIGN(const Array sh, require(arrays, "sh", file.string(), {9, 3}));
    STRATA_ASSIGN(const Array balance, require(arrays, "balance", file.string(), {3}));
    STRATA_ASSIGN(const Array exposure, require(arrays, "exposure", file.string(), {1}));
    SceneLight light;
    const auto values = sh.toFloats();
    std::copy(values.begin(), values.end(), &light.sh[0].x);
    const auto rgb = balance.toFloats();
    light.balance = {rgb[0], rgb[1], rgb[2]};
    light.exposure = exposure.toFloats()[0];
    return light;
}

} // namespace

Result<SceneLight> runLightStage(StageContext& context, EditLayers& layers) {
    StageSpec spec = context.spec("light", 3);
    spec.inputs.push_back(layers.key);
    spec.chunkLength = 0;
    STRATA_ASSIGN(
        const StageResult stage,
        context.runner.run(spec, [&](const StageChunk& chunk, const JobContext& job) -> Status {
            LightEstimator estimator;
            const ShapedBody body(context.body, layers.motion.betas);
            const auto frames = framesToLookAt(layers.motion, context.clip.frameCount());
            for (std::size_t k = 0; k < frames.size(); ++k) {
                if (job.stopRequested())
                    return cancelled();
                STRATA_TRY(addFrame(estimator, context, layers, body, frames[k]));
                job.progress("", std::int64_t(k + 1), std::int64_t(frames.size()));
            }
            return saveLight(chunk.folder / kLightFile, estimator.estimate());
        }));
    return loadLight(stage.chunks[0] / kLightFile);
}

} // namespace strata
