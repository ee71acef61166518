// SPDX-License-Identifier: Apache-2.0
#include "engine/synth/mimo/memory_estimate.h"

#include "engine/nn/layers/winograd_cost.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace strata {
namespace {

using Count = std::int64_t;

constexpr Count kGuiderPixels = Count(1) << 21; // of the pictures the guider takes together

Count dense(Count in, Count out, bool bias = true) { return in * out + (bias ? out : 0); }
Count conv(Count in, Count out, Count kernel = 3) { return in * out * kernel * kernel + out; }

Count resnetParameters(Count in, Count out, Count time) {
    return 2 * in + conv(in, out) + (time > 0 ? dense(time, out) : 0) + 2 * out + conv(out, out) +
           (in != out ? conv(in, out, 1) : 0);
}

Count attentionParameters(Count width, Count keys) {
    return dense(width, width, false) + 2 * dense(keys, width, false) + dense(width, width);
}

Count perceptronParameters(Count width) {
    return dense(width, 8 * width) + dense(4 * width, width);
}

Count transformerParameters(Count c, Count context) {
    return 2 * c + 2 * conv(c, c, 1) + 4 * c + attentionParameters(c, c) + perceptronParameters(c) +
           (context > 0 ? 2 * c + attentionParameters(c, context) : 0);
}

Count motionParameters(Count c, Count frames) {
    return 2 * c + 2 * dense(c, c) + 2 * (attentionParameters(c, c) + frames * c + 2 * c) +
           perceptronParameters(c) + 2 * c;
}

/// Channels that the resnets of a level of the way up are given, coarsest level last.
std::vector<Count> upInputs(const nn::UnetConfig& c, std::size_t level) {
    const std::size_t deepest = c.channels.size() - 1;
    std::vector<Count> inputs(std::size_t(c.layersPerBlock + 1), 2 * c.channels[level]);
    inputs.front() += c.channels[std::min(level + 1, deepest)] - c.channels[level];
    inputs.back() += c.channels[level == 0 ? 0 : level - 1] - c.channels[level];
    return inputs;
}

Count unetParameters(const nn::UnetConfig& c, bool head) {
    const Count first = c.channels.front(), time = c.timeWidth();
    const std::size_t levels = c.channels.size();
    Count sum = conv(c.inChannels, first) + dense(first, time) + dense(time, time);
    const auto layer = [&](Count in, Count out, bool transformer) {
        sum += resnetParameters(in, out, time);
        sum += transformer ? transformerParameters(out, c.contextWidth) : 0;
        sum += c.motion ? motionParameters(out, c.motionFrames) : 0;
    };
    for (std::size_t i = 0; i < levels; ++i) {
        const Count out = c.channels[i];
        const bool deepest = i + 1 == levels;
        for (Count j = 0; j < c.layersPerBlock; ++j)
            layer(j > 0 || i == 0 ? out : c.channels[i - 1], out, !deepest);
        for (const Count in : upInputs(c, i))
            layer(in, out, !deepest);
        sum += (deepest ? 0 : conv(out, out)) + (i > 0 ? conv(out, out) : 0);
    }
    layer(c.channels.back(), c.channels.back(), true);
    sum += resnetParameters(c.channels.back(), c.channels.back(), time);
    sum += c.fromSketch ? 3 * nn::UnetConfig::sketchSteps : 0; // a buffer
    return sum + (head ? 2 * first + conv(first, c.outChannels) : 0);
}

Count vaeParameters(const nn::VaeConfig& c) {
    const Count coarsest = c.channels.back(), latent = c.latentChannels;
    const Count folded = c.imageChannels * c.fold * c.fold;
    const Count middle =
        2 * resnetParameters(coarsest, coarsest, 0) + 2 * coarsest + 4 * dense(coarsest, coarsest);
    Count sum = 2 * middle + conv(2 * latent, 2 * latent, 1) + conv(latent, latent, 1);
    sum += conv(folded, c.channels.front()) + 2 * coarsest + conv(coarsest, 2 * latent);
    sum += conv(latent, coarsest) + 2 * c.channels.front() + conv(c.channels.front(), folded);
    if (c.shortcut) {
        const Count square = c.imageChannels * c.reduction() * c.reduction();
        sum += conv(square, latent, 1) + conv(latent, square, 1);
    }
    const std::size_t levels = c.channels.size();
    for (std::size_t i = 0; i < levels; ++i) {
        const Count out = c.channels[i];
        const Count below = i == 0 ? out : c.channels[i - 1];          // of the encoder
        const Count above = i + 1 == levels ? out : c.channels[i + 1]; // of the decoder
        sum += resnetParameters(below, out, 0) + resnetParameters(above, out, 0);
        sum += (2 * c.layersPerBlock - 1) * resnetParameters(out, out, 0);
        sum += (i + 1 < levels ? conv(out, out) : 0) + (i > 0 ? conv(out, out) : 0);
    }
    return sum;
}

Count clipParameters(const nn::ClipVisionConfig& c) {
    const Count patches = (c.image / c.patch) * (c.image / c.patch);
    const Count layer = 4 * dense(c.width, c.width) + 4 * c.width + dense(c.width, c.hidden) +
                        dense(c.hidden, c.width);
    return c.width + 3 * c.patch * c.patch * c.width + (patches + 1) * c.width + 4 * c.width +
           c.layers * layer + c.width * c.projection;
}

Count guiderParameters(const nn::PoseGuiderConfig& c) {
    Count sum = conv(c.inChannels, c.channels.front()) + conv(c.channels.back(), c.outChannels);
    for (std::size_t i = 0; i + 1 < c.channels.size(); ++i)
        sum += conv(c.channels[i], c.channels[i]) + conv(c.channels[i], c.channels[i + 1]);
    return sum;
}

Count refinerParameters(const nn::RefinerConfig& c) {
    if (c.channels.empty())
        return 0;
    const Count folded = 3 * c.fold * c.fold, first = c.channels.front(), last = c.channels.back();
    Count sum = 1 + conv(3 * folded, first) + resnetParameters(last, last, 0) + 2 * first +
                conv(first, folded);
    for (std::size_t i = 0; i < c.channels.size(); ++i) {
        sum += resnetParameters(c.channels[i > 0 ? i - 1 : 0], c.channels[i], 0);
        if (i > 0)
            sum += resnetParameters(c.channels[i - 1] + c.channels[i], c.channels[i - 1], 0);
    }
    return sum;
}

/// What is alive now, and the most that was.
class Ledger {
public:
    void hold(Count bytes) {
        m_live += bytes;
        meanwhile(0);
    }
    void release(Count bytes) { m_live -= bytes; }
    /// So much more for a while.
    void meanwhile(Count bytes) { m_most = std::max(m_most, m_live + bytes); }
    Count most() const { return m_most; }

private:
    Count m_live = 0, m_most = 0;
};

// Copies of a kernel in the order that the library of the convolution wants it.
Count kernelBytes(Count in, Count out, const WorkSize& w) {
    return 2 * 9 * in * out * w.elementBytes;
}

// What a convolution with stride 1 needs besides what it is given and gives.
Count convolutionBytes(const nn::ConvolutionShape& shape, const WorkSize& w) {
    return w.tiled && nn::winogradIsQuicker(shape, nn::cpuTarget())
               ? nn::winogradBytes(shape, w.threads)
               : kernelBytes(shape.in, shape.out, w);
}

Count resnetConvolutionBytes(const nn::ConvolutionShape& s, const WorkSize& w) {
    return std::max(convolutionBytes(s, w),
                    convolutionBytes({s.pictures, s.height, s.width, s.out, s.out}, w));
}

// Besides what it is given; `in` and `out` in bytes. The norm of a GPU makes a copy of its input.
Count resnetBytes(Count in, Count out, const WorkSize& w) {
    return std::max((w.tiled ? 1 : 2) * in + out, 3 * out);
}

Count blockBytes(Count tokens, const WorkSize& w) {
    const Count elements = w.tiled ? Count(1) << 20 : w.block;
    return std::min(10 * tokens, elements * 5 / 2 * w.elementBytes);
}

// Tokens, their norm, three projections, what is seen and the projection of one clip of it.
Count transformerBytes(Count tokens, int clips, const WorkSize& w) {
    const Count attention = 6 * tokens + tokens / clips;
    const Count blocks = w.tiled ? 0 : tokens + w.block * w.elementBytes;
    return std::max(attention + blocks, 2 * tokens + blockBytes(tokens, w));
}

// The same; what LibTorch's own operators see is turned first.
Count motionBytes(Count tokens, const WorkSize& w) {
    return std::max((w.tiled ? 7 : 10) * tokens, tokens + blockBytes(tokens, w));
}

struct Levels {
    Levels(Size latent, std::size_t count) {
        for (std::size_t i = 0; i < count; ++i) {
            sizes.push_back(latent);
            pixels.push_back(Count(latent.width) * latent.height);
            latent = {(latent.width + 1) / 2, (latent.height + 1) / 2};
        }
    }
    std::vector<Size> sizes;
    std::vector<Count> pixels;
};

Size latentSize(Size picture) { return {picture.width / 8, picture.height / 8}; }

/// A pass through a UNet, followed layer by layer.
class UnetWalk {
public:
    UnetWalk(const nn::UnetConfig& config, Size latent, int rowsFirst, int rows, int clips,
             const WorkSize& work)
        : m_config(config)
        , m_levels(latent, config.channels.size())
        , m_rowsFirst(rowsFirst)
        , m_rows(rows)
        , m_clips(clips)
        , m_work(work) {}

