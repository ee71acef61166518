// SPDX-License-Identifier: Apache-2.0
#include "tests/large/random_checkpoints.h"

#include "engine/formats/half.h"
#include "engine/formats/safetensors.h"
#include "tests/support/golden.h"
#include "tests/support/torch_file.h"

#include <algorithm>
#include <cmath>
#include <random>

namespace strata::test {
namespace {

using Shape = std::vector<std::int64_t>;

/// Random numbers of -1..1 to take pieces of: new ones for each of 2.6 billion would take minutes.
class Pool {
public:
    Pool()
        : m_values(std::size_t(1) << 24) {
        std::uniform_real_distribution<float> even(-1, 1);
        for (float& value : m_values)
            value = even(m_engine);
    }

    std::vector<float> take(std::size_t count, float bound) {
        std::vector<float> values(count);
        std::size_t at = m_engine() % m_values.size();
        for (float& value : values) {
            value = m_values[at] * bound;
            at = at + 1 == m_values.size() ? 0 : at + 1;
        }
        return values;
    }

private:
    std::mt19937 m_engine{1};
    std::vector<float> m_values;
};

std::vector<float> valuesOf(const std::string& name, const Shape& shape, Pool& pool) {
    std::size_t count = 1;
    for (const auto extent : shape)
        count *= std::size_t(extent);
    if (shape.size() == 1)
        return std::vector<float>(
            count,
            name.find("norm") != std::string::npos && name.ends_with("weight") ? 1.0f : 0.0f);
    const double inputs = double(count) / double(shape.front());
    return pool.take(count, float(std::sqrt(1 / inputs)));
}

Array halved(const Shape& shape, const std::vector<float>& values) {
    std::vector<std::byte> bytes(values.size() * 2);
    for (std::size_t i = 0; i < values.size(); ++i) {
        const std::uint16_t half = floatToHalf(values[i]);
        bytes[2 * i] = std::byte(half & 0xff);
        bytes[2 * i + 1] = std::byte(half >> 8);
    }
    return Array::ofBytes(DType::F16, shape, std::move(bytes));
}

} // namespace

Status writeRandomCheckpoint(const std::string& network, const std::filesystem::path& path) {
    STRATA_ASSIGN(const auto shapes, goldenManifest(network));
    Pool pool;
    if (network == "vae") {
        ArrayMap arrays;
        for (const auto& [name, shape] : shapes)
            arrays[name] = Array::of(shape, valuesOf(name, shape, pool));
        return writeSafetensors(path, arrays);
    }
    TorchFile file(path);
    for (const auto& [name, shape] : shapes) {
        const auto values = valuesOf(name, shape, pool);
        file.add(name, network == "pose_guider" ? halved(shape, values) : Array::of(shape, values));
    }
    return file.finish();
}

} // namespace strata::test
