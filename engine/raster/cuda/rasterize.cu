// SPDX-License-Identifier: Apache-2.0
#include "engine/raster/cuda/raster_cuda.h"

#include "engine/core/cuda/launch.h"
#include "engine/raster/triangle_setup.h"

namespace strata::cuda {
namespace {

using Key = unsigned long long; // depth above, face below: the least is what is seen

constexpr int kThreads = 256;
constexpr int kBlock = 8;        // samples that the CPU works on together, which shapes rounding
constexpr int kSmallArea = 1024; // of the box of a face that one warp samples
constexpr int kLanes = 32;       // of a warp: 8 columns, 4 rows
constexpr int kTile = 32;        // side of a tile where large faces are sampled
constexpr int kOwn = kTile * kTile / kThreads; // samples of a tile that each thread owns
constexpr Key kNothing = ~Key(0);

struct Work {
    TriangleSetup* triangles; // [frames, faces]; those that are not seen have an empty box
    Key* keys;                // [frames, H, W]
    std::int32_t* large;      // [frames, faces]: numbers of the large faces
    std::int32_t* largeCount; // [frames]
};

struct Sample {
    float first, second, z;
};

__host__ __device__ std::int64_t pixels(const RasterScene& s) {
    return std::int64_t(s.width) * s.height;
}

std::size_t rounded(std::size_t bytes) { return (bytes + 255) / 256 * 256; }

std::size_t layOut(const RasterScene& s, void* memory, Work& work) {
    auto* at = static_cast<std::byte*>(memory);
    const auto start = at;
    const auto take = [&at](auto*& pointer, std::size_t count) {
        using Item = std::remove_reference_t<decltype(*pointer)>;
        pointer = reinterpret_cast<Item*>(at);
        at += rounded(count * sizeof(Item));
    };
    const auto faces = std::size_t(s.frames) * std::size_t(s.faceCount);
    take(work.triangles, faces);
    take(work.keys, std::size_t(s.frames) * std::size_t(pixels(s)));
    take(work.large, faces);
    take(work.largeCount, std::size_t(s.frames));
    return std::size_t(at - start);
}

/// Columns that are sampled for a box: to the ends of the CPU's blocks, since rounding may put a
/// sample inside that lies beyond the box.
__device__ int firstColumn(const RectI& box) { return box.x0 / kBlock * kBlock; }
__device__ int endColumn(const RectI& box) { return (box.x1 + kBlock - 1) / kBlock * kBlock; }

__device__ bool isLarge(const RectI& box) {
    return std::int64_t(endColumn(box) - firstColumn(box)) * (box.y1 - box.y0) > kSmallArea;
}

/// In the order of the depths, as a whole number.
__device__ unsigned orderOf(float depth) {
    const unsigned bits = __float_as_uint(depth + 0.0f); // -0 is 0
    return bits & 0x80000000u ? ~bits : bits | 0x80000000u;
}

/// The arithmetic of the CPU's tile kernel, operation by operation.
__device__ bool sampleAt(const TriangleSetup& t, int x, int y, float nearPlane, Sample& out) {
    const int lane = x % kBlock;
    const double u = x - lane + 0.5;
    const double v = y + 0.5;
    float e[3];
    for (int i = 0; i < 3; ++i) {
        const double row = t.b[i] * v + t.c[i];
        e[i] = float(t.a[i] * u + row) + float(t.a[i]) * float(lane);
        if (!(e[i] > 0.f || (e[i] == 0.f && t.inclusive[i])))
            return false;
    }
    const float scale = 1.f / (e[0] + e[1] + e[2]);
    out.first = e[0] * scale;
    out.second = e[1] * scale;
    out.z = out.first * t.z[0] + out.second * t.z[1] + (1.f - out.first - out.second) * t.z[2];
    return out.z >= nearPlane && out.z < HUGE_VALF;
}

__device__ Key keyAt(const TriangleSetup& t, int x, int y, float nearPlane) {
    Sample sample;
    return sampleAt(t, x, y, nearPlane, sample) ? Key(orderOf(sample.z)) << 32 | unsigned(t.face)
                                                : kNothing;
}

__global__ void setUp(RasterScene s, Work work) {
    const int face = int(blockIdx.x * blockDim.x + threadIdx.x);
    const int frame = int(blockIdx.y);
    if (face >= s.faceCount)
        return;
    const std::int64_t first = std::int64_t(frame) * s.faceCount;
    const float* vertices = s.vertices + std::int64_t(frame) * s.vertexCount * 3;
    TriangleSetup triangle{};
    const float* corners[3];
    bool seen = true;
    for (int i = 0; i < 3; ++i) {
        const std::uint32_t corner = s.faces[std::int64_t(face) * 3 + i];
        seen = seen && corner < std::uint32_t(s.vertexCount);
        corners[i] = vertices + std::int64_t(seen ? corner : 0) * 3;
    }
    RasterCamera camera = s.cameras[frame];
    camera.width = s.width;
    camera.height = s.height;
    seen = seen && detail::setupCorners(corners, face, camera, s.cullBackFaces, triangle);
    if (!seen)
        triangle.box = {};
    work.triangles[first + face] = triangle;
    if (seen && isLarge(triangle.box))
        work.large[first + atomicAdd(&work.largeCount[frame], 1)] = face;
}

/// A warp for each face.
__global__ void sampleSmall(RasterScene s, Work work) {
    const int face = int((blockIdx.x * blockDim.x + threadIdx.x) / kLanes);
    const int lane = int(threadIdx.x % kLanes);
    const int frame = int(blockIdx.y);
    if (face >= s.faceCount)
        return;
    const TriangleSetup& t = work.triangles[std::int64_t(frame) * s.faceCount + face];
    const RectI box = t.box;
    if (isLarge(box))
        return;
    const int end = min(endColumn(box), s.width);
    const float nearPlane = s.cameras[frame].nearPlane;
    Key* keys = work.keys + frame * pixels(s);
    for (int y = box.y0 + lane / kBlock; y < box.y1; y += kLanes / kBlock)
        for (int x = firstColumn(box) + lane % kBlock; x < end; x += kBlock) {
            const Key key = keyAt(t, x, y, nearPlane);
            Key* at = keys + std::int64_t(y) * s.width + x;
            if (key < *at)
                atomicMin(at, key);
        }
}

/// A block for each tile, which goes through all large faces of its frame.
__global__ void sampleLarge(RasterScene s, Work work) {
    const int frame = int(blockIdx.y);
    const int columns = (s.width + kTile - 1) / kTile;
    const int left = int(blockIdx.x) % columns * kTile;
    const int top = int(blockIdx.x) / columns * kTile;
    const std::int64_t first = std::int64_t(frame) * s.faceCount;
    const int count = work.largeCount[frame];
    const float nearPlane = s.cameras[frame].nearPlane;
    const int x = left + int(threadIdx.x) % kTile;
    const int y = top + int(threadIdx.x) / kTile;
    constexpr int kRows = kThreads / kTile; // between two samples of a thread
    Key best[kOwn];
    for (int i = 0; i < kOwn; ++i)
        best[i] = kNothing;
    for (int n = 0; n < count; ++n) {
        const TriangleSetup& t = work.triangles[first + work.large[first + n]];
        const RectI box = t.box;
        if (firstColumn(box) >= left + kTile || box.y0 >= top + kTile || endColumn(box) <= left ||
            box.y1 <= top)
            continue;
        if (x < firstColumn(box) || x >= endColumn(box) || x >= s.width)
            continue;
        for (int i = 0; i < kOwn; ++i) {
            const int row = y + i * kRows;
            if (row < box.y0 || row >= box.y1)
                continue;
            const Key key = keyAt(t, x, row, nearPlane);
            best[i] = key < best[i] ? key : best[i];
        }
    }
    for (int i = 0; i < kOwn; ++i)
        if (best[i] != kNothing) {
            const int row = y + i * kRows;
            atomicMin(work.keys + frame * pixels(s) + std::int64_t(row) * s.width + x, best[i]);
        }
}

__global__ void writeImages(RasterScene s, RasterImages out, Work work) {
    const std::int64_t count = s.frames * pixels(s);
    const std::int64_t step = std::int64_t(gridDim.x) * blockDim.x;
    for (std::int64_t i = std::int64_t(blockIdx.x) * blockDim.x + threadIdx.x; i < count;
         i += step) {
        const Key key = work.keys[i];
        const int frame = int(i / pixels(s));
        const auto pixel = i % pixels(s);
        Sample sample{0.f, 0.f, HUGE_VALF};
        if (key != kNothing) {
            const auto face = std::int64_t(key & 0xffffffffu);
            sampleAt(work.triangles[std::int64_t(frame) * s.faceCount + face], int(pixel % s.width),
                     int(pixel / s.width), s.cameras[frame].nearPlane, sample);
        }
        out.face[i] = key == kNothing ? -1 : std::int32_t(key & 0xffffffffu);
        out.barycentric[2 * i] = sample.first;
        out.barycentric[2 * i + 1] = sample.second;
        out.depth[i] = sample.z;
    }
}

} // namespace

std::size_t rasterizeWorkBytes(const RasterScene& scene) {
    Work work;
    return layOut(scene, nullptr, work);
}

const char* rasterize(const RasterScene& scene, const RasterImages& out, void* memory,
                      Stream stream) {
    if (scene.frames <= 0 || pixels(scene) <= 0)
        return nullptr;
    Work work;
    layOut(scene, memory, work);
    const auto frames = unsigned(scene.frames);
    const auto faces = unsigned(scene.faceCount);
    const auto tiles =
        unsigned((scene.width + kTile - 1) / kTile) * unsigned((scene.height + kTile - 1) / kTile);
    Launcher launcher(stream);
    launcher.clear(work.keys, 0xff, std::size_t(frames) * std::size_t(pixels(scene)) * sizeof(Key));
    launcher.clear(work.largeCount, 0, frames * sizeof(std::int32_t));
    launcher.run(setUp, dim3((faces + kThreads - 1) / kThreads, frames), kThreads, scene, work);
    constexpr unsigned kFacesPerBlock = kThreads / kLanes;
    launcher.run(sampleSmall, dim3((faces + kFacesPerBlock - 1) / kFacesPerBlock, frames), kThreads,
                 scene, work);
    launcher.run(sampleLarge, dim3(tiles, frames), kThreads, scene, work);
    launcher.run(writeImages, blocksFor(std::int64_t(frames) * pixels(scene), kThreads), kThreads,
                 scene, out, work);
    return launcher.result();
}

} // namespace strata::cuda
