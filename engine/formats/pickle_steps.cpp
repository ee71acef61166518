// SPDX-License-Identifier: Apache-2.0
// The opcodes, group by group.
#include "engine/formats/pickle_machine.h"

#include "engine/formats/utf8.h"

#include <algorithm>
#include <bit>
#include <charconv>

namespace strata {
namespace {

// Opcodes are the bytes of Python's pickle format; the printable ones are written as characters.
enum : std::uint8_t {
    Proto = 0x80,
    NewObject = 0x81,
    Tuple1 = 0x85,
    Tuple2 = 0x86,
    Tuple3 = 0x87,
    NewTrue = 0x88,
    NewFalse = 0x89,
    Long1 = 0x8a,
    Long4 = 0x8b,
    ShortUnicode = 0x8c,
    Unicode8 = 0x8d,
    Bytes8 = 0x8e,
    EmptySet = 0x8f,
    AddItems = 0x90,
    FrozenSet = 0x91,
    NewObjectEx = 0x92,
    StackGlobal = 0x93,
    Memoize = 0x94,
    Frame = 0x95,
    ByteArray8 = 0x96,
};

/// The escapes of a quoted Python string.
std::string unescaped(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '\\' || i + 1 >= text.size()) {
            out += text[i];
            continue;
        }
        const char code = text[++i];
        if (code == 'x' && i + 2 < text.size()) {
            unsigned value = 0;
            std::from_chars(text.data() + i + 1, text.data() + i + 3, value, 16);
            out += char(value);
            i += 2;
        } else {
            static constexpr std::string_view from = "nrtabfv0", to("\n\r\t\a\b\f\v\0", 8);
            const auto known = from.find(code);
            out += known == std::string_view::npos ? code : to[known];
        }
    }
    return out;
}

/// \uXXXX and \UXXXXXXXX of protocol 0; the rest of the line is Latin-1.
std::string unicodeUnescaped(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool escape = text[i] == '\\' && i + 1 < text.size();
        const std::size_t digits = !escape              ? 0
                                   : text[i + 1] == 'u' ? 4
                                   : text[i + 1] == 'U' ? 8
                                                        : 0;
        unsigned code = static_cast<unsigned char>(text[i]);
        if (digits && i + 1 + digits < text.size()) {
            std::from_chars(text.data() + i + 2, text.data() + i + 2 + digits, code, 16);
            i += 1 + digits;
        }
        appendUtf8(out, code);
    }
    return out;
}

} // namespace

bool PickleMachine::stepNumber(std::uint8_t code) {
    switch (code) {
    case 'N':
        m_stack.push_back(0);
        return true;
    case NewTrue:
    case NewFalse: {
        PickleNode node = number(code == NewTrue);
        node.kind = PickleKind::Bool;
        push(std::move(node));
        return true;
    }
    case 'J':
        push(number(m_reader.number<std::int32_t>()));
        return true;
    case 'K':
        push(number(m_reader.u8()));
        return true;
    case 'M':
        push(number(m_reader.u16()));
        return true;
    case Long1:
        push(bigInteger(m_reader.take(m_reader.u8())));
        return true;
    case Long4:
        push(bigInteger(m_reader.take(m_reader.u32())));
        return true;
    case 'I':
    case 'L': {
        const std::string_view text = line();
        PickleNode node = decimal(text.substr(0, text.find('L')));
        if (code == 'I' && (text == "00" || text == "01"))
            node.kind = PickleKind::Bool;
        push(std::move(node));
        return true;
    }
    case 'G': { // the only big-endian numbers of the format
        const auto bits = __builtin_bswap64(m_reader.u64());
        PickleNode node;
        node.kind = PickleKind::Float;
        node.real = std::bit_cast<double>(bits);
        push(std::move(node));
        return true;
    }
    case 'F': {
        const std::string_view text = line();
        PickleNode node;
        node.kind = PickleKind::Float;
        const auto end = text.data() + text.size();
        if (std::from_chars(text.data(), end, node.real).ptr != end)
            fail("a number is not one");
        push(std::move(node));
        return true;
    }
    default:
        return false;
    }
}

bool PickleMachine::stepText(std::uint8_t code) {
    switch (code) {
    case 'X':
        push(view(PickleKind::Text, m_reader.take(m_reader.u32())));
        return true;
    case ShortUnicode:
        push(view(PickleKind::Text, m_reader.take(m_reader.u8())));
        return true;
    case Unicode8:
        push(view(PickleKind::Text, m_reader.take(m_reader.u64())));
        return true;
    case 'T':
    case 'B':
        push(view(PickleKind::Bytes, m_reader.take(m_reader.u32())));
        return true;
    case 'U':
    case 'C':
        push(view(PickleKind::Bytes, m_reader.take(m_reader.u8())));
        return true;
    case Bytes8:
    case ByteArray8:
        push(view(PickleKind::Bytes, m_reader.take(m_reader.u64())));
        return true;
    case 'S': {
        const std::string_view text = line();
        if (text.size() < 2 || text.front() != text.back())
            fail("a text has no end");
        else
            push(owned(PickleKind::Bytes, unescaped(text.substr(1, text.size() - 2))));
        return true;
    }
    case 'V':
        push(owned(PickleKind::Text, unicodeUnescaped(line())));
        return true;
    default:
        return false;
    }
}

