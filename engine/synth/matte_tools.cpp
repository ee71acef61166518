// SPDX-License-Identifier: Apache-2.0
#include "engine/synth/matte_tools.h"

#include "engine/core/parallel.h"
#include "engine/synth/color_tables.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace strata {
namespace {

constexpr int kFewestRings = 4;   // round what is known
constexpr int kRingsPerSide = 48; // and more in large pictures

/// Maximum over a window of 2*radius+1, first along rows, then along columns.
ImageU8 dilated(const ImageU8& in, int radius) {
    ImageU8 rows(in.width(), in.height(), 1), out(in.width(), in.height(), 1);
    parallelFor(0, in.height(), 16, [&](std::int64_t begin, std::int64_t end) {
        for (int y = int(begin); y < int(end); ++y)
            for (int x = 0; x < in.width(); ++x) {
                const auto* first = in.pixel(std::max(0, x - radius), y);
                const auto* last = in.pixel(std::min(in.width() - 1, x + radius), y);
                *rows.pixel(x, y) = *std::max_element(first, last + 1);
            }
    });
    parallelFor(0, in.height(), 16, [&](std::int64_t begin, std::int64_t end) {
        for (int y = int(begin); y < int(end); ++y) {
            auto* to = out.row(y);
            for (int v = std::max(0, y - radius); v <= std::min(in.height() - 1, y + radius); ++v) {
                const auto* from = rows.row(v);
                for (int x = 0; x < in.width(); ++x)
                    to[x] = std::max(to[x], from[x]);
            }
        }
    });
    return out;
}

void blurLine(const float* in, float* out, int count, std::ptrdiff_t stride, int radius) {
    const float scale = 1.f / float(2 * radius + 1);
    const auto at = [&](int i) { return in[std::clamp(i, 0, count - 1) * stride]; };
    double sum = 0;
    for (int i = -radius; i <= radius; ++i)
        sum += at(i);
    for (int i = 0; i < count; ++i) {
        out[i * stride] = float(sum) * scale;
        sum += double(at(i + radius + 1)) - at(i - radius);
    }
}

/// One level of a pyramid of colours weighted by how much of them is known.
struct Level {
    ImageF color; // premultiplied by weight
    ImageF weight;
};

Level halved(const Level& fine) {
    const int w = (fine.weight.width() + 1) / 2, h = (fine.weight.height() + 1) / 2;
    Level out{ImageF(w, h, 3), ImageF(w, h, 1)};
    for (int y = 0; y < fine.weight.height(); ++y) {
        for (int x = 0; x < fine.weight.width(); ++x) {
            const float weight = *fine.weight.pixel(x, y);
            if (weight <= 0.f)
                continue;
            *out.weight.pixel(x / 2, y / 2) += weight;
            for (int c = 0; c < 3; ++c)
                out.color.pixel(x / 2, y / 2)[c] += fine.color.pixel(x, y)[c];
        }
    }
    for (int y = 0; y < h; ++y) // what is known at all counts fully one level up
        for (int x = 0; x < w; ++x)
            if (float& weight = *out.weight.pixel(x, y); weight > 1.f) {
                for (int c = 0; c < 3; ++c)
                    out.color.pixel(x, y)[c] /= weight;
                weight = 1.f;
            }
    return out;
}

/// Fills what a level lacks from the coarser one, bilinearly.
void fillFrom(Level& fine, const Level& coarse) {
    for (int y = 0; y < fine.weight.height(); ++y) {
        for (int x = 0; x < fine.weight.width(); ++x) {
            float& weight = *fine.weight.pixel(x, y);
            if (weight >= 1.f)
                continue;
            const float u = float(x) * 0.5f - 0.25f, v = float(y) * 0.5f - 0.25f;
            const int x0 = int(std::floor(u)), y0 = int(std::floor(v));
            for (int k = 0; k < 4; ++k) {
                const int cx = std::clamp(x0 + k % 2, 0, coarse.weight.width() - 1);
                const int cy = std::clamp(y0 + k / 2, 0, coarse.weight.height() - 1);
                const float share = (k % 2 ? u - float(x0) : 1.f - u + float(x0)) *
                                    (k / 2 ? v - float(y0) : 1.f - v + float(y0)) * (1.f - weight);
                for (int c = 0; c < 3; ++c)
                    fine.color.pixel(x, y)[c] += share * coarse.color.pixel(cx, cy)[c];
            }
            weight = 1.f;
        }
    }
}

/// Colours what lies next to the known with the mean of its known neighbours, ring by ring: what is
/// farther away has no say there, however bright it is.
void growRings(ImageF& color, ImageF& known, int rings) {
    const int width = known.width(), height = known.height();
    const auto open = [&](int x, int y) {
        return x >= 0 && y >= 0 && x < width && y < height && *known.pixel(x, y) < 1.f;
    };
    const auto edges = [&](int x, int y, std::vector<glm::ivec2>& out) { // open, next to the known
        for (int v = y - 1; v <= y + 1; ++v)
            for (int u = x - 1; u <= x + 1; ++u)
                if (open(u, v))
                    out.push_back({u, v});
    };
    std::vector<glm::ivec2> last, next;
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x)
            if (!open(x, y))
                edges(x, y, next);
    for (int ring = 0; ring < rings && !next.empty(); ++ring) {
        const auto before = [](glm::ivec2 a, glm::ivec2 b) {
            return a.y != b.y ? a.y < b.y : a.x < b.x;
        };
        std::ranges::sort(next, before);
        next.erase(std::unique(next.begin(), next.end()), next.end());
        for (const glm::ivec2 p : next) {
            float sum[3] = {}, weight = 0;
            for (int y = std::max(0, p.y - 1); y <= std::min(height - 1, p.y + 1); ++y)
                for (int x = std::max(0, p.x - 1); x <= std::min(width - 1, p.x + 1); ++x) {
                    if (open(x, y))
                        continue;
                    const float share = x == p.x || y == p.y ? 1.f : 0.5f;
                    for (int c = 0; c < 3; ++c)
                        sum[c] += share * color.pixel(x, y)[c];
                    weight += share;
                }
            for (int c = 0; c < 3; ++c)
                color.pixel(p.x, p.y)[c] = sum[c] / weight;
        }
        for (const glm::ivec2 p : next)
            *known.pixel(p.x, p.y) = 1.f;
        last.swap(next);
        next.clear();
        for (const glm::ivec2 p : last)
            edges(p.x, p.y, next);
    }
}

} // namespace

