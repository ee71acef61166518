// SPDX-License-Identifier: Apache-2.0
#include <torch/torch.h>

#include "engine/nn/unet/unet.h"

#include <cmath>

namespace strata::nn {
namespace {

// [T] -> [T, width]: cosines, then sines, of the time at falling frequencies.
torch::Tensor timeFeatures(const torch::Tensor& timestep, int64_t width) {
    const int64_t half = width / 2;
    const auto options = torch::TensorOptions().dtype(torch::kFloat32).device(timestep.device());
    const auto frequencies =
        torch::exp(torch::arange(half, options) * (-std::log(1e4) / double(half)));
    const auto angles = timestep.to(torch::kFloat32).unsqueeze(1) * frequencies;
    return torch::cat({angles.cos(), angles.sin()}, 1);
}

UnetConfig withoutHead(UnetConfig config) {
    config.outChannels = 0;
    config.motion = false;
    return config;
}

} // namespace

void ReferenceBank::roundToHalf() {
    for (auto& part : tokens)
        part = part.to(torch::kHalf).to(part.scalar_type());
}

UnetImpl::UnetImpl(const UnetConfig& config, const torch::TensorOptions& options)
    : m_config(config) {
    const auto width = m_config.channels.front(), timeWidth = m_config.timeWidth();
    conv_in = register_module("conv_in", Conv(m_config.inChannels, width, 3, options));
    auto time = group(*this, "time_embedding");
    m_time1 = time->register_module("linear_1", Dense(width, timeWidth, true, options));
    m_time2 = time->register_module("linear_2", Dense(timeWidth, timeWidth, true, options));
    auto down = group(*this, "down_blocks"), up = group(*this, "up_blocks");
    for (std::size_t i = 0; i < m_config.channels.size(); ++i) {
        const auto number = std::to_string(i);
        m_down.push_back(down->register_module(number, DownBlock(m_config, i, options)));
        m_up.push_back(up->register_module(number, UpBlock(m_config, i, options)));
    }
    m_mid = register_module("mid_block", MidBlock(m_config, options));
}

std::vector<std::string> UnetImpl::transformerNames() const {
    std::vector<std::string> names;
    const auto add = [&](const std::string& block, std::size_t count) {
        for (std::size_t i = 0; i < count; ++i)
            names.push_back(block + ".attentions." + std::to_string(i));
    };
    for (const auto& block : m_down)
        add(block->layers.name(), block->layers.transformers().size());
    add("mid_block", 1);
    for (const auto& block : m_up)
        add(block->layers.name(), block->layers.transformers().size());
    return names;
}

std::vector<SpatialTransformer> UnetImpl::transformers() {
    std::vector<SpatialTransformer> all;
    const auto add = [&](const std::vector<SpatialTransformer>& some) {
        all.insert(all.end(), some.begin(), some.end());
    };
    for (auto& block : m_down)
        add(block->layers.transformers());
    all.push_back(m_mid->transformer);
    for (auto& block : m_up)
        add(block->layers.transformers());
    return all;
}

Conditions UnetImpl::prepare(const ReferenceBank* bank, const torch::Tensor& context, int64_t batch,
                             int64_t unconditional, Formulation formulation) {
    auto all = transformers();
    TORCH_CHECK(!bank || bank->tokens.size() == all.size(), "the reference has ",
                bank ? bank->tokens.size() : 0, " transformers, this network ", all.size());
    TORCH_CHECK(unconditional >= 0 && unconditional <= batch, "a batch of ", batch,
                " clips of which ", unconditional, " are unconditional");
    TORCH_CHECK(m_config.contextWidth == 0 || (context.defined() && context.size(0) == batch),
                "each clip of the batch needs a token of the identity");
    Conditions conditions;
    conditions.formulation = formulation;
    conditions.batch = batch;
    conditions.unconditional = unconditional;
    conditions.context = context;
    for (std::size_t i = 0; i < all.size(); ++i) {
        const auto tokens = bank ? bank->tokens[i] : torch::Tensor();
        conditions.blocks.push_back(all[i]->block->prepare(tokens, context, formulation));
    }
    return conditions;
}

torch::Tensor UnetImpl::embedTime(const torch::Tensor& timestep, const UnetPass& pass) {
    const auto features = timeFeatures(timestep.reshape({-1}).to(m_time1->weight.device()),
                                       m_config.channels.front());
    const auto embedding = m_time2(at::silu(m_time1(features.to(m_time1->weight.scalar_type()))));
    pass.show("time_embedding", embedding);
    return at::silu(embedding);
}

torch::Tensor UnetImpl::runBlocks(torch::Tensor x, UnetPass& pass) {
    std::vector<torch::Tensor> skips{x};
    for (auto& block : m_down)
        x = block->forward(x, pass, skips);
    x = m_mid->forward(x, pass);
    for (auto& block : m_up) {
        x = block->forward(x, pass, skips);
        if (pass.done)
            return {};
    }
    return x;
}

ReferenceUnetImpl::ReferenceUnetImpl(UnetConfig config, const torch::TensorOptions& options)
    : UnetImpl(withoutHead(std::move(config)), options) {}

torch::Tensor ReferenceUnetImpl::run(const torch::Tensor& latent, const torch::Tensor& context,
                                     Formulation formulation, ReferenceBank& bank,
                                     const Probe& probe) {
    const auto conditions = prepare(nullptr, context, latent.size(0), 0, formulation);
    bank.tokens.clear();
    UnetPass pass;
    pass.conditions = &conditions;
    pass.written = &bank.tokens;
    pass.stopAfter = formulation == Formulation::Saved ? conditions.blocks.size() : 0;
    pass.probe = &probe;
    pass.time = embedTime(torch::zeros({1}, latent.options().dtype(torch::kFloat32)), pass);
    const auto x = conv_in(latent.contiguous(torch::MemoryFormat::ChannelsLast), formulation);
    pass.show("conv_in", x);
    return runBlocks(x, pass);
}

ReferenceBank ReferenceUnetImpl::forward(const torch::Tensor& latent,
                                         const torch::Tensor& context) {
    ReferenceBank bank;
    run(latent, context, Formulation::Saved, bank, {});
    return bank;
}

torch::Tensor ReferenceUnetImpl::forwardPlain(const torch::Tensor& latent,
                                              const torch::Tensor& context, ReferenceBank& bank,
                                              const Probe& probe) {
    return run(latent, context, Formulation::Plain, bank, probe);
}

DenoisingUnetImpl::DenoisingUnetImpl(const UnetConfig& config, const torch::TensorOptions& options)
    : UnetImpl(config, options) {
    const auto width = config.channels.front();
    conv_norm_out =
        register_module("conv_norm_out", GroupNorm(config.groups, width, 1e-5, options));
    conv_out = register_module("conv_out", Conv(width, config.outChannels, 3, options));
    if (config.fromSketch) {
        sketch_factors =
            register_buffer("sketch_factors", torch::zeros({UnetConfig::sketchSteps, 3}, options));
        sketch_factors.select(1, 0).fill_(1);
    }
}

torch::Tensor DenoisingUnetImpl::besideSketch(const torch::Tensor& x, const torch::Tensor& sample,
                                              const torch::Tensor& timestep) const {
    const auto rows = timestep.reshape({-1}).to(sketch_factors.device(), torch::kInt64);
    const auto factors = sketch_factors.index_select(0, rows).t().reshape({3, -1, 1, 1, 1, 1});
    const auto latents = config().outChannels;
    return factors[0] * x + factors[1] * sample.narrow(1, 0, latents) +
           factors[2] * sample.narrow(1, config().inChannels - latents, latents);
}

torch::Tensor DenoisingUnetImpl::forward(const torch::Tensor& sample, const torch::Tensor& timestep,
                                         const torch::Tensor& pose, const Conditions& conditions,
                                         const Probe& probe) {
    TORCH_CHECK(sample.dim() == 5 && sample.size(1) == config().inChannels && sample.numel() > 0,
                "the sample must be [B, ", config().inChannels, ", F, h, w]");
    UnetPass pass;
    pass.frames = sample.size(2);
    pass.conditions = &conditions;
    pass.probe = &probe;
    pass.time = embedTime(timestep, pass);
    const bool plain = conditions.formulation == Formulation::Plain;
    auto x = framesOf(sample);
    if (plain || timestep.numel() > 1)
        x = repeatedRows(x, pass.rows());
    x = conv_in(x, conditions.formulation);
    pass.show("conv_in", x);
    if (pose.defined()) {
        const auto features = framesOf(pose);
        const int64_t rows = std::max(x.size(0), features.size(0));
        x = repeatedRows(x, rows) + repeatedRows(features, rows);
    }
    pass.show("conv_in_plus_pose", x);
    x = conv_out(conv_norm_out->activated(runBlocks(x, pass)), conditions.formulation);
    const auto answer = clipOf(x, conditions.batch);
    return config().fromSketch ? besideSketch(answer, sample, timestep) : answer;
}

} // namespace strata::nn
