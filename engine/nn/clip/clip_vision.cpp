// SPDX-License-Identifier: Apache-2.0
#include <torch/torch.h>

#include "engine/nn/clip/clip_vision.h"

#include "engine/nn/layers/token_attention.h"

namespace strata::nn {
namespace {

// The cheap approximation of GELU that CLIP was trained with.
torch::Tensor quickGelu(const torch::Tensor& x) {
    if (at::GradMode::is_enabled())
        return x * at::sigmoid(x * 1.702);
    return at::sigmoid(x * 1.702).mul_(x);
}

} // namespace

ClipVisionImpl::Layer ClipVisionImpl::makeLayer(torch::nn::Module& parent,
                                                const torch::TensorOptions& options) const {
    const int64_t width = m_config.width, hidden = m_config.hidden;
    const auto dense = [&](torch::nn::Module& owner, const char* name, int64_t in, int64_t out) {
        return Dense(owner.register_module(name, Dense(in, out, true, options)));
    };
    Layer layer;
    auto attention = group(parent, "self_attn");
    layer.query = dense(*attention, "q_proj", width, width);
    layer.key = dense(*attention, "k_proj", width, width);
    layer.value = dense(*attention, "v_proj", width, width);
    layer.out = dense(*attention, "out_proj", width, width);
    auto perceptron = group(parent, "mlp");
    layer.fc1 = dense(*perceptron, "fc1", width, hidden);
    layer.fc2 = dense(*perceptron, "fc2", hidden, width);
    layer.norm1 = parent.register_module("layer_norm1", LayerNorm(width, options));
    layer.norm2 = parent.register_module("layer_norm2", LayerNorm(width, options));
    return layer;
}

ClipVisionImpl::ClipVisionImpl(const ClipVisionConfig& config, const torch::TensorOptions& options)
    : m_config(config) {
    const auto& c = m_config;
    const int64_t side = c.image / c.patch;
    auto model = group(*this, "vision_model");
    auto embeddings = group(*model, "embeddings");
    m_class = embeddings->register_parameter("class_embedding", torch::empty({c.width}, options));
    m_patches = embeddings->register_module("patch_embedding",
                                            Conv(3, c.width, c.patch, options, c.patch, 0, false));
    m_positions =
        group(*embeddings, "position_embedding")
            ->register_parameter("weight", torch::empty({side * side + 1, c.width}, options));
    m_before = model->register_module("pre_layrnorm", LayerNorm(c.width, options)); // so written
    auto layers = group(*group(*model, "encoder"), "layers");
    for (int64_t i = 0; i < c.layers; ++i)
        m_layers.push_back(makeLayer(*group(*layers, std::to_string(i)), options));
    m_after = model->register_module("post_layernorm", LayerNorm(c.width, options));
    m_projection =
        register_module("visual_projection", Dense(c.width, c.projection, false, options));
}

torch::Tensor ClipVisionImpl::run(Layer& layer, const torch::Tensor& x) const {
    const auto normed = layer.norm1(x);
    const auto seen =
        attend(layer.query(normed), layer.key(normed), layer.value(normed), m_config.heads);
    const auto y = added(layer.out(seen), x);
    return added(layer.fc2(quickGelu(layer.fc1(layer.norm2(y)))), y);
}

ClipResult ClipVisionImpl::forward(const torch::Tensor& picture, bool keepHidden) {
    const int64_t image = m_config.image, width = m_config.width;
    TORCH_CHECK(picture.dim() == 4 && picture.size(2) == image && picture.size(3) == image,
                "the picture must be [N, 3, ", image, ", ", image, "]");
    const auto patches = tokensOf(m_patches(picture.contiguous(torch::MemoryFormat::ChannelsLast)));
    const auto first = m_class.expand({picture.size(0), 1, width});
    auto x = m_before(torch::cat({first, patches}, 1) + m_positions);
    ClipResult result;
    for (auto& layer : m_layers) {
        if (keepHidden)
            result.hidden.push_back(x);
        x = run(layer, x);
    }
    if (keepHidden)
        result.hidden.push_back(x);
    result.lastHidden = x;
    result.embedding = m_projection(m_after(x.select(1, 0)));
    return result;
}

bool clipVisionIgnores(const std::string& key) {
    return key == "vision_model.embeddings.position_ids";
}

} // namespace strata::nn