    Count most(Count held) {
        m_ledger.hold(held);
        std::vector<Count> skips;
        const auto keep = [&](Count bytes) {
            skips.push_back(bytes);
            m_ledger.hold(bytes);
        };
        const std::size_t levels = m_config.channels.size();
        keep(bytes(m_config.channels[0], 0, m_rowsFirst));
        m_ledger.meanwhile(2 * skips.back()); // the first layer, the motion and their sum
        for (std::size_t i = 0; i < levels; ++i) {
            const bool deepest = i + 1 == levels;
            const Count out = m_config.channels[i];
            for (Count j = 0; j < m_config.layersPerBlock; ++j) {
                const bool first = i == 0 && j == 0;
                const Count in = j > 0 || i == 0 ? out : m_config.channels[i - 1];
                keep(layer(i, in, out, !deepest, first ? m_rowsFirst : m_rows));
            }
            if (!deepest)
                keep(bytes(out, i + 1, m_rows));
        }
        Count x =
            layer(levels - 1, m_config.channels.back(), m_config.channels.back(), true, m_rows);
        m_ledger.hold(x);
        for (std::size_t i = levels; i-- > 0;)
            x = up(i, x, skips);
        m_ledger.meanwhile(x + x / 2);
        return m_ledger.most();
    }

private:
    Count bytes(Count channels, std::size_t level, int rows) const {
        return Count(rows) * channels * m_levels.pixels[level] * m_work.elementBytes;
    }

