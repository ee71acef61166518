// SPDX-License-Identifier: Apache-2.0
#include "engine/train/data/bench_render.h"

#include "engine/core/parallel.h"
#include "engine/raster/resolve.h"
#include "engine/train/render/layered_renderer.h"

#include <algorithm>
#include <chrono>

namespace strata {
namespace {

double seconds() {
    using namespace std::chrono;
    return duration<double>(steady_clock::now().time_since_epoch()).count();
}

constexpr int kLayers = 3; // scene, human, occluder

/// Fills the samples of every layer with one rectangle and copies them into pictures.
void fillOnce(int side) {
    constexpr float vertices[] = {-9, -9, 1, 9, -9, 1, 9, 9, 1, -9, 9, 1};
    constexpr std::uint32_t faces[] = {0, 1, 2, 0, 2, 3};
    const auto half = float(side) / 2;
    const RasterCamera camera =
        supersampled({side, side, half, half, half, half, 0.05f}, LayerOptions{}.samplesPerSide);
    thread_local RasterBuffers samples;
    LayeredFrame frame;
    for (int layer = 0; layer < kLayers; ++layer)
        rasterize(vertices, faces, camera, {.cullBackFaces = false}, samples);
    for (ImageU8* picture : {&frame.color, &frame.scene, &frame.lit, &frame.human, &frame.occluder})
        *picture = ImageU8(side, side, 3, 1);
    for (ImageU8* alpha : {&frame.humanAlpha, &frame.occluderAlpha})
        *alpha = ImageU8(side, side, 1, 1);
    frame.depth = ImageF(side, side, 1, 1.f);
}

double fillRate(int side) {
    constexpr int kFrames = 48;
    double best = 0;
    for (int repeat = 0; repeat < 3; ++repeat) {
        const double start = seconds();
        parallelFor(0, kFrames, 1, [&](std::int64_t begin, std::int64_t end) {
            for (auto i = begin; i < end; ++i)
                fillOnce(side);
        });
        best = std::max(best, kFrames / (seconds() - start));
    }
    return best;
}

} // namespace

Result<RenderBench> benchRender(const TrainingAssets& assets, int clips,
                                const RenderClipOptions& options, const JobContext& job) {
    RenderBench bench;
    bench.clips = clips;
    bench.frames = clips * options.frames;
    bench.side = options.side;
    bench.threads = workerCount();
    bench.portraits = options.portraits + 1;
    double spent = 0;
    for (int i = 0; i < clips; ++i) {
        const double start = seconds();
        STRATA_ASSIGN(const RenderedClip clip,
                      renderClip(assets, randomRecipe(assets, std::uint64_t(i) + 1, Split::Train),
                                 options, job.stop));
        spent += seconds() - start;
        job.progress("clips", i + 1, clips);
    }
    bench.framesPerSecond = bench.frames / std::max(spent, 1e-9);
    bench.boundPerSecond = fillRate(options.side);
    return bench;
}

} // namespace strata
