// SPDX-License-Identifier: Apache-2.0
// What the pickle machine makes of the classes it knows. Nothing here runs code named in the file.
#include "engine/formats/npy.h"
#include "engine/formats/pickle_machine.h"
#include "engine/formats/utf8.h"

#include <algorithm>

namespace strata {
namespace {

std::optional<DType> storageType(std::string_view name) {
    static constexpr std::pair<std::string_view, DType> known[] = {{"FloatStorage", DType::F32},
                                                                   {"HalfStorage", DType::F16},
                                                                   {"BFloat16Storage", DType::BF16},
                                                                   {"DoubleStorage", DType::F64},
                                                                   {"LongStorage", DType::I64},
                                                                   {"IntStorage", DType::I32},
                                                                   {"ShortStorage", DType::I16},
                                                                   {"CharStorage", DType::I8},
                                                                   {"ByteStorage", DType::U8},
                                                                   {"BoolStorage", DType::Bool},
                                                                   {"UntypedStorage", DType::U8},
                                                                   {"float32", DType::F32},
                                                                   {"float", DType::F32},
                                                                   {"float16", DType::F16},
                                                                   {"half", DType::F16},
                                                                   {"bfloat16", DType::BF16},
                                                                   {"float64", DType::F64},
                                                                   {"double", DType::F64},
                                                                   {"int64", DType::I64},
                                                                   {"long", DType::I64},
                                                                   {"int32", DType::I32},
                                                                   {"int", DType::I32},
                                                                   {"int16", DType::I16},
                                                                   {"int8", DType::I8},
                                                                   {"uint8", DType::U8},
                                                                   {"bool", DType::Bool},
                                                                   {"uint16", DType::U16},
                                                                   {"uint32", DType::U32},
                                                                   {"uint64", DType::U64}};
    const auto dot = name.rfind('.');
    const auto last = dot == std::string_view::npos ? name : name.substr(dot + 1);
    for (const auto& [text, type] : known)
        if (text == last)
            return type;
    return std::nullopt;
}

/// "a.b.c" of module "a.b": true when the module begins with `package` and the last part is `name`.
bool isA(std::string_view full, std::string_view package, std::string_view name) {
    return full.size() > package.size() + name.size() && full.starts_with(package) &&
           full[package.size()] == '.' && full.ends_with(name) &&
           full[full.size() - name.size() - 1] == '.';
}

} // namespace

PickleId PickleMachine::object(std::string_view name, PickleId arguments) {
    PickleNode node;
    if (!charge(name.size()))
        return 0;
    node = owned(PickleKind::Object, std::string(name));
    node.items = {arguments, 0};
    return add(std::move(node));
}

PickleId PickleMachine::call(PickleId callable, PickleId arguments) {
    if (at(callable).kind != PickleKind::Class)
        return object("call", arguments);
    const std::string name(at(callable).raw().substr(0, 256)); // nodes move while values are added
    if (at(arguments).kind != PickleKind::Tuple)
        return object(name, arguments);
    const std::size_t count = std::min<std::size_t>(at(arguments).items.size(), 8);
    const std::vector<PickleId> given(at(arguments).items.begin(),
                                      at(arguments).items.begin() + std::ptrdiff_t(count));
    PickleId made = 0;
    if (name.starts_with("numpy."))
        made = callNumpy(name, given);
    else if (name.starts_with("torch."))
        made = callTorch(name, given);
    else
        made = callPython(name, given);
    return made ? made : object(name, arguments);
}

PickleId PickleMachine::callNumpy(std::string_view name, const std::vector<PickleId>& given) {
    if (isA(name, "numpy", "_reconstruct")) {
        PickleNode node; // filled by the state that follows
        node.kind = PickleKind::Array;
        node.array = std::make_shared<const Array>(Array{DType::U8, {0}, {}, {}, {}});
        return add(std::move(node));
    }
    if (name == "numpy.dtype" && !given.empty())
        return arrayType(at(given[0]));
    if (isA(name, "numpy", "scalar") && given.size() == 2)
        return arrayOf(given[0], add(container(PickleKind::Tuple, {})), false, given[1]);
    if (isA(name, "numpy", "_frombuffer") && given.size() == 4)
        return arrayOf(given[1], given[2], at(given[3]).raw() == "F", given[0]);
    return 0;
}

PickleId PickleMachine::callTorch(std::string_view name, const std::vector<PickleId>& given) {
    if (isA(name, "torch", "_rebuild_parameter") ||
        isA(name, "torch", "_rebuild_parameter_with_state"))
        return given.empty() ? 0 : given[0];
    if (name == "torch.Size")
        return given.empty() ? 0 : given[0];
    const bool tensor = isA(name, "torch", "_rebuild_tensor") ||
                        isA(name, "torch", "_rebuild_tensor_v2") ||
                        isA(name, "torch", "_rebuild_tensor_v3");
    if (!tensor || given.size() < 4 || at(given[0]).kind != PickleKind::Storage)
        return 0;
    PickleNode node;
    node.kind = PickleKind::Tensor;
    node.type = at(given[0]).type;
    node.integer = at(given[1]).integer;
    node.items = {given[0], given[2], given[3]};
    if (name.ends_with("_v3") && given.size() >= 7)
        if (const auto type = storageType(at(given[6]).raw()))
            node.type = *type;
    return add(std::move(node));
}

PickleId PickleMachine::callPython(std::string_view name, const std::vector<PickleId>& given) {
    if (name == "collections.OrderedDict" || name == "collections.defaultdict" ||
        name == "builtins.dict" || name == "__builtin__.dict") {
        PickleNode dict = container(PickleKind::Dict, {});
        if (!given.empty() && at(given[0]).kind == PickleKind::List)
            for (const PickleId pair : at(given[0]).items) // [[key, value], …]
                if (at(pair).items.size() == 2 && charge(8))
                    dict.items.insert(dict.items.end(), at(pair).items.begin(),
                                      at(pair).items.end());
        return add(std::move(dict));
    }
    static constexpr std::pair<std::string_view, PickleKind> copies[] = {
        {"builtins.set", PickleKind::Set},       {"__builtin__.set", PickleKind::Set},
        {"builtins.frozenset", PickleKind::Set}, {"__builtin__.frozenset", PickleKind::Set},
        {"builtins.list", PickleKind::List},     {"__builtin__.list", PickleKind::List},
        {"builtins.tuple", PickleKind::Tuple},   {"__builtin__.tuple", PickleKind::Tuple}};
    for (const auto& [known, kind] : copies)
        if (name == known) {
            std::vector<PickleId> items;
            if (!given.empty() && charge(4 * at(given[0]).items.size()))
                items = at(given[0]).items;
            return add(container(kind, std::move(items)));
        }
    if (name == "_codecs.encode" && !given.empty()) { // how Python 3 writes bytes in protocol 2
        const std::string_view text = at(given[0]).raw();
        if (!charge(5 * text.size()))
            return 0;
        std::string bytes;
        for (const char32_t code : toUtf32(text))
            bytes += char(code);
        return add(owned(PickleKind::Bytes, std::move(bytes)));
    }
    if ((name == "copy_reg._reconstructor" || name == "copyreg._reconstructor") && !given.empty())
        return object(std::string(at(given[0]).raw().substr(0, 256)), 0);
    return 0;
}

PickleId PickleMachine::arrayType(const PickleNode& text) {
    return add(owned(PickleKind::ArrayType, std::string(text.raw().substr(0, 32))));
}

bool PickleMachine::integers(PickleId tuple, std::vector<std::int64_t>& out) {
    const PickleNode& node = at(tuple);
    if (node.kind == PickleKind::Int) {
        out.push_back(node.integer);
        return true;
    }
    if ((node.kind != PickleKind::Tuple && node.kind != PickleKind::List) || node.items.size() > 32)
        return false;
    for (const PickleId id : node.items) {
        if (at(id).kind != PickleKind::Int)
            return false;
        out.push_back(at(id).integer);
    }
    return true;
}

PickleId PickleMachine::arrayOf(PickleId type, PickleId shape, bool fortran, PickleId source) {
    const PickleNode& data = at(source);
    if (at(type).kind != PickleKind::ArrayType)
        return 0;
    std::vector<std::int64_t> extents;
    const auto parsed = NumpyType::parse(at(type).raw(), m_file.name);
    if (!parsed || !integers(shape, extents))
        return 0;         // kept as an Object: a type such as complex or datetime
    if (parsed->object) { // its values are ordinary ones
        PickleNode list = container(PickleKind::List, {});
        if (data.kind == PickleKind::List && charge(4 * data.items.size()))
            list.items = data.items;
        list.integer = extents.empty();
        return add(std::move(list));
    }
    const FileBytes bytes{data.bytes, data.owner, m_file.name};
    auto array = arrayFromNumpy(*parsed, std::move(extents), fortran, bytes, {m_budget});
    if (!array) {
        fail("an array has fewer values than its shape says");
        return 0;
    }
    if (array->bytes.data() != bytes.bytes.data() && !charge(array->bytes.size()))
        return 0;
    if (!charge(array->texts.size() * sizeof(std::string)))
        return 0;
    PickleNode node;
    node.kind = PickleKind::Array;
    node.array = std::make_shared<const Array>(std::move(*array));
    return add(std::move(node));
}

void PickleMachine::build(PickleId target, PickleId state) {
    const PickleKind kind = at(target).kind;
    if (kind == PickleKind::Array) {
        if (at(state).kind == PickleKind::Tuple && at(state).items.size() >= 4 &&
            at(state).items.size() <= 5)
            buildArray(target, at(state).items);
        return;
    }
    if (kind == PickleKind::ArrayType) { // (version, byte order, …)
        const auto& items = at(state).items;
        std::string text(at(target).raw());
        if (items.size() >= 2 && at(items[1]).bytes.size() == 1 && !text.empty() &&
            std::string_view("<>|=").find(text[0]) == std::string_view::npos) {
            text.insert(0, at(items[1]).raw());
            at(target) = owned(PickleKind::ArrayType, std::move(text));
        }
        return;
    }
    if (kind == PickleKind::Object && at(target).items[1] == 0)
        at(target).items[1] = state;
    // State of other kinds (the metadata of an OrderedDict, say) means nothing to us.
}

void PickleMachine::buildArray(PickleId target, const std::vector<PickleId>& state) {
    // (version, shape, type, Fortran order, data); the oldest form has no version
    const std::size_t skip = state.size() >= 5 ? 1 : 0;
    const bool fortran = at(state[skip + 2]).integer != 0;
    PickleId made = arrayOf(state[skip + 1], state[skip], fortran, state[skip + 3]);
    if (!made)
        made = object("numpy.ndarray", 0);
    if (made) // the values move to where the array is known already
        at(target) = std::move(at(made));
}

PickleId PickleMachine::storage(PickleId description) {
    // ("storage", class, key, device, number of values)
    const PickleNode& tuple = at(description);
    if (tuple.items.size() < 5 || at(tuple.items[0]).raw() != "storage")
        return object("reference", description);
    const auto type = storageType(at(tuple.items[1]).raw());
    if (!type)
        return object("reference", description);
    const PickleNode& key = at(tuple.items[2]);
    PickleNode node = view(PickleKind::Storage, key.bytes);
    node.owner = key.owner;
    node.type = *type;
    node.integer = at(tuple.items[4]).integer;
    const bool part = tuple.items.size() > 5 && at(tuple.items[5]).kind != PickleKind::None;
    return part ? object("reference", description) : add(std::move(node));
}

} // namespace strata
