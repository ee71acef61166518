// SPDX-License-Identifier: Apache-2.0
#include "engine/core/parallel.h"
#include "engine/raster/rasterizer.h"

#include <algorithm>
#include <cassert>

namespace strata {
namespace {

/// Channels = 0: known at run time only.
template <int Channels>
void interpolateRows(const RasterBuffers& raster, std::span<const std::uint32_t> faces,
                     std::span<const float> attributes, std::span<const float> background,
                     std::int64_t begin, std::int64_t end, ImageF& out) {
    const int channels = Channels ? Channels : out.channels();
    for (auto y = begin; y < end; ++y) {
        float* to = out.row(int(y));
        auto at = std::size_t(y) * raster.width;
        for (int x = 0; x < raster.width; ++x, ++at, to += channels) {
            const auto face = raster.face[at];
            if (face < 0) {
                for (int c = 0; c < channels && !background.empty(); ++c)
                    to[c] = background[std::size_t(c)];
                continue;
            }
            const auto* corner = &faces[std::size_t(face) * 3];
            const float w0 = raster.barycentric[at * 2];
            const float w1 = raster.barycentric[at * 2 + 1];
            const float w2 = 1.f - w0 - w1;
            const float* p0 = &attributes[std::size_t(corner[0]) * channels];
            const float* p1 = &attributes[std::size_t(corner[1]) * channels];
            const float* p2 = &attributes[std::size_t(corner[2]) * channels];
            for (int c = 0; c < channels; ++c)
                to[c] = w0 * p0[c] + w1 * p1[c] + w2 * p2[c];
        }
    }
}

/// The seen samples in the order of their faces: samples of face f are sample[start[f] .. start[f +
/// 1]).
struct SamplesOfFaces {
    std::vector<std::uint32_t> start, sample;

    SamplesOfFaces(const RasterBuffers& raster, std::size_t faceCount)
        : start(faceCount + 1, 0) {
        for (const auto face : raster.face)
            if (face >= 0)
                ++start[std::size_t(face) + 1];
        for (std::size_t f = 0; f < faceCount; ++f)
            start[f + 1] += start[f];
        sample.resize(start.back());
        auto next = start;
        for (std::uint32_t at = 0; at < raster.face.size(); ++at)
            if (raster.face[at] >= 0)
                sample[next[std::size_t(raster.face[at])]++] = at;
    }
};

} // namespace

ImageF interpolate(const RasterBuffers& raster, std::span<const std::uint32_t> faces,
                   std::span<const float> attributes, int channels,
                   std::span<const float> background) {
    assert(background.empty() || int(background.size()) == channels);
    ImageF out(raster.width, raster.height, channels);
    parallelFor(0, raster.height, 16, [&](std::int64_t begin, std::int64_t end) {
        switch (channels) {
        case 1:
            return interpolateRows<1>(raster, faces, attributes, background, begin, end, out);
        case 2:
            return interpolateRows<2>(raster, faces, attributes, background, begin, end, out);
        case 3:
            return interpolateRows<3>(raster, faces, attributes, background, begin, end, out);
        case 4:
            return interpolateRows<4>(raster, faces, attributes, background, begin, end, out);
        default:
            return interpolateRows<0>(raster, faces, attributes, background, begin, end, out);
        }
    });
    return out;
}

void interpolateBackward(const RasterBuffers& raster, std::span<const std::uint32_t> faces,
                         std::span<const float> gradImage, int channels,
                         std::span<float> gradAttributes) {
    assert(gradImage.size() == raster.face.size() * std::size_t(channels));
    const auto faceCount = faces.size() / 3;
    const SamplesOfFaces samples(raster, faceCount);
    const auto perFace = std::size_t(channels) * 3;
    std::vector<float> gradCorners(faceCount * perFace, 0.f);
    // Each face adds up its own samples, whatever thread it is on; then the faces are added in
    // their order.
    parallelFor(0, std::int64_t(faceCount), 256, [&](std::int64_t begin, std::int64_t end) {
        std::vector<double> sum(perFace);
        for (auto f = std::size_t(begin); f < std::size_t(end); ++f) {
            if (samples.start[f] == samples.start[f + 1])
                continue;
            std::fill(sum.begin(), sum.end(), 0.0);
            for (auto i = samples.start[f]; i < samples.start[f + 1]; ++i) {
                const auto at = std::size_t(samples.sample[i]);
                const double w0 = raster.barycentric[at * 2];
                const double w1 = raster.barycentric[at * 2 + 1];
                for (std::size_t c = 0; c < std::size_t(channels); ++c) {
                    const double g = gradImage[at * channels + c];
                    sum[c] += w0 * g;
                    sum[channels + c] += w1 * g;
                    sum[2 * channels + c] += (1.0 - w0 - w1) * g;
                }
            }
            for (std::size_t i = 0; i < perFace; ++i)
                gradCorners[f * perFace + i] = float(sum[i]);
        }
    });
    for (std::size_t f = 0; f < faceCount; ++f) {
        if (samples.start[f] == samples.start[f + 1])
            continue;
        for (std::size_t k = 0; k < 3; ++k)
            for (std::size_t c = 0; c < std::size_t(channels); ++c)
                gradAttributes[std::size_t(faces[f * 3 + k]) * channels + c] +=
                    gradCorners[f * perFace + k * channels + c];
    }
}

} // namespace strata