bool PickleMachine::stepContainer(std::uint8_t code) {
    switch (code) {
    case '(':
        m_marks.push_back(m_stack.size());
        return true;
    case ')':
        push(container(PickleKind::Tuple, {}));
        return true;
    case ']':
        push(container(PickleKind::List, {}));
        return true;
    case '}':
        push(container(PickleKind::Dict, {}));
        return true;
    case EmptySet:
        push(container(PickleKind::Set, {}));
        return true;
    case 't':
        push(container(PickleKind::Tuple, popToMark()));
        return true;
    case 'l':
        push(container(PickleKind::List, popToMark()));
        return true;
    case FrozenSet:
        push(container(PickleKind::Set, popToMark()));
        return true;
    case 'd': {
        PickleNode dict = container(PickleKind::Dict, popToMark());
        dict.items.resize(dict.items.size() / 2 * 2);
        push(std::move(dict));
        return true;
    }
    case Tuple1:
    case Tuple2:
    case Tuple3: {
        std::vector<PickleId> items(std::size_t(code - Tuple1 + 1));
        std::generate(items.rbegin(), items.rend(), [this] { return pop(); });
        push(container(PickleKind::Tuple, std::move(items)));
        return true;
    }
    case 'a': {
        const PickleId item = pop();
        append(top(), {item}, false);
        return true;
    }
    case 's': {
        const PickleId value = pop(), key = pop();
        append(top(), {key, value}, true);
        return true;
    }
    case 'e':
    case 'u':
    case AddItems: {
        const std::vector<PickleId> items = popToMark();
        append(top(), items, code == 'u');
        return true;
    }
    default:
        return false;
    }
}

bool PickleMachine::stepMemo(std::uint8_t code) {
    const auto put = [this](std::uint64_t key) {
        m_memo[key] = top();
        return true;
    };
    const auto get = [this](std::uint64_t key) {
        const auto found = m_memo.find(key);
        if (found == m_memo.end())
            fail("it refers to a value that is not there");
        else
            m_stack.push_back(found->second);
        return true;
    };
    switch (code) {
    case 'p':
        return put(std::uint64_t(decimal(line()).integer));
    case 'q':
        return put(m_reader.u8());
    case 'r':
        return put(m_reader.u32());
    case Memoize:
        return put(m_memo.size());
    case 'g':
        return get(std::uint64_t(decimal(line()).integer));
    case 'h':
        return get(m_reader.u8());
    case 'j':
        return get(m_reader.u32());
    case '0':
        pop();
        return true;
    case '1':
        popToMark();
        return true;
    case '2':
        m_stack.push_back(top());
        return true;
    case Proto:
        if (m_reader.u8() > 5)
            fail("it is of a newer format");
        return true;
    case Frame:
        m_reader.skip(8);
        return true;
    default:
        return false;
    }
}

bool PickleMachine::stepObject(std::uint8_t code) {
    switch (code) {
    case 'c': {
        const std::string_view module = line(), name = line();
        push(owned(PickleKind::Class, std::string(module) + "." + std::string(name)));
        return true;
    }
    case StackGlobal: {
        const PickleId name = pop(), module = pop();
        if (!charge(at(name).bytes.size() + at(module).bytes.size()))
            return true;
        push(owned(PickleKind::Class,
                   std::string(at(module).raw()) + "." + std::string(at(name).raw())));
        return true;
    }
    case 'R':
    case NewObject: {
        const PickleId arguments = pop(), callable = pop();
        m_stack.push_back(call(callable, arguments));
        return true;
    }
    case NewObjectEx: {
        pop(); // named arguments
        const PickleId arguments = pop(), callable = pop();
        m_stack.push_back(call(callable, arguments));
        return true;
    }
    case 'o': {
        std::vector<PickleId> parts = popToMark();
        const PickleId callable = parts.empty() ? 0 : parts.front();
        if (!parts.empty())
            parts.erase(parts.begin());
        m_stack.push_back(call(callable, add(container(PickleKind::Tuple, std::move(parts)))));
        return true;
    }
    case 'i': {
        const std::string_view module = line(), name = line();
        const PickleId arguments = add(container(PickleKind::Tuple, popToMark()));
        const PickleId callable =
            add(owned(PickleKind::Class, std::string(module) + "." + std::string(name)));
        m_stack.push_back(call(callable, arguments));
        return true;
    }
    case 'b': {
        const PickleId state = pop();
        build(top(), state);
        return true;
    }
    case 'P':
        push(owned(PickleKind::Text, std::string(line())));
        return true;
    case 'Q': {
        const PickleId description = pop();
        m_stack.push_back(storage(description));
        return true;
    }
    default:
        return false;
    }
}

} // namespace strata
