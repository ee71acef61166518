// SPDX-License-Identifier: Apache-2.0
#include "engine/eval/distance.h"

#include "engine/core/parallel.h"

#include <algorithm>
#include <cassert>
#include <limits>

namespace strata {
namespace {

constexpr float kFar = std::numeric_limits<float>::infinity();

/// Lower envelope of the parabolas (x - i)^2 + f[i] (Felzenszwalb and Huttenlocher, 2012), for one
/// line.
class LineTransform {
public:
    explicit LineTransform(int length)
        : m_values(length)
        , m_apex(length)
        , m_start(length + 1) {}

    void run(float* line, int length) {
        std::copy_n(line, length, m_values.begin());
        int top = -1;
        for (int q = 0; q < length; ++q) {
            if (m_values[q] == kFar)
                continue;
            double from = -std::numeric_limits<double>::infinity();
            while (top >= 0 && (from = crossing(m_apex[top], q)) <= m_start[top])
                --top;
            if (top < 0)
                from = -std::numeric_limits<double>::infinity();
            m_apex[++top] = q;
            m_start[top] = from;
        }
        if (top < 0)
            return;
        for (int x = 0, k = 0; x < length; ++x) {
            while (k < top && m_start[k + 1] < x)
                ++k;
            const float d = float(x - m_apex[k]);
            line[x] = d * d + m_values[m_apex[k]];
        }
    }

private:
    double crossing(int a, int b) const {
        return ((double(m_values[b]) + double(b) * b) - (double(m_values[a]) + double(a) * a)) /
               (2.0 * (b - a));
    }

    std::vector<float> m_values;
    std::vector<int> m_apex;
    std::vector<double> m_start;
};

} // namespace

std::vector<float> squaredDistance(const std::vector<std::uint8_t>& marked, Size size) {
    assert(marked.size() == std::size_t(size.width) * size.height);
    const int w = size.width, h = size.height;
    std::vector<float> field(marked.size());
    std::ranges::transform(marked, field.begin(), [](std::uint8_t m) { return m ? 0.f : kFar; });
    parallelFor(0, h, 32, [&](std::int64_t begin, std::int64_t end) {
        LineTransform transform(w);
        for (std::int64_t y = begin; y < end; ++y)
            transform.run(field.data() + y * w, w);
    });
    parallelFor(0, w, 32, [&](std::int64_t begin, std::int64_t end) {
        LineTransform transform(h);
        std::vector<float> column(h);
        for (std::int64_t x = begin; x < end; ++x) {
            for (int y = 0; y < h; ++y)
                column[y] = field[std::size_t(y) * w + x];
            transform.run(column.data(), h);
            for (int y = 0; y < h; ++y)
                field[std::size_t(y) * w + x] = column[y];
        }
    });
    return field;
}

} // namespace strata
