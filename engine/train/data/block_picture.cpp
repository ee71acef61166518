// SPDX-License-Identifier: Apache-2.0
#include "engine/train/data/block_picture.h"

#include <glm/glm.hpp>

#include <algorithm>
#include <array>

namespace strata {
namespace {

using Block = std::array<glm::vec3, 16>;

/// The direction in which the colours of a block spread most.
glm::vec3 mainAxis(const Block& block, const glm::vec3& mean) {
    glm::mat3 spread(0.f);
    for (const auto& c : block)
        spread += glm::outerProduct(c - mean, c - mean);
    glm::vec3 axis(1.f, 1.1f, 0.9f);
    for (int i = 0; i < 8; ++i) {
        const glm::vec3 next = spread * axis;
        const float length = glm::length(next);
        if (length < 1e-6f)
            return glm::vec3(0.f);
        axis = next / length;
    }
    return axis;
}

void encode(const Block& block, std::uint8_t* out) {
    glm::vec3 mean(0.f);
    for (const auto& c : block)
        mean += c / 16.f;
    const glm::vec3 axis = mainAxis(block, mean);
    float low = 0, high = 0;
    for (const auto& c : block) {
        const float t = glm::dot(c - mean, axis);
        low = std::min(low, t);
        high = std::max(high, t);
    }
    const glm::vec3 ends[2] = {mean + low * axis, mean + high * axis};
    for (int e = 0; e < 2; ++e)
        for (int c = 0; c < 3; ++c)
            out[3 * e + c] = std::uint8_t(std::clamp(ends[e][c] + 0.5f, 0.f, 255.f));
    std::fill(out + 6, out + 10, std::uint8_t(0));
    for (std::size_t i = 0; i < 16 && high > low; ++i) {
        const float t = (glm::dot(block[i] - mean, axis) - low) / (high - low);
        const int step = std::clamp(int(t * 3.f + 0.5f), 0, 3);
        out[6 + i / 4] = std::uint8_t(out[6 + i / 4] | step << (2 * (i % 4)));
    }
}

} // namespace

BlockPicture BlockPicture::of(const ImageU8& picture) {
    BlockPicture out;
    out.blocksWide = picture.width() / 4;
    out.blocksHigh = picture.height() / 4;
    out.bytes.resize(std::size_t(out.blocksWide) * out.blocksHigh * kBlockBytes);
    for (int by = 0; by < out.blocksHigh; ++by)
        for (int bx = 0; bx < out.blocksWide; ++bx) {
            Block block;
            for (int i = 0; i < 16; ++i) {
                const std::uint8_t* p = picture.pixel(4 * bx + i % 4, 4 * by + i / 4);
                block[std::size_t(i)] = {p[0], p[1], p[2]};
            }
            encode(block, &out.bytes[(std::size_t(by) * out.blocksWide + bx) * kBlockBytes]);
        }
    return out;
}

ImageU8 BlockPicture::unpacked() const {
    ImageU8 out(4 * blocksWide, 4 * blocksHigh, 3);
    for (int by = 0; by < blocksHigh; ++by)
        for (int bx = 0; bx < blocksWide; ++bx) {
            const std::uint8_t* b = &bytes[(std::size_t(by) * blocksWide + bx) * kBlockBytes];
            for (int i = 0; i < 16; ++i) {
                const int step = b[6 + i / 4] >> (2 * (i % 4)) & 3;
                for (int c = 0; c < 3; ++c)
                    out.at(4 * bx + i % 4, 4 * by + i / 4, c) =
                        std::uint8_t((b[c] * (3 - step) + b[3 + c] * step + 1) / 3);
            }
        }
    return out;
}

} // namespace strata
