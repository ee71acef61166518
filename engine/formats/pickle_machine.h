// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/formats/byte_reader.h"
#include "engine/formats/pickle.h"

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace strata {

/// The stack machine that a pickle is a program for. It knows no Python: call() (in
/// pickle_calls.cpp) recognises the few constructors that make arrays and tensors and turns
/// everything else into named Objects. Each opcode makes at most one value; copies are charged to a
/// budget, so memory stays within a fixed multiple of the file's size.
class PickleMachine {
public:
    PickleMachine(const FileBytes& file, const ReadLimits& limits);
    Result<Pickle> run();

private:
    // Opcodes, by group. Each returns false for an opcode that is not of its group.
    bool step(std::uint8_t code);
    bool stepNumber(std::uint8_t code);
    bool stepText(std::uint8_t code);
    bool stepContainer(std::uint8_t code);
    bool stepMemo(std::uint8_t code);
    bool stepObject(std::uint8_t code);

    // Stack
    PickleId add(PickleNode node);
    void push(PickleNode node) { m_stack.push_back(add(std::move(node))); }
    PickleId pop();
    PickleId top() const { return m_stack.empty() ? 0 : m_stack.back(); }
    std::vector<PickleId> popToMark();
    PickleNode& at(PickleId id) { return m_pickle.m_nodes[id]; }

    // Making values
    static PickleNode number(std::int64_t value);
    static PickleNode container(PickleKind kind, std::vector<PickleId> items);
    PickleNode view(PickleKind kind, std::span<const std::byte> bytes) const;
    PickleNode owned(PickleKind kind, std::string text) const;
    PickleNode bigInteger(std::span<const std::byte> bytes) const;
    PickleNode decimal(std::string_view text) const;
    std::string_view line();
    void append(PickleId target, const std::vector<PickleId>& items, bool paired);

    // Calls (pickle_calls.cpp)
    PickleId call(PickleId callable, PickleId arguments);
    PickleId callNumpy(std::string_view name, const std::vector<PickleId>& arguments);
    PickleId callTorch(std::string_view name, const std::vector<PickleId>& arguments);
    PickleId callPython(std::string_view name, const std::vector<PickleId>& arguments);
    PickleId object(std::string_view name, PickleId arguments);
    PickleId arrayType(const PickleNode& text);
    PickleId arrayOf(PickleId type, PickleId shape, bool fortran, PickleId source);
    void build(PickleId target, PickleId state);
    void buildArray(PickleId target, const std::vector<PickleId>& state);
    PickleId storage(PickleId description);
    bool integers(PickleId tuple, std::vector<std::int64_t>& out);

    void fail(const std::string& detail);
    bool charge(std::uint64_t bytes);

    const FileBytes& m_file;
    ByteReader m_reader;
    Pickle m_pickle;
    std::vector<PickleId> m_stack;
    std::vector<std::size_t> m_marks;
    std::unordered_map<std::uint64_t, PickleId> m_memo;
    std::uint64_t m_budget;
    std::string m_error;
};

} // namespace strata
