// SPDX-License-Identifier: Apache-2.0
#include <torch/torch.h>

#include "engine/nn/unet/unet_blocks.h"

#include <algorithm>

namespace strata::nn {
namespace {

ResnetShape resnet(const UnetConfig& c, int64_t in, int64_t out) {
    return {in, out, c.timeWidth(), c.groups, 1e-5};
}

MotionShape motion(const UnetConfig& c, int64_t width) {
    return {width, c.motionHeads, c.motionFrames, c.groups};
}

// A registered list whose entries are named by their number.
template <typename Holder>
void append(torch::nn::Module& list, std::vector<Holder>& entries, Holder entry) {
    entries.push_back(list.register_module(std::to_string(entries.size()), std::move(entry)));
}

std::vector<int64_t> downInputs(const UnetConfig& c, std::size_t level) {
    std::vector<int64_t> inputs(std::size_t(c.layersPerBlock), c.channels[level]);
    inputs.front() = c.channels[level == 0 ? 0 : level - 1];
    return inputs;
}

// Each resnet of the way up is given what the one before made and a skip of the way down; the last
// skip of a level comes from the level above it.
std::vector<int64_t> upInputs(const UnetConfig& c, std::size_t level) {
    const std::size_t deepest = c.channels.size() - 1;
    const int64_t own = c.channels[level];
    std::vector<int64_t> inputs(std::size_t(c.layersPerBlock + 1), own + own);
    inputs.front() += c.channels[std::min(level + 1, deepest)] - own;
    inputs.back() += c.channels[level == 0 ? 0 : level - 1] - own;
    return inputs;
}

std::size_t levelOf(const UnetConfig& c, std::size_t block) {
    return c.channels.size() - 1 - block;
}

bool last(const UnetConfig& c, std::size_t level) { return level + 1 == c.channels.size(); }

} // namespace

UnetLayers::UnetLayers(torch::nn::Module& owner, const std::string& name, const UnetConfig& config,
                       const std::vector<int64_t>& inputs, int64_t out, bool transformers,
                       const torch::TensorOptions& options)
    : m_name(name) {
    auto resnets = group(owner, "resnets");
    auto attentions = transformers ? group(owner, "attentions") : nullptr;
    auto motions = config.motion ? group(owner, "motion_modules") : nullptr;
    for (const auto in : inputs) {
        append(*resnets, m_resnets, ResnetBlock(resnet(config, in, out), options));
        if (transformers)
            append(
                *attentions, m_transformers,
                SpatialTransformer(out, config.heads, config.contextWidth, config.groups, options));
        if (config.motion)
            append(*motions, m_motions, MotionModule(motion(config, out), options));
    }
}

torch::Tensor UnetLayers::run(std::size_t layer, torch::Tensor x, UnetPass& pass) {
    const auto number = std::to_string(layer);
    x = m_resnets[layer]->forward(x, pass.time, pass.conditions->formulation);
    pass.show(m_name + ".resnets." + number, x);
    if (layer < m_transformers.size()) {
        x = m_transformers[layer]->forward(x, pass);
        if (pass.done)
            return x;
        pass.show(m_name + ".attentions." + number, x);
    }
    if (layer < m_motions.size()) {
        x = m_motions[layer]->forward(x, pass.frames, pass.conditions->formulation);
        pass.show(m_name + ".motion_modules." + number, x);
    }
    return x;
}

DownBlockImpl::DownBlockImpl(const UnetConfig& config, std::size_t level,
                             const torch::TensorOptions& options)
    : layers(*this, "down_blocks." + std::to_string(level), config, downInputs(config, level),
             config.channels[level], !last(config, level), options) {
    const auto width = config.channels[level];
    if (!last(config, level))
        downsampler = group(*group(*this, "downsamplers"), "0")
                          ->register_module("conv", Conv(width, width, 3, options, 2));
}

torch::Tensor DownBlockImpl::forward(torch::Tensor x, UnetPass& pass,
                                     std::vector<torch::Tensor>& skips) {
    for (std::size_t i = 0; i < layers.count(); ++i) {
        x = layers.run(i, x, pass);
        skips.push_back(x);
    }
    if (!downsampler.is_empty()) {
        x = downsampler(x);
        skips.push_back(x);
    }
    pass.show(layers.name(), x);
    return x;
}

MidBlockImpl::MidBlockImpl(const UnetConfig& c, const torch::TensorOptions& options) {
    const auto width = c.channels.back();
    auto resnets = group(*this, "resnets");
    first = resnets->register_module("0", ResnetBlock(resnet(c, width, width), options));
    transformer = group(*this, "attentions")
                      ->register_module("0", SpatialTransformer(width, c.heads, c.contextWidth,
                                                                c.groups, options));
    if (c.motion)
        motion = group(*this, "motion_modules")
                     ->register_module("0", MotionModule(nn::motion(c, width), options));
    last = resnets->register_module("1", ResnetBlock(resnet(c, width, width), options));
}

torch::Tensor MidBlockImpl::forward(torch::Tensor x, UnetPass& pass) {
    const auto formulation = pass.conditions->formulation;
    x = transformer->forward(first->forward(x, pass.time, formulation), pass);
    if (pass.done)
        return x;
    if (!motion.is_empty())
        x = motion->forward(x, pass.frames, formulation);
    x = last->forward(x, pass.time, formulation);
    pass.show("mid_block", x);
    return x;
}

UpBlockImpl::UpBlockImpl(const UnetConfig& config, std::size_t block,
                         const torch::TensorOptions& options)
    : layers(*this, "up_blocks." + std::to_string(block), config,
             upInputs(config, levelOf(config, block)), config.channels[levelOf(config, block)],
             block > 0, options) {
    const auto level = levelOf(config, block);
    const auto width = config.channels[level];
    if (level > 0)
        upsampler = group(*group(*this, "upsamplers"), "0")
                        ->register_module("conv", Conv(width, width, 3, options));
}

torch::Tensor UpBlockImpl::forward(torch::Tensor x, UnetPass& pass,
                                   std::vector<torch::Tensor>& skips) {
    for (std::size_t i = 0; i < layers.count(); ++i) {
        x = torch::cat({x, repeatedRows(skips.back(), x.size(0))}, 1);
        skips.pop_back();
        x = layers.run(i, std::move(x), pass);
        if (pass.done)
            return {};
    }
    if (!upsampler.is_empty()) {
        // To the exact size of the next skip: twice as large only where nothing was rounded.
        const auto& next = skips.back();
        x = upsampler(at::upsample_nearest2d(x, {next.size(2), next.size(3)}),
                      pass.conditions->formulation);
    }
    pass.show(layers.name(), x);
    return x;
}

} // namespace strata::nn
