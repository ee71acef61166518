// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/formats/array.h"
#include "engine/formats/mapped_file.h"

#include <cstdint>
#include <deque>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace strata {

enum class PickleKind : std::uint8_t {
    None,
    Bool,
    Int,
    BigInt, // `bytes`: little endian, two's complement
    Float,
    Text,  // `bytes`: UTF-8
    Bytes, // also the strings of Python 2
    List,
    Tuple,
    Dict, // `items`: key, value, key, value, …
    Set,
    Array,
    ArrayType, // a NumPy dtype; `bytes`: its type string
    Class,     // a name only: "module.name"
    Storage,   // PyTorch's memory of a tensor, kept elsewhere in the file
    Tensor,    // a view of a Storage
    Object,    // of a class that is not known here: name, arguments and state, nothing made of them
};

using PickleId = std::uint32_t;

/// One value. Values refer to others by number, so that shared and even circular ones stay
/// harmless; who walks them must bound depth and number itself (see flattenPickle).
struct PickleNode {
    PickleKind kind = PickleKind::None;
    DType type = DType::F32; // Storage, Tensor
    std::int64_t integer =
        0; // Bool, Int; Storage: number of values; Tensor: first value; List: 1 if a 0-d array
    double real = 0; // Float
    std::span<const std::byte>
        bytes; // Text, Bytes, BigInt, ArrayType, Class, Object: name; Storage: key
    std::shared_ptr<const void> owner; // of `bytes`
    std::vector<PickleId>
        items; // containers; Object: {arguments, state}; Tensor: {storage, sizes, strides}
    std::shared_ptr<const strata::Array> array; // Array

    std::string_view raw() const {
        return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
    }
};

/// What a pickle holds, as plain data.
class Pickle {
public:
    const PickleNode& root() const { return m_nodes[m_root]; }
    PickleId rootId() const { return m_root; }
    const PickleNode& node(PickleId id) const { return m_nodes[id]; }
    /// The value of a text key in a Dict, or null.
    const PickleNode* find(const PickleNode& dict, std::string_view key) const;
    /// Bytes of the file that were read: another pickle may follow.
    std::uint64_t size() const { return m_size; }
    std::uint64_t count() const { return m_nodes.size(); } // of values
    /// Calls `visit` on every value that was read, in no order that means anything.
    template <typename Visit>
    void each(Visit&& visit) const {
        for (const PickleNode& node : m_nodes)
            visit(node);
    }

private:
    friend class PickleMachine;
    std::deque<PickleNode> m_nodes; // a deque: references stay good while values are added
    PickleId m_root = 0;
    std::uint64_t m_size = 0;
};

/// Reads a pickle of protocol 0 to 5 without executing anything: only numbers, text, containers,
/// NumPy arrays and PyTorch tensor references are built; every other class is kept as a name with
/// its arguments and state.
Result<Pickle> parsePickle(const FileBytes& file, const ReadLimits& limits = {});

/// Everything below `root` that is numbers or text, by its path ("betas", "person/0/pose" with
/// separator "/"): arrays, scalars, lists of numbers, SciPy's csc and csr matrices (made dense) and
/// the arrays inside chumpy objects. What is none of these is left out. A root that is not a
/// container has the name "".
Result<ArrayMap> flattenPickle(const Pickle& pickle, const std::string& separator,
                               const std::string& name, const ReadLimits& limits = {});

Result<ArrayMap> readPickleArrays(const std::filesystem::path& path);

} // namespace strata
