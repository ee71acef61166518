// SPDX-License-Identifier: Apache-2.0
#include "engine/formats/torch_tensors.h"

#include "engine/formats/utf8.h"

#include <algorithm>

namespace strata {
namespace {

constexpr int kMaxDepth = 8;
constexpr std::size_t kMaxTensors = 1 << 18;

class TensorCollector {
public:
    TensorCollector(const Pickle& pickle, const FileBytes& file, const StorageSource& storages,
                    const ReadLimits& limits)
        : m_pickle(pickle)
        , m_file(file)
        , m_storages(storages)
        , m_budget(std::min(limits.bytes, 16 * file.size() + (1u << 20))) {}

    Status visit(const PickleNode& dict, const std::string& prefix, int depth, ArrayMap& out) {
        for (std::size_t i = 0; i + 1 < dict.items.size(); i += 2) {
            const PickleNode& key = m_pickle.node(dict.items[i]);
            const PickleNode& value = m_pickle.node(dict.items[i + 1]);
            if (prefix.size() + key.bytes.size() > 4096 ||
                !charge(64 + prefix.size() + key.bytes.size()))
                return damaged(m_file.name, "its names unfold without end");
            const bool text = key.kind == PickleKind::Text || key.kind == PickleKind::Bytes;
            const std::string name =
                prefix + (text ? validUtf8(key.raw()) : std::to_string(key.integer));
            if (value.kind == PickleKind::Dict && depth < kMaxDepth) {
                STRATA_TRY(visit(value, name + ".", depth + 1, out));
            } else if (value.kind == PickleKind::Tensor) {
                STRATA_ASSIGN(Array array, tensor(value, name));
                if (out.size() >= kMaxTensors)
                    return damaged(m_file.name, "it has too many tensors");
                out[name] = std::move(array);
            } else if (value.kind == PickleKind::Array) { // some are saved as NumPy arrays
                out[name] = *value.array;
            }
        }
        return ok();
    }

private:
    bool charge(std::uint64_t bytes) {
        const bool fits = bytes <= m_budget;
        m_budget -= fits ? bytes : 0;
        return fits;
    }

    bool integers(PickleId id, std::vector<std::int64_t>& out) const {
        const PickleNode& node = m_pickle.node(id);
        if (node.kind != PickleKind::Tuple && node.kind != PickleKind::List)
            return false;
        for (const PickleId item : node.items) {
            const PickleNode& value = m_pickle.node(item);
            if (value.kind != PickleKind::Int || value.integer < 0 || out.size() >= 32)
                return false;
            out.push_back(value.integer);
        }
        return true;
    }

    Result<Array> tensor(const PickleNode& node, const std::string& name) {
        const Error broken =
            damaged(m_file.name, "the tensor '" + name + "' does not lie inside its data");
        const PickleNode& storage = m_pickle.node(node.items[0]);
        STRATA_ASSIGN(const FileBytes data, m_storages(storage.raw()));
        Array array;
        array.type = node.type;
        std::vector<std::int64_t> strides;
        const bool listed =
            integers(node.items[1], array.shape) && integers(node.items[2], strides);
        const auto size = bytesOf(array.type, array.shape);
        const std::uint64_t item = bytesOf(array.type);
        const std::uint64_t held = data.size() / item;
        if (!listed || !size || strides.size() != array.shape.size() || node.integer < 0 ||
            std::uint64_t(node.integer) > held)
            return broken;
        if (*size == 0)
            return array;

        std::uint64_t last = std::uint64_t(node.integer); // the farthest value the tensor touches
        std::int64_t expected = 1;
        bool contiguous = true;
        for (std::size_t d = strides.size(); d-- > 0;) {
            const auto steps = std::uint64_t(array.shape[d] - 1);
            const auto stride = std::uint64_t(strides[d]);
            if (steps > 0 && stride > (held - std::min(last, held)) / steps)
                return broken;
            last += steps * stride;
            contiguous = contiguous && (steps == 0 || strides[d] == expected);
            expected *= array.shape[d];
        }
        if (last >= held)
            return broken;
        if (contiguous) {
            array.bytes = data.bytes.subspan(std::uint64_t(node.integer) * item, *size);
            array.owner = data.owner;
            return array;
        }
        if (!charge(*size))
            return Error{ErrorCode::BadFormat,
                         m_file.name + ": the tensor '" + name + "' repeats its data too often."};
        return Array::ofBytes(
            array.type, array.shape,
            gathered(data.bytes, std::uint64_t(node.integer), array.shape, strides, item));
    }