    nn::ConvolutionShape shapeAt(std::size_t level, int rows, Count in, Count out) const {
        const Size size = m_levels.sizes[level];
        return {rows, size.height, size.width, in, out};
    }

    // What is given is held by the caller. Returns the size of the result.
    Count layer(std::size_t level, Count in, Count out, bool transformer, int rows) {
        const Count given = bytes(in, level, rows), result = bytes(out, level, m_rows);
        const Count inner = bytes(out, level, rows);
        m_ledger.meanwhile(resnetBytes(given, inner, m_work) +
                           resnetConvolutionBytes(shapeAt(level, rows, in, out), m_work));
        if (transformer)
            m_ledger.meanwhile(inner + transformerBytes(result, m_clips, m_work));
        if (m_config.motion)
            m_ledger.meanwhile(result + motionBytes(result, m_work));
        return result;
    }

    Count up(std::size_t level, Count x, std::vector<Count>& skips) {
        const bool deepest = level + 1 == m_config.channels.size();
        const Count out = m_config.channels[level];
        for (const Count in : upInputs(m_config, level)) {
            const Count joined = bytes(in, level, m_rows);
            m_ledger.meanwhile(joined + skips.back()); // the skip may have to be repeated
            m_ledger.release(x + skips.back());
            skips.pop_back();
            m_ledger.hold(joined);
            x = layer(level, in, out, !deepest, m_rows);
            m_ledger.release(joined);
            m_ledger.hold(x);
        }
        if (level == 0)
            return x;
        const Count larger = bytes(out, level - 1, m_rows);
        m_ledger.meanwhile(2 * larger +
                           convolutionBytes(shapeAt(level - 1, m_rows, out, out), m_work));
        m_ledger.release(x);
        m_ledger.hold(larger);
        return larger;
    }

