// SPDX-License-Identifier: Apache-2.0
#include <torch/torch.h>

#include "engine/nn/codes/body_rasters.h"

#include "engine/raster/resolve.h"

#include <algorithm>

namespace strata::nn {
namespace {

std::span<const float> valuesOf(const torch::Tensor& x) {
    return {x.data_ptr<float>(), std::size_t(x.numel())};
}

torch::Tensor onCpu(const torch::Tensor& x) {
    return x.detach().to(torch::kCPU, torch::kFloat32).contiguous();
}

/// Each pixel's gradient as that of its samples.
ImageF spread(std::span<const float> pixels, int width, int height, int channels, int side) {
    ImageF out(width * side, height * side, channels);
    const float share = 1.f / float(side * side);
    for (int y = 0; y < out.height(); ++y)
        for (int x = 0; x < out.width(); ++x) {
            const auto pixel = std::size_t(y / side) * std::size_t(width) + std::size_t(x / side);
            const float* from = pixels.data() + pixel * std::size_t(channels);
            std::transform(from, from + channels, out.pixel(x, y),
                           [share](float value) { return value * share; });
        }
    return out;
}

/// Lets the graph of gradients own what was drawn.
struct Held : torch::CustomClassHolder {
    explicit Held(std::shared_ptr<const BodyRasters> given)
        : rasters(std::move(given)) {}
    std::shared_ptr<const BodyRasters> rasters;
};

struct DrawCodes : torch::autograd::Function<DrawCodes> {
    static torch::Tensor forward(torch::autograd::AutogradContext* context,
                                 const torch::Tensor& codes,
                                 const std::shared_ptr<const BodyRasters>& rasters) {
        context->saved_data["rasters"] =
            c10::IValue::make_capsule(c10::make_intrusive<Held>(rasters));
        return rasters->draw(onCpu(codes)).to(codes.options()).permute({0, 3, 1, 2});
    }
    static torch::autograd::tensor_list backward(torch::autograd::AutogradContext* context,
                                                 torch::autograd::tensor_list gradients) {
        const auto held = context->saved_data["rasters"].toCapsule();
        const auto& pictures = gradients[0];
        const auto codes = static_cast<const Held&>(*held).rasters->drawBackward(
            onCpu(pictures.permute({0, 2, 3, 1})));
        return {codes.to(pictures.options()), torch::Tensor()};
    }
};

} // namespace

BodyRasters::BodyRasters(const torch::Tensor& vertices, std::span<const std::uint32_t> faces,
                         std::span<const RasterCamera> cameras, int samplesPerSide)
    : m_rasters(cameras.size())
    , m_faces(faces.begin(), faces.end())
    , m_samples(samplesPerSide) {
    TORCH_CHECK(!cameras.empty() && samplesPerSide > 0, "drawing a body needs a camera");
    TORCH_CHECK(vertices.dim() == 3 && vertices.size(2) == 3 &&
                    vertices.size(0) == std::int64_t(cameras.size()),
                "the vertices must be [", cameras.size(), ", V, 3]");
    m_vertices = vertices.size(1);
    m_width = cameras.front().width;
    m_height = cameras.front().height;
    TORCH_CHECK(m_width > 0 && m_height > 0, "the picture of the body has no pixels");
    TORCH_CHECK(faces.size() % 3 == 0 &&
                    std::ranges::all_of(
                        faces, [this](std::uint32_t v) { return std::int64_t(v) < m_vertices; }),
                "a face names a vertex that is not there");
    const auto places = onCpu(vertices);
    const auto perFrame = std::size_t(m_vertices) * 3;
    for (std::size_t i = 0; i < cameras.size(); ++i) {
        TORCH_CHECK(cameras[i].width == m_width && cameras[i].height == m_height,
                    "the cameras' pictures must be of one size");
        rasterize(valuesOf(places).subspan(i * perFrame, perFrame), m_faces,
                  supersampled(cameras[i], m_samples), {}, m_rasters[i]);
        m_rasters[i].depth = {}; // not needed any more
    }
}

torch::Tensor BodyRasters::draw(const torch::Tensor& codes) const {
    TORCH_CHECK(codes.dim() == 2 && codes.size(0) == m_vertices && codes.size(1) > 0,
                "the codes must be [", m_vertices, ", C]");
    const auto channels = codes.size(1);
    const auto out = torch::empty({frames(), m_height, m_width, channels}, torch::kFloat32);
    float* to = out.data_ptr<float>();
    for (const auto& raster : m_rasters) {
        const ImageF picture =
            resolve(interpolate(raster, m_faces, valuesOf(codes), int(channels)), m_samples);
        to = std::copy_n(picture.data(), picture.count(), to);
    }
    return out;
}

torch::Tensor BodyRasters::drawBackward(const torch::Tensor& gradPictures) const {
    const auto channels = gradPictures.size(3);
    const auto out = torch::zeros({m_vertices, channels}, torch::kFloat32);
    const auto values = valuesOf(gradPictures);
    const std::size_t perFrame = values.size() / m_rasters.size();
    for (std::size_t i = 0; i < m_rasters.size(); ++i) {
        const ImageF samples = spread(values.subspan(i * perFrame, perFrame), m_width, m_height,
                                      int(channels), m_samples);
        interpolateBackward(m_rasters[i], m_faces, {samples.data(), samples.count()}, int(channels),
                            {out.data_ptr<float>(), std::size_t(out.numel())});
    }
    return out;
}

torch::Tensor drawCodes(const torch::Tensor& codes,
                        const std::shared_ptr<const BodyRasters>& rasters) {
    return DrawCodes::apply(codes, rasters);
}

} // namespace strata::nn
