// SPDX-License-Identifier: Apache-2.0
#include "engine/pipeline/bench_bounds.h"

#include "engine/pipeline/bench_probes.h"
#include "engine/pipeline/stages/layer_files.h"

#include <cstdio>

namespace strata {
namespace {

/// "1.25", for texts.
std::string decimal(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%.*f", value < 10 ? 2 : 1, value);
    return text;
}

StageBound networkBound(double work, double gflops, const std::string& what) {
    if (!(work > 0))
        return {0, "no network ran"};
    return {gflops * 1e9 / work, decimal(work / 1e9) + " GFLOP a frame: " + what};
}

Result<StageBound> peopleBound(const BoundInputs& in, double frames) {
    STRATA_ASSIGN(const double detector, tfliteWork(in.files.detector));
    STRATA_ASSIGN(const double pose, tfliteWork(in.files.pose));
    const double looks = double(in.use.detections + in.use.tiledDetections);
    const double poses = double(in.use.poses);
    std::string what = decimal(poses / frames) + " runs of the landmark network, " +
                       decimal(looks / frames) + " of the detector";
    if (in.use.tiledDetections > 0)
        what += " (looks at tiles counted once)";
    return networkBound((looks * detector + poses * pose) / frames, in.gflops, what);
}

Result<StageBound> matteBound(const BoundInputs& in, double frames) {
    double work = 0;
    std::int64_t runs = 0;
    for (const auto& [size, count] : in.use.mattes) {
        STRATA_ASSIGN(const double once, mattingWork(in.files.matting, {size.first, size.second}));
        work += once * double(count);
        runs += count;
    }
    return networkBound(work / frames, in.gflops,
                        decimal(double(runs) / frames) + " runs of MODNet");
}

Result<StageBound> depthBound(const BoundInputs& in) {
    STRATA_ASSIGN(const double work, depthWork(in.files.depth, in.parts.size));
    return networkBound(work, in.gflops, "one run of Depth Anything V2");
}

} // namespace

Result<StageBounds> boundsOf(const BoundInputs& in) {
    const auto matte = in.parts.matteSource();
    const auto depth = in.parts.depthSource();
    const auto plate = in.parts.plateSource();
    const double frames = double(matte->frameCount());
    StageBounds bounds;
    STRATA_ASSIGN(bounds["people"], peopleBound(in, frames));
    STRATA_ASSIGN(bounds["matte"], matteBound(in, frames));
    STRATA_ASSIGN(bounds["depth"], depthBound(in));
    bounds["body"] = {0, "no bound: one optimisation over all frames"};

    STRATA_ASSIGN(const double readMask, readingTime(*matte));
    STRATA_ASSIGN(const double readDepth, readingTime(*depth));
    STRATA_ASSIGN(const double writeMask,
                  writingTime(*matte, PixelStore::Gray8, in.scratch / "mask.mkv"));
    STRATA_ASSIGN(const double writeColor,
                  writingTime(*plate, PixelStore::Rgb8, in.scratch / "color.mkv"));
    const auto traffic = [&](double seconds, const std::string& what) {
        return StageBound{1 / (in.readFrame + seconds), "reading and writing alone: " + what};
    };
    bounds["steady"] = traffic(readMask + writeMask, "frame and matte in, matte out");
    bounds["camera"] = traffic(readMask, "frame and matte in");
    bounds["layers"] =
        traffic(readMask + readDepth + 2 * writeMask, "frame, matte and depth in, two mattes out");
    bounds["plate"] = traffic(2 * readMask + writeColor, "frame and two mattes in, frame out");
    return bounds;
}

} // namespace strata
