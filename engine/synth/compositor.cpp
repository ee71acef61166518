// SPDX-License-Identifier: Apache-2.0
#include "engine/synth/compositor.h"

#include "engine/core/parallel.h"
#include "engine/synth/matte_tools.h"

#include <glm/glm.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <type_traits>
#include <vector>

namespace strata {
namespace {

/// Encoded samples to linear light and back by table; linear values lie in a table with square-root
/// spacing, fine in the dark.
template <typename T>
class TransferTables {
public:
    explicit TransferTables(Transfer transfer)
        : m_transfer(transfer)
        , m_toLinear(std::size_t(kFull) + 1) {
        for (int i = 0; i <= kFull; ++i)
            m_toLinear[std::size_t(i)] = strata::toLinear(float(i) / kFull, transfer);
        for (int i = 0; i <= kSteps; ++i) {
            const float root = float(i) / kSteps;
            m_fromLinear[std::size_t(i)] = strata::fromLinear(root * root, transfer) * kFull;
        }
        m_fromLinear[kSteps + 1] = m_fromLinear[kSteps];
    }

    static const TransferTables& of(Transfer transfer) {
        static const TransferTables srgb(Transfer::Srgb);
        static const TransferTables bt709(Transfer::Bt709);
        return transfer == Transfer::Srgb ? srgb : bt709;
    }

    glm::vec3 linear(const T* rgb) const {
        return {m_toLinear[rgb[0]], m_toLinear[rgb[1]], m_toLinear[rgb[2]]};
    }
    /// In units of the image, not rounded.
    float encode(float linear) const {
        const float position = std::sqrt(std::clamp(linear, 0.f, 1.f)) * kSteps;
        const int index = int(position);
        const float part = position - float(index);
        return m_fromLinear[std::size_t(index)] * (1.f - part) +
               m_fromLinear[std::size_t(index) + 1] * part;
    }

    static constexpr int kFull = std::is_same_v<T, std::uint8_t> ? 255 : 65535;

private:
    static constexpr int kSteps = 8192;
    Transfer m_transfer;
    std::vector<float> m_toLinear;
    std::array<float, kSteps + 2> m_fromLinear;
};

/// Uniform in [-1, 1], the same for the same pixel, frame and channel.
float noiseAt(std::uint32_t x, std::uint32_t y, std::uint32_t c) {
    std::uint32_t h = x * 0x9E3779B1u ^ (y * 0x85EBCA77u) ^ (c * 0xC2B2AE3Du);
    h ^= h >> 15;
    h *= 0x2C1B3C6Du;
    h ^= h >> 12;
    h *= 0x297A2D39u;
    h ^= h >> 15;
    return float(h) / 2147483648.f - 1.f;
}

template <typename T>
class FrameCompositor {
public:
    FrameCompositor(const CompositeLayers<T>& layers, const CompositeOptions& options)
        : m_layers(layers)
        , m_options(options)
        , m_tables(TransferTables<T>::of(options.transfer)) {
        if (layers.oldPerson && !options.replaceScene)
            m_plateShare =
                widenedMatte(*layers.oldPerson, options.oldPersonMargin, options.oldPersonFeather);
    }

    Image<T> run() {
        Image<T> out = *m_layers.source;
        parallelFor(0, out.height(), 16, [&](std::int64_t begin, std::int64_t end) {
            for (auto y = begin; y < end; ++y)
                row(int(y), out);
        });
        return out;
    }

private:
    void row(int y, Image<T>& out) const {
        for (int x = 0; x < out.width(); ++x) {
            const float plateShare = m_options.replaceScene ? 1.f
                                     : m_plateShare.empty()
                                         ? 0.f
                                         : float(*m_plateShare.pixel(x, y)) / 255.f;
            const float* human = humanAt(x, y);
            const float shadow = shadowAt(x, y);
            if (plateShare <= 0.f && (!human || human[3] <= 0.f) && shadow <= 0.f)
                continue;
            blend(x, y, plateShare, human, shadow, out.pixel(x, y));
        }
    }

    void blend(int x, int y, float plateShare, const float* human, float shadow, T* out) const {
        const T* source = m_layers.source->pixel(x, y);
        const float occluder =
            m_layers.occluder ? float(*m_layers.occluder->pixel(x, y)) / 255.f : 0.f;
        const float alpha = human ? human[3] : 0.f;
        const bool inFront = m_options.humanInFront && alpha > 0.f;
        if (occluder >= 1.f && !inFront)
            return; // `out` is the source already
        glm::vec3 base = m_tables.linear(source);
        if (m_layers.plate && plateShare > 0.f)
            base = glm::mix(base, m_tables.linear(m_layers.plate->pixel(x, y)), plateShare);
        base *= 1.f - shadow;
        if (alpha > 0.f && !inFront)
            base = glm::mix(base, glm::vec3(human[0], human[1], human[2]), alpha);
        if (occluder > 0.f)
            base = glm::mix(base, occluderColor(x, y), occluder);
        if (inFront)
            base = glm::mix(base, glm::vec3(human[0], human[1], human[2]), alpha);
        const float covered = inFront ? 0.f : occluder;
        const float grain = m_options.grain * alpha * (1.f - covered) * TransferTables<T>::kFull;
        for (int c = 0; c < 3; ++c) {
            float value = m_tables.encode(base[c]);
            if (grain > 0.f)
                value += 1.73f * grain *
                         noiseAt(std::uint32_t(x) + m_options.seed * 7919u, std::uint32_t(y),
                                 std::uint32_t(c));
            out[c] = T(std::clamp(std::lround(value), 0L, long(TransferTables<T>::kFull)));
        }
    }