    static std::vector<std::byte> gathered(std::span<const std::byte> data, std::uint64_t offset,
                                           const std::vector<std::int64_t>& shape,
                                           const std::vector<std::int64_t>& strides,
                                           std::uint64_t item) {
        std::uint64_t count = 1;
        for (const std::int64_t extent : shape)
            count *= std::uint64_t(extent);
        std::vector<std::byte> out(count * item);
        std::vector<std::int64_t> index(shape.size(), 0);
        auto from = std::int64_t(offset);
        for (std::uint64_t i = 0; i < count; ++i) {
            const auto source = data.subspan(std::uint64_t(from) * item, item);
            std::copy(source.begin(), source.end(), out.begin() + std::ptrdiff_t(i * item));
            for (std::size_t d = shape.size(); d-- > 0;) {
                from += strides[d];
                if (++index[d] < shape[d])
                    break;
                from -= strides[d] * index[d];
                index[d] = 0;
            }
        }
        return out;
    }

    const Pickle& m_pickle;
    const FileBytes& m_file;
    const StorageSource& m_storages;
    std::uint64_t m_budget;
};

bool hasTensors(const Pickle& pickle, const PickleNode& dict) {
    return std::any_of(dict.items.begin(), dict.items.end(),
                       [&](PickleId id) { return pickle.node(id).kind == PickleKind::Tensor; });
}

/// The dict that has the network's tensors among those a training script puts around it.
const PickleNode& unwrapped(const Pickle& pickle) {
    static constexpr std::string_view wrappers[] = {"state_dict", "model_state_dict", "model",
                                                    "params_ema", "params",           "module",
                                                    "net",        "weights",          "generator"};
    const PickleNode* dict = &pickle.root();
    for (int depth = 0; depth < kMaxDepth && !hasTensors(pickle, *dict); ++depth) {
        const PickleNode* inner = nullptr;
        for (const std::string_view name : wrappers)
            if (const PickleNode* found = inner ? nullptr : pickle.find(*dict, name))
                inner = found->kind == PickleKind::Dict ? found : nullptr;
        if (!inner)
            break;
        dict = inner;
    }
    return *dict;
}

ArrayMap withoutPrefix(ArrayMap arrays, const std::string& prefix) {
    for (const auto& [name, array] : arrays)
        if (!name.starts_with(prefix))
            return arrays;
    ArrayMap out;
    for (auto& [name, array] : arrays)
        out[name.substr(prefix.size())] = std::move(array);
    return out;
}

} // namespace

Result<ArrayMap> collectTensors(const Pickle& pickle, bool stripWrappers, const FileBytes& file,
                                const StorageSource& storages, const ReadLimits& limits) {
    if (pickle.root().kind != PickleKind::Dict)
        return Error{ErrorCode::BadFormat,
                     file.name + " holds no table of tensors (a whole pickled network, perhaps); "
                                 "save its state_dict instead."};
    const PickleNode& dict = stripWrappers ? unwrapped(pickle) : pickle.root();
    ArrayMap arrays;
    STRATA_TRY(TensorCollector(pickle, file, storages, limits).visit(dict, "", 0, arrays));
    if (arrays.empty())
        return Error{ErrorCode::BadFormat, file.name + " holds no tensors."};
    return stripWrappers ? withoutPrefix(std::move(arrays), "module.") : arrays;
}

} // namespace strata
