// SPDX-License-Identifier: Apache-2.0
#include "engine/formats/tflite_sparse.h"

#include <algorithm>
#include <cstring>

namespace strata {
namespace {

constexpr std::size_t kMaxLevels = 16;

/// One dimension as it is walked: all positions, or those listed between two segment ends.
struct Level {
    bool sparse = false;
    std::int64_t extent = 0;
    std::int64_t step = 0; // what one position adds to the index of the dense result
    std::vector<std::int64_t> segments, indices;
};

std::vector<std::int64_t> readIndices(const FlatTable& table, int typeField) {
    const FlatTable vector = table.table(typeField + 1);
    const auto widen = [](const auto& numbers) {
        return std::vector<std::int64_t>(numbers.begin(), numbers.end());
    };
    switch (table.number<std::uint8_t>(typeField)) {
    case 1:
        return widen(vector.numbers<std::int32_t>(0));
    case 2:
        return widen(vector.numbers<std::uint16_t>(0));
    case 3:
        return widen(vector.numbers<std::uint8_t>(0));
    default:
        return {};
    }
}

bool readLevel(const FlatTable& table, Level& level) {
    level.sparse = table.number<std::int8_t>(0) == 1;
    if (!level.sparse) {
        level.extent = table.number<std::int32_t>(1);
        return level.extent > 0;
    }
    level.segments = readIndices(table, 2);
    level.indices = readIndices(table, 4);
    // Rising segments visit every listed position once, which bounds the walk.
    return !level.segments.empty() && level.segments.front() >= 0 &&
           std::is_sorted(level.segments.begin(), level.segments.end()) &&
           level.segments.back() <= std::int64_t(level.indices.size());
}

/// Extents and steps of the levels from the dense shape: a dimension cut into blocks has an outer
/// level that counts blocks and an inner one inside the block.
bool placeLevels(std::vector<Level>& levels, const std::vector<std::int32_t>& order,
                 const std::vector<std::int32_t>& blockMap,
                 const std::vector<std::int64_t>& shape) {
    const std::size_t rank = shape.size();
    std::vector<std::int64_t> stride(rank, 1), block(rank, 1);
    for (std::size_t d = rank; d-- > 1;)
        stride[d - 1] = stride[d] * shape[d];
    std::vector<bool> seen(levels.size());
    for (std::size_t i = levels.size(); i-- > 0;) { // blocks come last and are needed first
        const auto target = std::size_t(order[i]);
        if (target >= levels.size() || seen[target] || (target < rank) != (i < rank))
            return false;
        seen[target] = true;
        Level& level = levels[i];
        if (target >= rank) {
            const auto dimension = std::size_t(blockMap[target - rank]);
            if (dimension >= rank || level.sparse || block[dimension] != 1)
                return false;
            level.step = stride[dimension];
            block[dimension] = level.extent;
        } else {
            if (shape[target] % block[target] != 0)
                return false;
            const std::int64_t extent = shape[target] / block[target];
            if (!level.sparse && level.extent != extent)
                return false;
            level.extent = extent;
            level.step = stride[target] * block[target];
        }
    }
    return true;
}

class Walk {
public:
    Walk(const std::vector<Level>& levels, std::span<const std::byte> values,
         std::vector<std::byte>& dense, std::size_t item)
        : m_levels(levels)
        , m_values(values)
        , m_dense(dense)
        , m_item(item) {}

    bool run() { return visit(0, 0, 0) && m_at == m_values.size(); }

private:
    bool visit(std::size_t depth, std::int64_t parent, std::int64_t offset) {
        if (depth == m_levels.size())
            return put(std::size_t(offset));
        const Level& level = m_levels[depth];
        if (!level.sparse) {
            for (std::int64_t i = 0; i < level.extent; ++i)
                if (!visit(depth + 1, parent * level.extent + i, offset + i * level.step))
                    return false;
            return true;
        }
        if (parent + 1 >= std::int64_t(level.segments.size()))
            return false;
        const auto first = level.segments[std::size_t(parent)];
        for (std::int64_t i = first; i < level.segments[std::size_t(parent) + 1]; ++i) {
            const std::int64_t index = level.indices[std::size_t(i)];
            if (index < 0 || index >= level.extent ||
                !visit(depth + 1, i, offset + index * level.step))
                return false;
        }
        return true;
    }

    bool put(std::size_t offset) {
        if (m_values.size() - m_at < m_item || (offset + 1) * m_item > m_dense.size())
            return false;
        std::memcpy(m_dense.data() + offset * m_item, m_values.data() + m_at, m_item);
        m_at += m_item;
        return true;
    }

    const std::vector<Level>& m_levels;
    std::span<const std::byte> m_values;
    std::vector<std::byte>& m_dense;
    std::size_t m_item;
    std::size_t m_at = 0;
};

} // namespace

std::optional<std::vector<std::byte>> densify(const FlatTable& sparsity,
                                              const std::vector<std::int64_t>& shape,
                                              std::span<const std::byte> values,
                                              std::uint64_t bytes, std::size_t item) {
    const auto order = sparsity.numbers<std::int32_t>(0);
    const auto blockMap = sparsity.numbers<std::int32_t>(1);
    const auto tables = sparsity.tables(2);
    if (bytes == 0 || tables.size() > kMaxLevels || order.size() != tables.size() ||
        tables.size() != shape.size() + blockMap.size())
        return std::nullopt;
    std::vector<Level> levels(tables.size());
    for (std::size_t i = 0; i < levels.size(); ++i)
        if (!readLevel(tables[i], levels[i]))
            return std::nullopt;
    if (!placeLevels(levels, order, blockMap, shape))
        return std::nullopt;
    std::vector<std::byte> dense(bytes);
    if (!Walk(levels, values, dense, item).run())
        return std::nullopt;
    return dense;
}

} // namespace strata