    const nn::UnetConfig& m_config;
    Levels m_levels;
    int m_rowsFirst, m_rows, m_clips;
    WorkSize m_work;
    Ledger m_ledger;
};

/// Decoding: of the two ways the one that needs more.
class CoderWalk {
public:
    CoderWalk(const nn::VaeConfig& config, Size picture, int pictures, const WorkSize& work)
        : m_config(config)
        , m_picture{picture.width / int(config.fold), picture.height / int(config.fold)}
        , m_pictures(pictures)
        , m_pixels(Count(m_picture.width) * m_picture.height * pictures)
        , m_work(work) {}

    Count most() {
        const std::size_t levels = m_config.channels.size();
        Count channels = m_config.channels.back(), x = bytes(channels, levels - 1);
        m_ledger.hold(x);
        m_ledger.meanwhile(resnetBytes(x, x, m_work) + inside(levels - 1, channels, channels));
        m_ledger.meanwhile(7 * x + weights());
        for (std::size_t i = levels; i-- > 0;) {
            const Count given = std::exchange(channels, m_config.channels[i]);
            const Count out = bytes(channels, i);
            m_ledger.meanwhile(resnetBytes(x, out, m_work) + inside(i, given, channels));
            m_ledger.release(x);
            m_ledger.hold(x = out);
            m_ledger.meanwhile(resnetBytes(x, x, m_work) + inside(i, channels, channels));
            if (i == 0)
                break;
            // Four times as large, before and after a convolution.
            m_ledger.meanwhile(8 * x + inside(i - 1, channels, channels));
            m_ledger.release(x);
            m_ledger.hold(x = 4 * x);
        }
        m_ledger.meanwhile((m_work.tiled ? 1 : 2) * x +
                           4 * bytes(m_config.imageChannels * m_config.fold * m_config.fold, 0));
        return m_ledger.most();
    }

private:
    Count bytes(Count channels, std::size_t level) const {
        return channels * (m_pixels >> (2 * level)) * m_work.elementBytes;
    }
    // The convolutions of a resnet.
    Count inside(std::size_t level, Count in, Count out) const {
        return resnetConvolutionBytes(
            {m_pictures, m_picture.height >> level, m_picture.width >> level, in, out}, m_work);
    }
    Count weights() const {
        const Count tokens = m_pixels >> (2 * (m_config.channels.size() - 1));
        return m_work.tiled ? 0 : std::min(3 * tokens * tokens, m_work.block) * m_work.elementBytes;
    }

    const nn::VaeConfig& m_config;
    Size m_picture; // of the finest level
    Count m_pictures, m_pixels;
    WorkSize m_work;
    Ledger m_ledger;
};

} // namespace

MimoParameters parametersOf(const nn::MimoConfig& config) {
    nn::UnetConfig reference = config.reference;
    reference.motion = false;
    return {vaeParameters(config.vae),        config.usesClip() ? clipParameters(config.clip) : 0,
            guiderParameters(config.pose),    refinerParameters(config.refiner),
            unetParameters(reference, false), unetParameters(config.denoiser, true)};
}

std::int64_t denoiserBytes(const nn::MimoConfig& config, Size picture, int frames, int windows,
                           int clips, const WorkSize& work) {
    const Size latent = latentSize(picture);
    const Count pixels = Count(latent.width) * latent.height * work.elementBytes;
    // The sample and the motion of the windows, each also as frames.
    const Count given = Count(frames) * windows * pixels *
                        (2 * config.denoiser.inChannels + config.denoiser.channels.front());
    return UnetWalk(config.denoiser, latent, frames * windows, frames * clips, clips, work)
        .most(given);
}

