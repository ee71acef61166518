// SPDX-License-Identifier: Apache-2.0
#include "engine/formats/pickle_machine.h"

#include <algorithm>
#include <charconv>

namespace strata {
namespace {

constexpr std::size_t kMaxValues = 4u << 20;

} // namespace

PickleMachine::PickleMachine(const FileBytes& file, const ReadLimits& limits)
    : m_file(file)
    , m_reader(file.bytes)
    , m_budget(std::min(limits.bytes, 8 * file.size() + (1u << 20))) {
    m_pickle.m_nodes.emplace_back(); // number 0 stands for None and for what is missing
}

Result<Pickle> PickleMachine::run() {
    bool stopped = false;
    while (m_error.empty() && !stopped) {
        const std::uint8_t code = m_reader.u8();
        if (m_reader.failed())
            fail("it ends in the middle");
        else if (code == '.')
            stopped = true;
        else if (!step(code))
            fail("it has an instruction that is not known");
        if (m_reader.failed())
            fail("it ends in the middle");
    }
    if (m_error.empty() && m_stack.empty())
        fail("it holds nothing");
    if (!m_error.empty())
        return damaged(m_file.name, m_error);
    m_pickle.m_root = m_stack.back();
    m_pickle.m_size = m_reader.at();
    return std::move(m_pickle);
}

bool PickleMachine::step(std::uint8_t code) {
    return stepNumber(code) || stepText(code) || stepContainer(code) || stepMemo(code) ||
           stepObject(code);
}

PickleId PickleMachine::add(PickleNode node) {
    if (m_pickle.m_nodes.size() >= kMaxValues) {
        fail("it holds too many values");
        return 0;
    }
    m_pickle.m_nodes.push_back(std::move(node));
    return PickleId(m_pickle.m_nodes.size() - 1);
}

PickleId PickleMachine::pop() {
    const std::size_t bottom = m_marks.empty() ? 0 : m_marks.back();
    if (m_stack.size() <= bottom) {
        fail("it takes a value where there is none");
        return 0;
    }
    const PickleId id = m_stack.back();
    m_stack.pop_back();
    return id;
}

std::vector<PickleId> PickleMachine::popToMark() {
    if (m_marks.empty() || m_marks.back() > m_stack.size()) {
        fail("it ends a group that it did not begin");
        return {};
    }
    const auto first = m_stack.begin() + std::ptrdiff_t(m_marks.back());
    std::vector<PickleId> items(first, m_stack.end());
    m_stack.erase(first, m_stack.end());
    m_marks.pop_back();
    return items;
}

void PickleMachine::append(PickleId target, const std::vector<PickleId>& items, bool paired) {
    const bool ofObject = at(target).kind == PickleKind::Object;
    if (ofObject) { // a class derived from list or dict: its state
        if (at(target).items[1] == 0) {
            const PickleId content =
                add(container(paired ? PickleKind::Dict : PickleKind::List, {}));
            at(target).items[1] = content;
        }
        target = at(target).items[1];
    }
    PickleNode& node = at(target);
    const bool single = node.kind == PickleKind::List || node.kind == PickleKind::Set;
    if (paired ? node.kind != PickleKind::Dict || items.size() % 2 : !single) {
        if (!ofObject) // of an unknown class nothing is known, and nothing is wanted
            fail("it puts a value into what holds none");
        return;
    }
    node.items.insert(node.items.end(), items.begin(), items.end());
}

PickleNode PickleMachine::number(std::int64_t value) {
    PickleNode node;
    node.kind = PickleKind::Int;
    node.integer = value;
    return node;
}

PickleNode PickleMachine::container(PickleKind kind, std::vector<PickleId> items) {
    PickleNode node;
    node.kind = kind;
    node.items = std::move(items);
    return node;
}

PickleNode PickleMachine::view(PickleKind kind, std::span<const std::byte> bytes) const {
    PickleNode node;
    node.kind = kind;
    node.bytes = bytes;
    node.owner = m_file.owner;
    return node;
}

PickleNode PickleMachine::owned(PickleKind kind, std::string text) const {
    const auto owner = std::make_shared<const std::string>(std::move(text));
    PickleNode node;
    node.kind = kind;
    node.bytes = std::as_bytes(std::span(*owner));
    node.owner = owner;
    return node;
}

PickleNode PickleMachine::bigInteger(std::span<const std::byte> bytes) const {
    if (bytes.size() > 8)
        return view(PickleKind::BigInt, bytes);
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i)
        value |= std::uint64_t(bytes[i]) << 8 * i;
    const unsigned unused = unsigned(64 - 8 * bytes.size());
    if (!bytes.empty() && unused) // carry the sign up
        return number(std::int64_t(value << unused) >> unused);
    return number(std::int64_t(value));
}

PickleNode PickleMachine::decimal(std::string_view text) const {
    std::int64_t value = 0;
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
    if (parsed.ec == std::errc::result_out_of_range)
        return container(PickleKind::BigInt, {}); // larger than any number we use
    return number(value);
}

std::string_view PickleMachine::line() {
    const auto rest = m_file.bytes.subspan(m_reader.at());
    const auto end = std::find(rest.begin(), rest.end(), std::byte('\n'));
    const auto size = std::uint64_t(end - rest.begin());
    std::string_view text = m_reader.text(size);
    m_reader.skip(1);
    if (text.ends_with('\r'))
        text.remove_suffix(1);
    return text;
}

void PickleMachine::fail(const std::string& detail) {
    if (m_error.empty())
        m_error = detail;
}

bool PickleMachine::charge(std::uint64_t bytes) {
    if (bytes > m_budget) {
        fail("it unfolds to more than it can mean");
        return false;
    }
    m_budget -= bytes;
    return true;
}

Result<Pickle> parsePickle(const FileBytes& file, const ReadLimits& limits) {
    return PickleMachine(file, limits).run();
}

const PickleNode* Pickle::find(const PickleNode& dict, std::string_view key) const {
    if (dict.kind != PickleKind::Dict)
        return nullptr;
    for (std::size_t i = 0; i + 1 < dict.items.size(); i += 2) {
        const PickleNode& name = node(dict.items[i]);
        if ((name.kind == PickleKind::Text || name.kind == PickleKind::Bytes) && name.raw() == key)
            return &node(dict.items[i + 1]);
    }
    return nullptr;
}

} // namespace strata
