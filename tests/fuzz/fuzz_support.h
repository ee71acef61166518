// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/formats/array.h"
#include "engine/formats/mapped_file.h"

#include <cstdint>
#include <cstdlib>

namespace strata::fuzz {

/// What these runs may allocate for one input; the real default is far larger.
inline constexpr ReadLimits kLimits{64u << 20};

/// The input as a file. The fuzzer owns the bytes and allocates exactly as many, so a read past
/// them is seen.
inline FileBytes fileOf(const std::uint8_t* data, std::size_t size) {
    return {{reinterpret_cast<const std::byte*>(data), size}, nullptr, "input"};
}

/// Arrays promise that their bytes fit their shape and can be read; this holds them to it.
inline void check(const ArrayMap& arrays) {
    std::uint64_t read = 0;
    unsigned sum = 0;
    for (const auto& [name, array] : arrays) {
        const bool text = array.type == DType::Text;
        const auto bytes = bytesOf(text ? DType::U8 : array.type, array.shape);
        if (!bytes || *bytes != (text ? array.texts.size() : array.bytes.size()))
            std::abort();
        for (const std::byte byte :
             array.bytes.first(std::min<std::size_t>(array.bytes.size(), 1 << 16)))
            sum += unsigned(byte);
        if (!array.bytes.empty())
            sum += unsigned(array.bytes.back());
        if ((read += array.bytes.size()) < 1 << 20) // views may share bytes, copies do not
            sum += unsigned(array.toDoubles().size() + array.toInts().size());
    }
    static volatile unsigned sink;
    sink = sum;
}

inline void check(const Result<ArrayMap>& arrays) {
    if (arrays)
        check(*arrays);
    else if (arrays.error().message.empty() || arrays.error().message.back() != '.')
        std::abort(); // errors are sentences
}

} // namespace strata::fuzz

#define STRATA_FUZZ(data, size)                                                                    \
    extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
