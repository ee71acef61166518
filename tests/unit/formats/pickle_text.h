// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/formats/mapped_file.h"

#include <cstdint>
#include <string>
#include <vector>

/// Pieces of pickles as Python writes them, for tests.
namespace pickles {

inline strata::FileBytes file(const std::string& text, const std::string& name = "test.pkl") {
    const auto span = std::as_bytes(std::span(text));
    return strata::FileBytes::own({span.begin(), span.end()}, name);
}

template <typename T>
std::string raw(const std::vector<T>& values) {
    return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T)};
}

/// A literal with the zero bytes in it.
template <std::size_t N>
std::string literal(const char (&text)[N]) {
    return {text, N - 1};
}

inline std::string bytes32(std::uint32_t value) { return raw(std::vector{value}); }
inline std::string text(const std::string& value) {
    return std::string("X") + bytes32(std::uint32_t(value.size())) + value;
}
inline std::string integer(std::int32_t value) {
    return std::string("J") + bytes32(std::uint32_t(value));
}
inline std::string tuple(const std::vector<std::int32_t>& values) {
    std::string out = "(";
    for (const std::int32_t value : values)
        out += integer(value);
    return out + "t";
}

/// A NumPy array as Python 2 (protocol 2) pickles it: the data is a string.
inline std::string array(const std::string& type, const std::vector<std::int32_t>& shape,
                         const std::string& data, bool fortran = false) {
    return "cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n" + tuple({0}) +
           std::string("U\x01"
                       "btR(K\x01") +
           tuple(shape) + "cnumpy\ndtype\n(U" + char(type.size()) + type +
           literal("K\0K\1tR(K\3U\1<NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\0tb") +
           (fortran ? "\x88" : "\x89") + "T" + bytes32(std::uint32_t(data.size())) + data + "tb";
}

} // namespace pickles
