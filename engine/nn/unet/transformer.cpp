// SPDX-License-Identifier: Apache-2.0
#include <torch/torch.h>

#include "engine/nn/unet/transformer.h"

#include "engine/nn/layers/products.h"
#include "engine/nn/layers/recompute.h"
#include "engine/nn/layers/work_block.h"

#include <algorithm>

namespace strata::nn {
namespace {

// Elements of the widest value inside a perceptron on the CPU.
constexpr int64_t kCpuBlock = int64_t(1) << 20;

torch::Tensor rows(const torch::Tensor& x, int64_t from, int64_t count) {
    return count == x.size(0) ? x : x.narrow(0, from, count);
}

} // namespace

AttentionImpl::AttentionImpl(int64_t width, int64_t keyWidth, const torch::TensorOptions& options) {
    to_q = register_module("to_q", Dense(width, width, false, options));
    to_k = register_module("to_k", Dense(keyWidth, width, false, options));
    to_v = register_module("to_v", Dense(keyWidth, width, false, options));
    toOut = group(*this, "to_out")->register_module("0", Dense(width, width, true, options));
}

FeedForwardImpl::FeedForwardImpl(int64_t width, const torch::TensorOptions& options) {
    auto net = group(*this, "net");
    proj = group(*net, "0")->register_module("proj", Dense(width, 8 * width, true, options));
    out = net->register_module("2", Dense(4 * width, width, true, options));
}

torch::Tensor FeedForwardImpl::forward(const torch::Tensor& x) {
    const int64_t half = proj->weight.size(0) / 2;
    const auto value = product(x, proj->weight.narrow(0, 0, half), proj->bias.narrow(0, 0, half));
    auto gate = product(x, proj->weight.narrow(0, half, half), proj->bias.narrow(0, half, half));
    if (at::GradMode::is_enabled())
        return out(value * at::gelu(gate));
    at::gelu_(gate);
    return out(gate.mul_(value));
}

torch::Tensor addFeedForward(const torch::Tensor& tokens, LayerNorm& norm, FeedForward& network) {
    if (at::GradMode::is_enabled())
        return tokens +
               recomputed([norm, network](const auto& in) mutable { return network(norm(in[0])); },
                          {tokens});
    const int64_t width = tokens.size(-1);
    const auto flat = tokens.view({-1, width});
    const int64_t elements = tokens.is_cpu() ? kCpuBlock : workBlock();
    for (auto& part : flat.split(std::max<int64_t>(64, elements / (4 * width))))
        part.add_(network(norm(part)));
    return tokens;
}

TransformerBlockImpl::TransformerBlockImpl(int64_t width, int64_t heads, int64_t contextWidth,
                                           const torch::TensorOptions& options)
    : m_heads(heads) {
    norm1 = register_module("norm1", LayerNorm(width, options));
    attn1 = register_module("attn1", Attention(width, width, options));
    if (contextWidth > 0) {
        norm2 = register_module("norm2", LayerNorm(width, options));
        attn2 = register_module("attn2", Attention(width, contextWidth, options));
    }
    norm3 = register_module("norm3", LayerNorm(width, options));
    ff = register_module("ff", FeedForward(width, options));
}

BlockCondition TransformerBlockImpl::prepare(const torch::Tensor& bank,
                                             const torch::Tensor& context,
                                             Formulation formulation) {
    BlockCondition given;
    if (formulation == Formulation::Plain) {
        given.bank = bank;
        return given;
    }
    if (bank.defined())
        given.reference = {attn1->to_k(bank), attn1->to_v(bank)};
    // The softmax over a single token is 1, so what is added does not depend on the query.
    if (!attn2.is_empty() && context.defined() && context.size(1) == 1)
        given.cross = attn2->toOut(attn2->to_v(context.select(1, 0)));
    return given;
}

// Rows of the batch go through the output projection one clip after the other, since each has its
// own constant to add, which is then a part of the bias.
torch::Tensor TransformerBlockImpl::addSelfSaved(const torch::Tensor& x,
                                                 const torch::Tensor& normed, const UnetPass& pass,
                                                 const BlockCondition& given) {
    const auto& conditions = *pass.conditions;
    const auto q = attn1->to_q(normed), k = attn1->to_k(normed), v = attn1->to_v(normed);
    const int64_t all = x.size(0);
    const int64_t alone = given.reference.empty() ? all : conditions.unconditional * pass.frames;
    std::vector<torch::Tensor> parts;
    if (alone > 0)
        parts.push_back(attend(rows(q, 0, alone), rows(k, 0, alone), rows(v, 0, alone), m_heads));
    if (alone < all)
        parts.push_back(attend(rows(q, alone, all - alone), rows(k, alone, all - alone),
                               rows(v, alone, all - alone), m_heads, given.reference));
    if (at::GradMode::is_enabled()) {
        auto y = x + attn1->toOut(torch::cat(parts));
        if (given.cross.defined())
            y = y + given.cross.repeat_interleave(all / given.cross.size(0), 0).unsqueeze(1);
        return y;
    }
    const int64_t clips = given.cross.defined() ? given.cross.size(0) : 1;
    int64_t start = 0;
    for (const auto& part : parts) {
        // A part ends where a clip ends, but there may be one constant for all clips.
        const int64_t each = std::min(all / clips, part.size(0));
        for (int64_t from = 0; from < part.size(0); from += each) {
            const auto clip = rows(part, from, each);
            x.narrow(0, start + from, each)
                .add_(given.cross.defined()
                          ? attn1->toOut->shifted(clip, given.cross[(start + from) * clips / all])
                          : attn1->toOut(clip));
        }
        start += part.size(0);
    }
    return x;
}

torch::Tensor TransformerBlockImpl::addSelfPlain(const torch::Tensor& x,
                                                 const torch::Tensor& normed, const UnetPass& pass,
                                                 const BlockCondition& given) {
    const auto layer = [&](const torch::Tensor& from, const torch::Tensor& seen) {
        return attn1->toOut(
            attendByOperators(attn1->to_q(from), attn1->to_k(seen), attn1->to_v(seen), m_heads));
    };
    if (!given.bank.defined())
        return x + layer(normed, normed);
    const int64_t readers = x.size(0) - pass.conditions->unconditional * pass.frames;
    const auto every = given.bank.size(0) == 1
                           ? repeatedRows(given.bank, x.size(0))
                           : given.bank.repeat_interleave(readers / given.bank.size(0), 0);
    TORCH_CHECK(every.size(0) == x.size(0) || pass.conditions->unconditional == 0,
                "the plain formulation takes one reference for all clips under guidance");
    const auto y = x + layer(normed, torch::cat({normed, every}, 1));
    const int64_t alone = x.size(0) - readers;
    if (alone == 0)
        return y;
    const auto own = normed.narrow(0, 0, alone);
    const auto plain = x.narrow(0, 0, alone) + layer(own, own);
    return torch::cat({plain, y.narrow(0, alone, readers)});
}

torch::Tensor TransformerBlockImpl::addCross(const torch::Tensor& x, const UnetPass& pass) {
    const auto context =
        pass.conditions->context.repeat_interleave(x.size(0) / pass.conditions->context.size(0), 0);
    const auto q = attn2->to_q(norm2(x)), k = attn2->to_k(context), v = attn2->to_v(context);
    const bool plain = pass.conditions->formulation == Formulation::Plain;
    const auto seen = plain ? attendByOperators(q, k, v, m_heads) : attend(q, k, v, m_heads);
    return added(x, attn2->toOut(seen));
}

torch::Tensor TransformerBlockImpl::forward(const torch::Tensor& x, UnetPass& pass) {
    const auto& given = pass.conditions->blocks.at(pass.transformer++);
    const auto normed = norm1(x);
    if (pass.written) {
        pass.written->push_back(normed);
        pass.done = pass.stopAfter > 0 && pass.written->size() == pass.stopAfter;
        if (pass.done)
            return {};
    }
    const bool plain = pass.conditions->formulation == Formulation::Plain;
    auto y = plain ? addSelfPlain(x, normed, pass, given) : addSelfSaved(x, normed, pass, given);
    if (!attn2.is_empty() && !given.cross.defined())
        y = addCross(y, pass);
    return addFeedForward(y, norm3, ff);
}

SpatialTransformerImpl::SpatialTransformerImpl(int64_t width, int64_t heads, int64_t contextWidth,
                                               int64_t groups,
                                               const torch::TensorOptions& options) {
    norm = register_module("norm", GroupNorm(groups, width, kTransformerNormEpsilon, options));
    proj_in = register_module("proj_in", Conv(width, width, 1, options));
    block = group(*this, "transformer_blocks")
                ->register_module("0", TransformerBlock(width, heads, contextWidth, options));
    proj_out = register_module("proj_out", Conv(width, width, 1, options));
}

torch::Tensor SpatialTransformerImpl::forward(const torch::Tensor& x, UnetPass& pass) {
    auto tokens = proj_in->onTokens(tokensOf(norm(x)));
    tokens = block->forward(repeatedRows(tokens, pass.rows()), pass);
    if (pass.done)
        return {};
    const auto y = pictureOf(proj_out->onTokens(tokens), x.size(2), x.size(3));
    return added(y, repeatedRows(x, pass.rows()));
}

} // namespace strata::nn
