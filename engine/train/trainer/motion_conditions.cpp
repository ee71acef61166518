// SPDX-License-Identifier: Apache-2.0
#include <torch/torch.h>

#include "engine/train/trainer/motion_conditions.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace strata {
namespace {

constexpr float kNearest = 0.05f;        // metres before the camera
constexpr double kLinesPerPicture = 100; // of the bones' width, side by side

using Color = std::array<float, 3>;

/// Far from those of neighbouring numbers.
Color colorOf(int number) {
    const double hue = std::fmod(number * 0.618033988749895, 1.0) * 6;
    const auto channel = [hue](double shift) {
        const double place = std::fmod(hue + shift, 6.0);
        return float(0.25 + 0.75 * std::clamp(std::abs(place - 3) - 1, 0.0, 1.0));
    };
    return {channel(0), channel(4), channel(2)};
}

/// A picture of colours on black, to paint lines into.
class LinePicture {
public:
    LinePicture(float* pixels, int width, int height)
        : m_pixels(pixels)
        , m_width(width)
        , m_height(height)
        , m_radius(std::max(0.75, width / kLinesPerPicture / 2)) {}

    void paint(double x0, double y0, double x1, double y1, const Color& color) {
        const double reach = m_radius + 1;
        const auto first = [&](double a, double b) {
            return int(std::floor(std::max(std::min(a, b) - reach, 0.0)));
        };
        const auto end = [&](double a, double b, int most) {
            return int(std::ceil(std::min(std::max(a, b) + reach, double(most))));
        };
        const double dx = x1 - x0, dy = y1 - y0, length2 = std::max(dx * dx + dy * dy, 1e-9);
        for (int y = first(y0, y1); y < end(y0, y1, m_height); ++y)
            for (int x = first(x0, x1); x < end(x0, x1, m_width); ++x) {
                const double px = x + 0.5 - x0, py = y + 0.5 - y0;
                const double t = std::clamp((px * dx + py * dy) / length2, 0.0, 1.0);
                const double distance = std::hypot(px - t * dx, py - t * dy);
                blend(x, y, color, float(std::clamp(m_radius + 0.5 - distance, 0.0, 1.0)));
            }
    }

private:
    void blend(int x, int y, const Color& color, float share) {
        for (std::size_t c = 0; c < color.size(); ++c) {
            float& value = m_pixels[(std::ptrdiff_t(c) * m_height + y) * m_width + x];
            value += share * (color[c] - value);
        }
    }

    float* m_pixels; // [3, height, width]
    int m_width, m_height;
    double m_radius;
};

/// [F, V, 3] -> [F, V, 3] of length 1, from the faces' areas
torch::Tensor vertexNormals(const torch::Tensor& vertices, const torch::Tensor& faces) {
    const auto corner = [&](std::int64_t k) {
        return vertices.index_select(1, faces.select(1, k));
    };
    const auto first = corner(0);
    const auto normals = torch::cross(corner(1) - first, corner(2) - first, 2);
    auto sums = torch::zeros_like(vertices);
    for (std::int64_t k = 0; k < 3; ++k)
        sums.index_add_(1, faces.select(1, k), normals);
    return sums / sums.norm(2, 2, true).clamp_min(1e-12);
}

torch::Tensor partColors(const std::vector<int>& parts) { // -> [V, 3]
    std::vector<float> out;
    for (const int part : parts) {
        const Color color = colorOf(part);
        out.insert(out.end(), color.begin(), color.end());
    }
    return torch::tensor(out).view({-1, 3});
}

} // namespace

std::vector<RasterCamera> rasterCameras(const torch::Tensor& cameras, int width, int height) {
    const auto values = cameras.contiguous();
    const float* k = values.data_ptr<float>();
    std::vector<RasterCamera> out;
    for (std::int64_t i = 0; i < values.size(0); ++i, k += 4)
        out.push_back({width, height, k[0], k[1], k[2], k[3]});
    return out;
}

torch::Tensor skeletonPictures(const torch::Tensor& vertices, const torch::Tensor& cameras,
                               const TrainingBody& body, int width, int height) {
    const auto joints = std::int64_t(body.parents.size());
    TORCH_CHECK(joints > 0 && std::int64_t(body.jointRegressor.size()) == joints * body.vertices(),
                "drawing a skeleton needs the body's joints");
    const auto regressor = torch::tensor(body.jointRegressor).view({joints, -1});
    const auto places = torch::matmul(regressor, vertices).contiguous(); // [F, J, 3]
    const auto at = places.accessor<float, 3>();
    const auto views = rasterCameras(cameras, width, height);
    const auto out = torch::zeros({vertices.size(0), kSkeletonChannels, height, width});
    for (std::int64_t f = 0; f < out.size(0); ++f) {
        LinePicture picture(out[f].data_ptr<float>(), width, height);
        const RasterCamera& view = views[std::size_t(f)];
        const auto x = [&](std::int64_t j) {
            return view.fx * at[f][j][0] / at[f][j][2] + view.cx;
        };
        const auto y = [&](std::int64_t j) {
            return view.fy * at[f][j][1] / at[f][j][2] + view.cy;
        };
        for (std::int64_t j = 0; j < joints; ++j) {
            const std::int64_t from = body.parents[std::size_t(j)];
            if (from >= 0 && at[f][j][2] > kNearest && at[f][from][2] > kNearest)
                picture.paint(x(from), y(from), x(j), y(j), colorOf(int(j)));
        }
    }
    return out;
}

torch::Tensor mapPictures(const torch::Tensor& vertices, const torch::Tensor& cameras,
                          const TrainingBody& body, int width, int height) {
    TORCH_CHECK(std::int64_t(body.parts.size()) == body.vertices(),
                "drawing maps of a body needs its parts");
    std::vector<std::int64_t> corners(body.faces.begin(), body.faces.end());
    const auto normals = vertexNormals(vertices, torch::tensor(corners).view({-1, 3}));
    const auto z = vertices.select(2, 2).unsqueeze(2);
    const auto depth = (0.5 + (z.mean(1, true) - z) / 2).clamp(0, 1);
    const auto parts = partColors(body.parts);
    const auto views = rasterCameras(cameras, width, height);
    std::vector<torch::Tensor> out;
    for (std::int64_t f = 0; f < vertices.size(0); ++f) {
        const auto values = torch::cat({normals[f] * 0.5 + 0.5, depth[f], parts}, 1).contiguous();
        const nn::BodyRasters raster(vertices.narrow(0, f, 1), body.faces,
                                     {&views[std::size_t(f)], 1});
        out.push_back(raster.draw(values));
    }
    return torch::cat(out).permute({0, 3, 1, 2}).contiguous();
}

} // namespace strata