    /// At an occluder's soft edge the source shows the occluder mixed with what stood behind it.
    /// Its own colour is taken from the nearest pixels that are occluder alone.
    glm::vec3 occluderColor(int x, int y) const {
        const glm::vec3 own = m_tables.linear(m_layers.source->pixel(x, y));
        const ImageU8& matte = *m_layers.occluder;
        const float alpha = float(*matte.pixel(x, y)) / 255.f;
        if (alpha > 0.97f)
            return own;
        for (const int radius : {2, 5}) {
            glm::vec3 sum(0.f);
            float weight = 0;
            for (int v = std::max(0, y - radius); v <= std::min(matte.height() - 1, y + radius);
                 ++v) {
                for (int u = std::max(0, x - radius); u <= std::min(matte.width() - 1, x + radius);
                     ++u) {
                    if (*matte.pixel(u, v) < 248)
                        continue;
                    const float w = 1.f / float(1 + (u - x) * (u - x) + (v - y) * (v - y));
                    sum += w * m_tables.linear(m_layers.source->pixel(u, v));
                    weight += w;
                }
            }
            if (weight > 0.f)
                return glm::mix(sum / weight, own, alpha * alpha);
        }
        return own;
    }

    const float* humanAt(int x, int y) const {
        const HumanLayer* h = m_layers.human;
        if (!h || x < h->region.x0 || x >= h->region.x1 || y < h->region.y0 || y >= h->region.y1)
            return nullptr;
        return h->rgba.pixel(x - h->region.x0, y - h->region.y0);
    }

    float shadowAt(int x, int y) const {
        const HumanLayer* h = m_layers.human;
        if (!h || x < h->shadowRegion.x0 || x >= h->shadowRegion.x1 || y < h->shadowRegion.y0 ||
            y >= h->shadowRegion.y1)
            return 0.f;
        return *h->shadow.pixel(x - h->shadowRegion.x0, y - h->shadowRegion.y0);
    }

    const CompositeLayers<T>& m_layers;
    const CompositeOptions& m_options;
    const TransferTables<T>& m_tables;
    ImageU8 m_plateShare;
};

bool fits(const RectI& region, const ImageF& image, int channels, Size frame) {
    if (region.empty())
        return true;
    return region.x0 >= 0 && region.y0 >= 0 && region.x1 <= frame.width &&
           region.y1 <= frame.height && image.width() == region.width() &&
           image.height() == region.height() && image.channels() == channels;
}

template <typename T>
Result<Image<T>> compositeAny(const CompositeLayers<T>& layers, const CompositeOptions& options) {
    if (!layers.source || layers.source->empty() || layers.source->channels() != 3)
        return Error{ErrorCode::ShapeMismatch,
                     "Compositing needs a source frame with three channels."};
    const Size size = layers.source->size();
    const auto wrong = [&](const auto* image, int channels) {
        return image && (image->size() != size || image->channels() != channels);
    };
    if (wrong(layers.plate, 3) || wrong(layers.oldPerson, 1) || wrong(layers.occluder, 1))
        return Error{ErrorCode::ShapeMismatch, "The plate or a matte differs in size from the " +
                                                   std::to_string(size.width) + "x" +
                                                   std::to_string(size.height) + " source frame."};
    if (const HumanLayer* human = layers.human;
        human && (!fits(human->region, human->rgba, 4, size) ||
                  !fits(human->shadowRegion, human->shadow, 1, size)))
        return Error{ErrorCode::ShapeMismatch, "The person's layer does not fit into the " +
                                                   std::to_string(size.width) + "x" +
                                                   std::to_string(size.height) + " source frame."};
    return FrameCompositor<T>(layers, options).run();
}

} // namespace

Result<ImageU8> composite(const CompositeLayers<std::uint8_t>& layers,
                          const CompositeOptions& options) {
    return compositeAny(layers, options);
}

Result<ImageU16> composite(const CompositeLayers<std::uint16_t>& layers,
                           const CompositeOptions& options) {
    return compositeAny(layers, options);
}

} // namespace strata
