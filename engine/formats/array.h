// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/result.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace strata {

enum class DType { Bool, U8, I8, U16, I16, U32, I32, U64, I64, F16, BF16, F32, F64, Text };

std::size_t bytesOf(DType type); // Text: bytes are counted per element elsewhere, here 1
std::string nameOf(DType type);  // "float32", …
std::string nameOf(const std::vector<std::int64_t>& shape); // "(6890, 3)"

/// Bytes of an array of this type and shape; nothing when an extent is negative or the size does
/// not fit.
std::optional<std::uint64_t> bytesOf(DType type, std::span<const std::int64_t> shape);

/// An n-dimensional array as it lies in a file: C order, little endian. The bytes may be a view
/// into a memory-mapped file, at any alignment; `owner` keeps them alive. DType::Text holds UTF-8
/// strings in `texts`, no bytes.
struct Array {
    DType type = DType::F32;
    std::vector<std::int64_t> shape;
    std::span<const std::byte> bytes;
    std::shared_ptr<const void> owner;
    std::vector<std::string> texts;

    std::int64_t count() const; // product of shape; 1 for a scalar

    /// Values converted to float, double or integer, whatever the stored type (Text gives an empty
    /// vector). Integers from what no integer can hold are 0.
    std::vector<float> toFloats() const;
    std::vector<double> toDoubles() const;
    std::vector<std::int64_t> toInts() const;

    /// Copies `values`; their number must be the product of `shape`.
    static Array of(std::vector<std::int64_t> shape, std::span<const float> values);
    static Array of(std::vector<std::int64_t> shape, std::span<const double> values);
    static Array of(std::vector<std::int64_t> shape, std::span<const std::int32_t> values);
    static Array of(std::vector<std::int64_t> shape, std::span<const std::int64_t> values);
    static Array of(std::vector<std::int64_t> shape, std::span<const std::uint8_t> values);
    static Array ofText(std::string text);
    /// Takes over bytes that are already in C order.
    static Array ofBytes(DType type, std::vector<std::int64_t> shape, std::vector<std::byte> bytes);
};

using ArrayMap = std::map<std::string, Array>;

/// The array `name`, or an error that names `file` and what is missing. With a non-empty `shape`
/// the shape is checked as well; -1 matches any extent.
Result<Array> require(const ArrayMap& arrays, const std::string& name, const std::string& file,
                      const std::vector<std::int64_t>& shape = {});

} // namespace strata