ImageF boxBlurred(const ImageF& image, int radius) {
    if (radius < 1 || image.empty())
        return image;
    ImageF rows(image.width(), image.height(), image.channels()), out = rows;
    const int channels = image.channels();
    parallelFor(0, image.height(), 16, [&](std::int64_t begin, std::int64_t end) {
        for (int y = int(begin); y < int(end); ++y)
            for (int c = 0; c < channels; ++c)
                blurLine(image.row(y) + c, rows.row(y) + c, image.width(), channels, radius);
    });
    parallelFor(0, image.width(), 16, [&](std::int64_t begin, std::int64_t end) {
        for (int x = int(begin); x < int(end); ++x)
            for (int c = 0; c < channels; ++c)
                blurLine(rows.pixel(x, 0) + c, out.pixel(x, 0) + c, image.height(),
                         std::ptrdiff_t(image.width()) * channels, radius);
    });
    return out;
}

ImageU8 widenedMatte(const ImageU8& matte, int margin, float feather) {
    // Faint remains of a matte far away from the person are no person.
    ImageU8 solid(matte.width(), matte.height(), 1);
    for (std::size_t i = 0; i < matte.count(); ++i)
        solid.data()[i] = matte.data()[i] >= 8 ? 255 : 0;
    const int soft = std::max(0, int(std::ceil(feather)));
    const ImageU8 grown = dilated(solid, margin + soft);
    if (soft == 0)
        return grown;
    ImageF blurred(matte.width(), matte.height(), 1);
    for (std::size_t i = 0; i < grown.count(); ++i)
        blurred.data()[i] = grown.data()[i];
    blurred = boxBlurred(blurred, soft);
    ImageU8 out(matte.width(), matte.height(), 1);
    for (std::size_t i = 0; i < out.count(); ++i)
        out.data()[i] = std::uint8_t(std::clamp(blurred.data()[i] + 0.5f, 0.f, 255.f));
    return out;
}

void fillUnknown(ImageF& color, const ImageF& known) {
    std::vector<Level> levels(1);
    levels[0] = {std::move(color), known};
    growRings(levels[0].color, levels[0].weight,
              std::max(kFewestRings, std::max(known.width(), known.height()) / kRingsPerSide));
    for (std::size_t i = 0; i < known.count(); ++i)
        if (levels[0].weight.data()[i] < 1.f) {
            levels[0].weight.data()[i] = 0.f;
            std::fill_n(levels[0].color.data() + 3 * i, 3, 0.f);
        }
    while (levels.back().weight.width() > 1 || levels.back().weight.height() > 1)
        levels.push_back(halved(levels.back()));
    for (std::size_t i = levels.size() - 1; i-- > 0;)
        fillFrom(levels[i], levels[i + 1]);
    color = std::move(levels[0].color);
}

ImageF insideColors(const ImageU8& rgb, const ImageF& alpha, int inset) {
    const ImageF soft = boxBlurred(alpha, inset);
    ImageF color(rgb.width(), rgb.height(), 3), known(rgb.width(), rgb.height(), 1);
    parallelFor(0, rgb.height(), 32, [&](std::int64_t begin, std::int64_t end) {
        for (int y = int(begin); y < int(end); ++y) {
            for (int x = 0; x < rgb.width(); ++x) {
                const bool inside = *alpha.pixel(x, y) >= 0.98f && *soft.pixel(x, y) >= 0.97f;
                *known.pixel(x, y) = inside ? 1.f : 0.f;
                const glm::vec3 linear = linearOf(rgb.pixel(x, y));
                for (int c = 0; c < 3; ++c)
                    color.pixel(x, y)[c] = linear[c];
            }
        }
    });
    fillUnknown(color, known);
    return color;
}

} // namespace strata