std::int64_t referenceBytes(const nn::MimoConfig& config, Size picture, const WorkSize& work) {
    nn::UnetConfig reference = config.reference;
    reference.motion = false;
    const Count tokens = sharedBytes(config, picture, work) / 2;
    return UnetWalk(reference, latentSize(picture), 1, 1, 1, work).most(tokens);
}

std::int64_t sharedBytes(const nn::MimoConfig& config, Size picture, const WorkSize& work) {
    const auto& c = config.denoiser;
    const Levels levels(latentSize(picture), c.channels.size());
    Count elements = c.channels.back() * levels.pixels.back();
    for (std::size_t i = 0; i + 1 < c.channels.size(); ++i)
        elements += (2 * c.layersPerBlock + 1) * c.channels[i] * levels.pixels[i];
    return 2 * elements * work.elementBytes;
}

std::int64_t guiderBytes(const nn::MimoConfig& config, Size picture, int pictures,
                         const WorkSize& work) {
    const auto& c = config.pose;
    const Count pixels = Count(picture.width) * picture.height;
    const auto together = std::clamp<Count>(kGuiderPixels / pixels, 1, pictures);
    // The first layer's input is widened to eight channels.
    Count most = (2 * c.channels.front() + 8) * pixels * together * work.elementBytes;
    Count kernels = 0;
    const Levels levels(picture, c.channels.size());
    for (std::size_t i = 0; i < c.channels.size(); ++i) {
        const Size size = levels.sizes[i];
        const Count in = c.channels[i], out = i + 1 < c.channels.size() ? in : c.outChannels;
        const Count inside = convolutionBytes({together, size.height, size.width, in, out}, work);
        most =
            std::max(most, std::max(kernels, inside) + (in + std::max(in, out)) * levels.pixels[i] *
                                                           together * work.elementBytes);
        if (i + 1 < c.channels.size())
            kernels = std::max(kernels, kernelBytes(in, c.channels[i + 1], work) / 2);
    }
    const Count around = (2 * c.inChannels + 2 * c.outChannels / 64) * pixels * pictures;
    return around * work.elementBytes + most;
}

std::int64_t coderBytes(const nn::MimoConfig& config, Size picture, int pictures,
                        const WorkSize& work) {
    return CoderWalk(config.vae, picture, pictures, work).most();
}

std::int64_t refinerBytes(const nn::MimoConfig& config, Size picture, int pictures,
                          const WorkSize& work) {
    const auto& c = config.refiner;
    if (!config.refines())
        return 0;
    const std::size_t levels = c.channels.size();
    const auto fitted = [&](int side) { // to the coarsest level, in pixels of the finest
        const int whole = int(c.fold) << (levels - 1);
        return (side + whole - 1) / whole * whole / int(c.fold);
    };
    const Size finest{fitted(picture.width), fitted(picture.height)};
    const auto bytes = [&](Count channels, std::size_t level) {
        return (channels * finest.width * finest.height * pictures * work.elementBytes) >>
               (2 * level);
    };
    const Count given = 3 * bytes(3 * c.fold * c.fold, 0); // once more folded
    Count skips = 0;
    for (std::size_t i = 0; i < levels; ++i)
        skips += bytes(c.channels[i], i);
    // The last resnet of the way up needs most: both that it is given, joined, and its inside.
    const Count first = c.channels.front(), joined = first + (levels > 1 ? c.channels[1] : 0);
    return 2 * given + skips + 2 * bytes(joined, 0) +
           resnetBytes(bytes(joined, 0), bytes(first, 0), work) +
           resnetConvolutionBytes({pictures, finest.height, finest.width, joined, first}, work);
}

std::int64_t conditionBytesPerFrame(const nn::MimoConfig& config, Size picture,
                                    const WorkSize& work) {
    const Size latent = latentSize(picture);
    const Count channels =
        config.pose.outChannels + config.denoiser.inChannels - config.vae.latentChannels;
    return channels * latent.width * latent.height * work.elementBytes;
}

} // namespace strata
