// SPDX-License-Identifier: Apache-2.0
#include "engine/raster/resolve.h"

#include "engine/core/parallel.h"

#include <cassert>

namespace strata {

RasterCamera supersampled(const RasterCamera& camera, int samplesPerSide) {
    RasterCamera fine = camera;
    fine.width *= samplesPerSide;
    fine.height *= samplesPerSide;
    fine.fx *= float(samplesPerSide);
    fine.fy *= float(samplesPerSide);
    fine.cx *= float(samplesPerSide);
    fine.cy *= float(samplesPerSide);
    return fine;
}

ImageF resolve(const ImageF& samples, int samplesPerSide) {
    const int n = samplesPerSide;
    assert(n > 0 && samples.width() % n == 0 && samples.height() % n == 0);
    const int channels = samples.channels();
    ImageF out(samples.width() / n, samples.height() / n, channels);
    const float scale = 1.f / float(n * n);
    parallelFor(0, out.height(), 16, [&](std::int64_t begin, std::int64_t end) {
        for (int y = int(begin); y < int(end); ++y) {
            float* to = out.row(y);
            for (int row = y * n; row < (y + 1) * n; ++row) {
                const float* from = samples.row(row);
                for (int x = 0; x < out.width(); ++x)
                    for (int k = 0; k < n; ++k, from += channels)
                        for (int c = 0; c < channels; ++c)
                            to[x * channels + c] += from[c];
            }
            for (int i = 0; i < out.width() * channels; ++i)
                to[i] *= scale;
        }
    });
    return out;
}

ImageF resolveCoverage(const RasterBuffers& raster, int samplesPerSide) {
    ImageF covered(raster.width, raster.height, 1);
    for (std::size_t i = 0; i < raster.face.size(); ++i)
        covered.data()[i] = raster.face[i] >= 0 ? 1.f : 0.f;
    return resolve(covered, samplesPerSide);
}

} // namespace strata
