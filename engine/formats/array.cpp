// SPDX-License-Identifier: Apache-2.0
#include "engine/formats/array.h"

#include "engine/formats/half.h"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <limits>
#include <type_traits>

namespace strata {
namespace {

struct HalfBits {
    std::uint16_t bits;
};
struct BFloatBits {
    std::uint16_t bits;
};

template <typename To, typename From>
To convert(From value) {
    if constexpr (std::is_same_v<From, HalfBits>)
        return convert<To>(halfToFloat(value.bits));
    else if constexpr (std::is_same_v<From, BFloatBits>)
        return convert<To>(bfloatToFloat(value.bits));
    else if constexpr (std::is_integral_v<To> && std::is_floating_point_v<From>)
        return value >= From(-0x1p63) && value < From(0x1p63) ? To(value) : To(0);
    else
        return To(value);
}

template <typename To, typename From>
std::vector<To> convertAll(const Array& array) {
    const std::size_t count =
        std::min(std::size_t(array.count()), array.bytes.size() / sizeof(From));
    std::vector<To> values(count);
    for (std::size_t i = 0; i < count; ++i) {
        From value;
        std::memcpy(&value, array.bytes.data() + i * sizeof(From), sizeof(From));
        values[i] = convert<To>(value);
    }
    return values;
}

template <typename To>
std::vector<To> valuesOf(const Array& array) {
    switch (array.type) {
    case DType::Bool: {
        auto values = convertAll<To, std::uint8_t>(array);
        std::transform(values.begin(), values.end(), values.begin(),
                       [](To value) { return To(value != To(0)); });
        return values;
    }
    case DType::U8:
        return convertAll<To, std::uint8_t>(array);
    case DType::I8:
        return convertAll<To, std::int8_t>(array);
    case DType::U16:
        return convertAll<To, std::uint16_t>(array);
    case DType::I16:
        return convertAll<To, std::int16_t>(array);
    case DType::U32:
        return convertAll<To, std::uint32_t>(array);
    case DType::I32:
        return convertAll<To, std::int32_t>(array);
    case DType::U64:
        return convertAll<To, std::uint64_t>(array);
    case DType::I64:
        return convertAll<To, std::int64_t>(array);
    case DType::F16:
        return convertAll<To, HalfBits>(array);
    case DType::BF16:
        return convertAll<To, BFloatBits>(array);
    case DType::F32:
        return convertAll<To, float>(array);
    case DType::F64:
        return convertAll<To, double>(array);
    case DType::Text:
        break;
    }
    return {};
}

template <typename T>
Array copyOf(DType type, std::vector<std::int64_t> shape, std::span<const T> values) {
    const auto bytes = std::as_bytes(values);
    return Array::ofBytes(type, std::move(shape), {bytes.begin(), bytes.end()});
}

bool matches(const std::vector<std::int64_t>& actual, const std::vector<std::int64_t>& wanted) {
    return std::equal(actual.begin(), actual.end(), wanted.begin(), wanted.end(),
                      [](auto a, auto w) { return w == -1 || a == w; });
}

} // namespace

std::size_t bytesOf(DType type) {
    switch (type) {
    case DType::Bool:
    case DType::U8:
    case DType::I8:
    case DType::Text:
        return 1;
    case DType::U16:
    case DType::I16:
    case DType::F16:
    case DType::BF16:
        return 2;
    case DType::U32:
    case DType::I32:
    case DType::F32:
        return 4;
    case DType::U64:
    case DType::I64:
    case DType::F64:
        return 8;
    }
    return 1;
}

std::string nameOf(DType type) {
    static constexpr const char* names[] = {"bool",     "uint8",   "int8",    "uint16", "int16",
                                            "uint32",   "int32",   "uint64",  "int64",  "float16",
                                            "bfloat16", "float32", "float64", "text"};
    return names[int(type)];
}

std::string nameOf(const std::vector<std::int64_t>& shape) {
    std::string text = "(";
    for (std::size_t i = 0; i < shape.size(); ++i)
        text += (i ? ", " : "") + (shape[i] == -1 ? std::string("any") : std::to_string(shape[i]));
    return text + (shape.size() == 1 ? ",)" : ")");
}

std::optional<std::uint64_t> bytesOf(DType type, std::span<const std::int64_t> shape) {
    constexpr auto limit = std::uint64_t(std::numeric_limits<std::int64_t>::max());
    std::uint64_t total = bytesOf(type);
    bool empty = false;
    for (const std::int64_t extent : shape) {
        if (extent < 0)
            return std::nullopt;
        empty = empty || extent == 0;
        // Extents beside a zero must be sane as well: users multiply them in other orders.
        if (extent > 0 && total > limit / std::uint64_t(extent))
            return std::nullopt;
        total *= std::uint64_t(std::max<std::int64_t>(extent, 1));
    }
    return empty ? 0 : total;
}

std::int64_t Array::count() const {
    std::int64_t product = 1;
    for (const std::int64_t extent : shape)
        product *= extent;
    return product;
}

std::vector<float> Array::toFloats() const { return valuesOf<float>(*this); }
std::vector<double> Array::toDoubles() const { return valuesOf<double>(*this); }
std::vector<std::int64_t> Array::toInts() const { return valuesOf<std::int64_t>(*this); }

Array Array::of(std::vector<std::int64_t> shape, std::span<const float> values) {
    return copyOf(DType::F32, std::move(shape), values);
}
Array Array::of(std::vector<std::int64_t> shape, std::span<const double> values) {
    return copyOf(DType::F64, std::move(shape), values);
}
Array Array::of(std::vector<std::int64_t> shape, std::span<const std::int32_t> values) {
    return copyOf(DType::I32, std::move(shape), values);
}
Array Array::of(std::vector<std::int64_t> shape, std::span<const std::int64_t> values) {
    return copyOf(DType::I64, std::move(shape), values);
}
Array Array::of(std::vector<std::int64_t> shape, std::span<const std::uint8_t> values) {
    return copyOf(DType::U8, std::move(shape), values);
}

Array Array::ofText(std::string text) {
    Array array;
    array.type = DType::Text;
    array.texts.push_back(std::move(text));
    return array;
}

Array Array::ofBytes(DType type, std::vector<std::int64_t> shape, std::vector<std::byte> bytes) {
    Array array;
    array.type = type;
    array.shape = std::move(shape);
    assert(bytes.size() == std::size_t(array.count()) * bytesOf(type));
    auto owner = std::make_shared<const std::vector<std::byte>>(std::move(bytes));
    array.bytes = *owner;
    array.owner = std::move(owner);
    return array;
}

Result<Array> require(const ArrayMap& arrays, const std::string& name, const std::string& file,
                      const std::vector<std::int64_t>& shape) {
    const auto found = arrays.find(name);
    if (found == arrays.end())
        return Error{ErrorCode::NotFound, file + " has no array '" + name + "'."};
    if (!shape.empty() && !matches(found->second.shape, shape))
        return Error{ErrorCode::ShapeMismatch, "The array '" + name + "' in " + file +
                                                   " has the shape " + nameOf(found->second.shape) +
                                                   " instead of " + nameOf(shape) + "."};
    return found->second;
}

} // namespace strata
