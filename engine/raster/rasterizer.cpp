// SPDX-License-Identifier: Apache-2.0
#include "engine/raster/rasterizer.h"

#include "engine/core/parallel.h"
#include "engine/raster/tile_kernel.h"
#include "engine/raster/triangle_setup.h"

#include <algorithm>
#include <limits>

namespace strata {
namespace {

constexpr std::int64_t kFacesPerPiece = 512;

/// All triangles that can be seen, in the order of their faces.
std::vector<TriangleSetup> setupFaces(std::span<const float> vertices,
                                      std::span<const std::uint32_t> faces,
                                      const RasterCamera& camera, const RasterOptions& options) {
    const auto faceCount = std::int64_t(faces.size() / 3);
    const auto pieceCount = (faceCount + kFacesPerPiece - 1) / kFacesPerPiece;
    std::vector<std::vector<TriangleSetup>> pieces(static_cast<std::size_t>(pieceCount));
    parallelFor(0, pieceCount, 1, [&](std::int64_t begin, std::int64_t end) {
        for (auto piece = begin; piece < end; ++piece) {
            auto& out = pieces[std::size_t(piece)];
            out.reserve(kFacesPerPiece);
            const auto last = std::min(faceCount, (piece + 1) * kFacesPerPiece);
            TriangleSetup triangle;
            for (auto f = piece * kFacesPerPiece; f < last; ++f)
                if (setupTriangle(vertices, &faces[std::size_t(f) * 3], std::int32_t(f), camera,
                                  options, triangle))
                    out.push_back(triangle);
        }
    });
    std::vector<TriangleSetup> all;
    std::size_t count = 0;
    for (const auto& piece : pieces)
        count += piece.size();
    all.reserve(count);
    for (const auto& piece : pieces)
        all.insert(all.end(), piece.begin(), piece.end());
    return all;
}

/// Which triangles touch which tile: indices of tile t are order[start[t] .. start[t + 1]), rising.
struct TileBins {
    int size = 0, columns = 0, rows = 0;
    std::vector<std::uint32_t> start, order;

    TileBins(std::span<const TriangleSetup> triangles, Size picture, int tileSize)
        : size(tileSize)
        , columns((picture.width + tileSize - 1) / tileSize)
        , rows((picture.height + tileSize - 1) / tileSize)
        , start(std::size_t(columns) * rows + 1, 0) {
        for (const auto& triangle : triangles)
            forEachTile(triangle.box, [&](std::size_t tile) { ++start[tile + 1]; });
        for (std::size_t i = 1; i < start.size(); ++i)
            start[i] += start[i - 1];
        order.resize(start.back());
        auto next = start;
        for (std::uint32_t i = 0; i < triangles.size(); ++i)
            forEachTile(triangles[i].box, [&](std::size_t tile) { order[next[tile]++] = i; });
    }

    template <typename Visit>
    void forEachTile(const RectI& box, const Visit& visit) const {
        for (int y = box.y0 / size; y <= (box.y1 - 1) / size; ++y)
            for (int x = box.x0 / size; x <= (box.x1 - 1) / size; ++x)
                visit(std::size_t(y) * columns + x);
    }
};

void clearArea(const RectI& area, RasterBuffers& out) {
    for (int y = area.y0; y < area.y1; ++y) {
        const auto at = std::size_t(y) * out.width + area.x0;
        std::fill_n(&out.face[at], area.width(), -1);
        std::fill_n(&out.barycentric[at * 2], std::size_t(area.width()) * 2, 0.f);
        std::fill_n(&out.depth[at], area.width(), std::numeric_limits<float>::infinity());
    }
}

void copyArea(const TileBuffers& tile, RasterBuffers& out) {
    for (int y = tile.area.y0; y < tile.area.y1; ++y) {
        const auto from = std::size_t(y - tile.area.y0) * tile.stride;
        const auto at = std::size_t(y) * out.width + tile.area.x0;
        const int width = tile.area.width();
        std::copy_n(&tile.face[from], width, &out.face[at]);
        std::copy_n(&tile.depth[from], width, &out.depth[at]);
        float* weights = &out.barycentric[at * 2];
        const float* first = &tile.first[from];
        const float* second = &tile.second[from];
        for (int x = 0; x < width; ++x) {
            weights[2 * x] = first[x];
            weights[2 * x + 1] = second[x];
        }
    }
}

} // namespace

void rasterize(std::span<const float> vertices, std::span<const std::uint32_t> faces,
               const RasterCamera& camera, const RasterOptions& options, RasterBuffers& out) {
    out.width = std::max(0, camera.width);
    out.height = std::max(0, camera.height);
    const auto count = std::size_t(out.width) * out.height;
    out.face.resize(count);
    out.barycentric.resize(count * 2);
    out.depth.resize(count);
    if (count == 0)
        return;

    const auto triangles = setupFaces(vertices, faces, camera, options);
    const int tileSize = std::clamp((options.tileSize + 7) / 8 * 8, 8, 1024);
    const TileBins bins(triangles, {out.width, out.height}, tileSize);
    const TileKernel kernel = tileKernel();
    parallelFor(0, std::int64_t(bins.start.size()) - 1, 4,
                [&](std::int64_t begin, std::int64_t end) {
                    thread_local TileBuffers tile;
                    for (auto t = std::size_t(begin); t < std::size_t(end); ++t) {
                        const int x = int(t % bins.columns) * tileSize;
                        const int y = int(t / bins.columns) * tileSize;
                        const RectI area{x, y, std::min(x + tileSize, out.width),
                                         std::min(y + tileSize, out.height)};
                        if (bins.start[t] == bins.start[t + 1]) {
                            clearArea(area, out);
                            continue;
                        }
                        tile.reset(area);
                        for (auto i = bins.start[t]; i < bins.start[t + 1]; ++i)
                            kernel(triangles[bins.order[i]], camera.nearPlane, tile);
                        copyArea(tile, out);
                    }
                });
}

} // namespace strata
