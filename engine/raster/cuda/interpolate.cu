// SPDX-License-Identifier: Apache-2.0
#include "engine/raster/cuda/raster_cuda.h"

#include "engine/core/cuda/launch.h"

#include <cmath>

namespace strata::cuda {
namespace {

constexpr int kThreads = 256;
constexpr unsigned kInfinity = 0x7f800000u;

// Sums of gradients as whole numbers, and the largest gradient's bits, which give their unit.
struct Sums {
    unsigned long long* values; // of the attributes' shape, two's complement
    unsigned* largest;
    int spareBits; // so many that the sum of all samples still fits
};

__host__ __device__ std::int64_t pixels(const RasterAttributes& r) {
    return std::int64_t(r.width) * r.height;
}

__host__ __device__ std::int64_t values(const RasterAttributes& r) {
    return std::int64_t(r.ofEachFrame ? r.frames : 1) * r.vertexCount * r.channels;
}

/// Of the corner's first channel.
__device__ std::int64_t place(const RasterAttributes& r, std::int64_t sample, std::int32_t face,
                              int corner) {
    const std::int64_t frame = r.ofEachFrame ? sample / pixels(r) : 0;
    return (frame * r.vertexCount + r.faces[std::int64_t(face) * 3 + corner]) * r.channels;
}

__device__ double unitOf(const Sums& sums) {
    const int exponent = int(*sums.largest >> 23) - 126; // the largest is below 2^exponent
    return ldexp(1.0, 62 - sums.spareBits - exponent);
}

__global__ void draw(RasterAttributes r, const float* attributes, float* image) {
    const std::int64_t count = r.frames * pixels(r) * r.channels;
    const std::int64_t step = std::int64_t(gridDim.x) * blockDim.x;
    for (std::int64_t i = std::int64_t(blockIdx.x) * blockDim.x + threadIdx.x; i < count;
         i += step) {
        const std::int64_t sample = i / r.channels;
        const auto channel = i % r.channels;
        const std::int32_t face = r.face[sample];
        float value = 0;
        if (face >= 0) {
            const float w0 = r.barycentric[2 * sample], w1 = r.barycentric[2 * sample + 1];
            const float w2 = 1.f - w0 - w1;
            value = w0 * attributes[place(r, sample, face, 0) + channel] +
                    w1 * attributes[place(r, sample, face, 1) + channel] +
                    w2 * attributes[place(r, sample, face, 2) + channel];
        }
        image[i] = value;
    }
}

__global__ void findLargest(RasterAttributes r, const float* gradImage, unsigned* largest) {
    const std::int64_t count = r.frames * pixels(r) * r.channels;
    const std::int64_t step = std::int64_t(gridDim.x) * blockDim.x;
    unsigned most = 0;
    for (std::int64_t i = std::int64_t(blockIdx.x) * blockDim.x + threadIdx.x; i < count; i += step)
        if (r.face[i / r.channels] >= 0) {
            const unsigned bits = __float_as_uint(gradImage[i]) & 0x7fffffffu;
            most = bits > most ? bits : most; // those of NaN are the largest
        }
    if (most > *largest)
        atomicMax(largest, most);
}

__global__ void addUp(RasterAttributes r, const float* gradImage, Sums sums) {
    const std::int64_t count = r.frames * pixels(r) * r.channels;
    const std::int64_t step = std::int64_t(gridDim.x) * blockDim.x;
    if (*sums.largest >= kInfinity)
        return;
    const double unit = unitOf(sums);
    for (std::int64_t i = std::int64_t(blockIdx.x) * blockDim.x + threadIdx.x; i < count;
         i += step) {
        const std::int64_t sample = i / r.channels;
        const auto channel = i % r.channels;
        const std::int32_t face = r.face[sample];
        const double gradient = face >= 0 ? double(gradImage[i]) : 0.0;
        if (gradient == 0)
            continue;
        const double w0 = r.barycentric[2 * sample], w1 = r.barycentric[2 * sample + 1];
        const double weights[3] = {w0, w1, 1.0 - w0 - w1};
        for (int corner = 0; corner < 3; ++corner)
            atomicAdd(&sums.values[place(r, sample, face, corner) + channel],
                      (unsigned long long)(llrint(weights[corner] * gradient * unit)));
    }
}

__global__ void finish(RasterAttributes r, Sums sums, float* gradAttributes) {
    const std::int64_t step = std::int64_t(gridDim.x) * blockDim.x;
    const bool finite = *sums.largest < kInfinity;
    const double unit = unitOf(sums);
    for (std::int64_t i = std::int64_t(blockIdx.x) * blockDim.x + threadIdx.x; i < values(r);
         i += step)
        gradAttributes[i] += finite ? float(double((long long)(sums.values[i])) / unit) : NAN;
}

} // namespace

const char* interpolate(const RasterAttributes& raster, const float* attributes, float* image,
                        Stream stream) {
    Launcher launcher(stream);
    launcher.run(draw, blocksFor(raster.frames * pixels(raster) * raster.channels, kThreads),
                 kThreads, raster, attributes, image);
    return launcher.result();
}

std::size_t interpolateBackwardWorkBytes(const RasterAttributes& raster) {
    return (std::size_t(values(raster)) + 1) * sizeof(unsigned long long);
}

const char* interpolateBackward(const RasterAttributes& raster, const float* gradImage,
                                float* gradAttributes, void* work, Stream stream) {
    const std::int64_t samples = raster.frames * pixels(raster);
    Sums sums;
    sums.values = static_cast<unsigned long long*>(work);
    sums.largest = reinterpret_cast<unsigned*>(sums.values + values(raster));
    // A weight may be a rounding error above 1, and each number is rounded.
    sums.spareBits = 2;
    while ((std::int64_t(1) << (sums.spareBits - 2)) < samples)
        ++sums.spareBits;
    Launcher launcher(stream);
    launcher.clear(work, 0, interpolateBackwardWorkBytes(raster));
    const dim3 blocks = blocksFor(samples * raster.channels, kThreads);
    launcher.run(findLargest, blocks, kThreads, raster, gradImage, sums.largest);
    launcher.run(addUp, blocks, kThreads, raster, gradImage, sums);
    launcher.run(finish, blocksFor(values(raster), kThreads), kThreads, raster, sums,
                 gradAttributes);
    return launcher.result();
}

} // namespace strata::cuda
