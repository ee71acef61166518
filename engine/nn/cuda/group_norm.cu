// SPDX-License-Identifier: Apache-2.0
#include "engine/nn/cuda/group_norm_kernel.h"

#include "engine/core/cuda/launch.h"

#include <cuda_bf16.h>
#include <cuda_fp16.h>

namespace strata::cuda {
namespace {

constexpr int kThreads = 256;
constexpr int kMostChannels = 2560; // what the shared memory of a block holds the sums of
constexpr int kMostGroups = 256;
constexpr int kMostParts = 64; // of a picture, summed up by a block each
constexpr int kLeastSteps = 8; // of a thread in its part

__device__ float toFloat(float x) { return x; }
__device__ float toFloat(__half x) { return __half2float(x); }
__device__ float toFloat(__nv_bfloat16 x) { return __bfloat162float(x); }
__device__ void fromFloat(float x, float& to) { to = x; }
__device__ void fromFloat(float x, __half& to) { to = __float2half_rn(x); }
__device__ void fromFloat(float x, __nv_bfloat16& to) { to = __float2bfloat16_rn(x); }

/// Neighbours that are read at once.
template <typename T, int Count>
struct alignas(sizeof(T) * Count) Pack {
    T values[Count];
};

struct Moments {
    float sum, squares; // of the differences to the pivot
};

/// Mean and factor of a channel.
struct Scale {
    float mean, factor;
};

struct Work {
    Moments* parts; // [pictures, parts, groups]
    Scale* scales;  // [pictures, channels]
};

int partsOf(const GroupNormShape& s) {
    // About as many steps of each thread as there are parts, within limits.
    const std::int64_t perPicture = s.channels * s.pixels / (kThreads * 4 * kLeastSteps);
    return int(std::clamp<std::int64_t>(perPicture, 1, kMostParts));
}

std::size_t momentBytes(const GroupNormShape& s) {
    return std::size_t(s.pictures * partsOf(s) * s.groups) * sizeof(Moments);
}

/// A value of the group near its others: taking it away first saves the sums from cancellation.
template <typename T>
__device__ float pivotOf(const GroupNormShape& s, const T* x, std::int64_t picture,
                         std::int64_t group) {
    const std::int64_t channel = group * (s.channels / s.groups);
    return toFloat(x[picture * s.channels * s.pixels + channel * (s.channelsLast ? 1 : s.pixels)]);
}

/// Adds up `rows` rows of sums per channel, in shared memory, to those of the groups.
__device__ void writeGroups(const GroupNormShape& s, const Moments* sums, int rows, Moments* out) {
    const int each = int(s.channels / s.groups);
    for (int group = int(threadIdx.x); group < int(s.groups); group += int(blockDim.x)) {
        Moments all{0, 0};
        for (int row = 0; row < rows; ++row)
            for (int c = group * each; c < (group + 1) * each; ++c) {
                all.sum += sums[row * int(s.channels) + c].sum;
                all.squares += sums[row * int(s.channels) + c].squares;
            }
        out[group] = all;
    }
}

/// Channels-last. A block for each part of the pixels and each picture; its threads stand in rows,
/// each for some channels of every `rows`-th pixel.
template <typename T, int Count>
__global__ void sumChannelsLast(GroupNormShape s, const T* x, Moments* parts) {
    __shared__ Moments sums[kMostChannels];
    using Values = Pack<T, Count>;
    const int columns = int(s.channels) / Count;
    const int rows =
        columns >= kThreads ? 1 : min(kThreads / columns, kMostChannels / int(s.channels));
    const int row = int(threadIdx.x) / columns;
    const std::int64_t picture = blockIdx.y;
    const std::int64_t perPart = (s.pixels + gridDim.x - 1) / gridDim.x;
    const std::int64_t from = blockIdx.x * perPart;
    const std::int64_t to = from + perPart < s.pixels ? from + perPart : s.pixels;
    const auto* values = reinterpret_cast<const Values*>(x + picture * s.channels * s.pixels);
    const int each = int(s.channels / s.groups);
    // More columns than threads: one after the other.
    for (int column = int(threadIdx.x) - row * columns; row < rows && column < columns;
         column += columns >= kThreads ? kThreads : columns) {
        float pivots[Count];
        Moments own[Count] = {};
        for (int i = 0; i < Count; ++i)
            pivots[i] = pivotOf(s, x, picture, (column * Count + i) / each);
        for (std::int64_t pixel = from + row; pixel < to; pixel += rows) {
            const Values pack = values[pixel * columns + column];
            for (int i = 0; i < Count; ++i) {
                const float d = toFloat(pack.values[i]) - pivots[i];
                own[i].sum += d;
                own[i].squares += d * d;
            }
        }
        for (int i = 0; i < Count; ++i)
            sums[row * int(s.channels) + column * Count + i] = own[i];
    }
    __syncthreads();
    writeGroups(s, sums, rows, parts + (picture * gridDim.x + blockIdx.x) * s.groups);
}

/// Channel by channel: a group is one row of values. A block for each part, group and picture.
template <typename T, int Count>
__global__ void sumPlanes(GroupNormShape s, const T* x, Moments* parts) {
    __shared__ Moments sums[kThreads];
    using Values = Pack<T, Count>;
    const std::int64_t group = blockIdx.y % s.groups, picture = blockIdx.y / s.groups;
    const std::int64_t count = s.channels / s.groups * s.pixels;
    const auto* values = reinterpret_cast<const Values*>(x + blockIdx.y * count);
    const float pivot = pivotOf(s, x, picture, group);
    Moments own{0, 0};
    const std::int64_t step = std::int64_t(gridDim.x) * blockDim.x;
    for (std::int64_t i = std::int64_t(blockIdx.x) * blockDim.x + threadIdx.x; i < count / Count;
         i += step) {
        const Values pack = values[i];
        for (int k = 0; k < Count; ++k) {
            const float d = toFloat(pack.values[k]) - pivot;
            own.sum += d;
            own.squares += d * d;
        }
    }
    sums[threadIdx.x] = own;
    for (int half = kThreads / 2; half > 0; half /= 2) {
        __syncthreads();
        if (int(threadIdx.x) < half) {
            sums[threadIdx.x].sum += sums[threadIdx.x + half].sum;
            sums[threadIdx.x].squares += sums[threadIdx.x + half].squares;
        }
    }
    if (threadIdx.x == 0)
        parts[(picture * gridDim.x + blockIdx.x) * s.groups + group] = sums[0];
}

/// A block for each picture.
template <typename T>
__global__ void findScales(GroupNormShape s, const T* x, const T* weight, int parts, Work work) {
    __shared__ Scale groups[kMostGroups];
    const std::int64_t picture = blockIdx.x;
    const std::int64_t each = s.channels / s.groups;
    for (std::int64_t g = threadIdx.x; g < s.groups; g += blockDim.x) {
        double sum = 0, squares = 0;
        for (int p = 0; p < parts; ++p) {
            const Moments& part = work.parts[(picture * parts + p) * s.groups + g];
            sum += part.sum;
            squares += part.squares;
        }
        const double count = double(each * s.pixels), mean = sum / count;
        const double variance = squares / count - mean * mean;
        groups[g].mean = float(pivotOf(s, x, picture, g) + mean);
        groups[g].factor = float(1.0 / sqrt((variance > 0 ? variance : 0 * variance) + s.epsilon));
    }
    __syncthreads();
    for (std::int64_t c = threadIdx.x; c < s.channels; c += blockDim.x) {
        const Scale group = groups[c / each];
        const float factor = group.factor * (weight ? toFloat(weight[c]) : 1.0f);
        work.scales[picture * s.channels + c] = {group.mean, factor};
    }
}

/// Blocks of each picture, whose values are counted in 32 bits: divisions are what is slow here.
template <typename T, int Count>
__global__ void apply(GroupNormShape s, const T* x, const T* bias, T* out, const Scale* scales) {
    using Values = Pack<T, Count>;
    const auto channels = unsigned(s.channels), pixels = unsigned(s.pixels);
    const std::int64_t start = blockIdx.y * s.channels * s.pixels;
    const auto* from = reinterpret_cast<const Values*>(x + start);
    auto* to = reinterpret_cast<Values*>(out + start);
    scales += blockIdx.y * s.channels;
    for (unsigned i = blockIdx.x * blockDim.x + threadIdx.x; i < channels * pixels / Count;
         i += gridDim.x * blockDim.x) {
        const Values pack = from[i];
        const unsigned channel = s.channelsLast ? i * Count % channels : i * Count / pixels;
        Values result;
        for (int k = 0; k < Count; ++k) {
            const unsigned c = channel + (s.channelsLast ? unsigned(k) : 0u);
            const Scale scale = scales[c];
            float y = (toFloat(pack.values[k]) - scale.mean) * scale.factor;
            y += bias ? toFloat(bias[c]) : 0.0f;
            fromFloat(s.silu ? y / (1.0f + expf(-y)) : y, result.values[k]);
        }
        to[i] = result;
    }
}

template <typename T, int Count>
void runAll(const GroupNormShape& s, const T* x, const T* weight, const T* bias, T* out,
            const Work& work, Launcher& launcher) {
    const auto pictures = unsigned(s.pictures);
    const int parts = partsOf(s);
    if (s.channelsLast)
        launcher.run(sumChannelsLast<T, Count>, dim3(unsigned(parts), pictures), kThreads, s, x,
                     work.parts);
    else
        launcher.run(sumPlanes<T, Count>, dim3(unsigned(parts), unsigned(s.pictures * s.groups)),
                     kThreads, s, x, work.parts);
    launcher.run(findScales<T>, dim3(pictures), kThreads, s, x, weight, parts, work);
    const dim3 blocks = blocksFor(s.channels * s.pixels / Count, kThreads);
    launcher.run(apply<T, Count>, dim3(blocks.x, pictures), kThreads, s, x, bias, out, work.scales);
}

template <typename T>
const char* runTyped(const GroupNormShape& s, const void* x, const void* weight, const void* bias,
                     void* out, const Work& work, cudaStream_t stream) {
    constexpr int kWide = 16 / sizeof(T);
    const auto aligned = [](const void* p) {
        return reinterpret_cast<std::uintptr_t>(p) % 16 == 0;
    };
    const bool wide =
        aligned(x) && aligned(out) && (s.channelsLast ? s.channels : s.pixels) % kWide == 0;
    const auto* from = static_cast<const T*>(x);
    const auto* w = static_cast<const T*>(weight);
    const auto* b = static_cast<const T*>(bias);
    auto* to = static_cast<T*>(out);
    Launcher launcher(stream);
    if (wide)
        runAll<T, kWide>(s, from, w, b, to, work, launcher);
    else
        runAll<T, 1>(s, from, w, b, to, work, launcher);
    return launcher.result();
}

} // namespace

bool groupNormFits(const GroupNormShape& s) {
    constexpr std::int64_t kMostRows = 65535; // of a grid
    constexpr std::int64_t kMostValues = std::int64_t(1) << 31;
    return s.channels > 0 && s.channels <= kMostChannels && s.groups > 0 &&
           s.groups <= kMostGroups && s.channels % s.groups == 0 && s.pixels > 0 &&
           s.pixels < kMostValues / s.channels && s.pictures > 0 &&
           s.pictures * s.groups <= kMostRows;
}

std::size_t groupNormWorkBytes(const GroupNormShape& s) {
    return momentBytes(s) + std::size_t(s.pictures * s.channels) * sizeof(Scale);
}

const char* groupNorm(const GroupNormShape& shape, const void* x, const void* weight,
                      const void* bias, void* out, void* memory, cudaStream_t stream) {
    auto* bytes = static_cast<std::byte*>(memory);
    const Work work{reinterpret_cast<Moments*>(bytes),
                    reinterpret_cast<Scale*>(bytes + momentBytes(shape))};
    switch (shape.type) {
    case Number::Half:
        return runTyped<__half>(shape, x, weight, bias, out, work, stream);
    case Number::BFloat16:
        return runTyped<__nv_bfloat16>(shape, x, weight, bias, out, work, stream);
    default:
        return runTyped<float>(shape, x, weight, bias, out, work, stream);
    }
}

} // namespace strata::cuda
