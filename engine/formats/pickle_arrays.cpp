// SPDX-License-Identifier: Apache-2.0
#include "engine/formats/pickle.h"

#include "engine/formats/utf8.h"

#include <algorithm>

namespace strata {
namespace {

constexpr int kMaxDepth = 32;
constexpr std::size_t kMaxArrays = 1 << 18;
constexpr std::size_t kMaxPath = 1024;

bool isNumber(PickleKind kind) {
    return kind == PickleKind::Int || kind == PickleKind::Float || kind == PickleKind::Bool;
}

class Flattener {
public:
    Flattener(const Pickle& pickle, const std::string& separator, std::uint64_t budget)
        : m_pickle(pickle)
        , m_separator(separator)
        , m_budget(budget)
        , m_steps(16 * pickle.count() + 65536) {}

    bool run(ArrayMap& out) {
        visit(m_pickle.rootId(), "", 0, out);
        return !m_failed;
    }

private:
    const PickleNode& at(PickleId id) const { return m_pickle.node(id); }

    /// What is copied out, where shared values may be met again and again.
    bool charge(std::uint64_t bytes) {
        m_failed = m_failed || bytes > m_budget;
        m_budget -= m_failed ? 0 : bytes;
        return !m_failed;
    }

    bool step() {
        m_failed = m_failed || m_steps == 0;
        m_steps -= m_failed ? 0 : 1;
        return !m_failed;
    }

    void put(const std::string& path, Array array, ArrayMap& out) {
        if (out.size() < kMaxArrays && charge(path.size() + sizeof(Array)))
            out[path] = std::move(array);
        else
            m_failed = true;
    }

    void visit(PickleId id, const std::string& path, int depth, ArrayMap& out) {
        if (depth > kMaxDepth || path.size() > kMaxPath || !step()) {
            m_failed = true;
            return;
        }
        const PickleNode& node = at(id);
        switch (node.kind) {
        case PickleKind::Array:
            put(path, *node.array, out);
            break;
        case PickleKind::Bool:
        case PickleKind::Int:
        case PickleKind::Float:
            visitNumber(node, path, out);
            break;
        case PickleKind::Text:
        case PickleKind::Bytes:
            if (node.bytes.size() <= 4096 && charge(2 * node.bytes.size()))
                put(path, Array::ofText(validUtf8(node.raw())), out);
            break;
        case PickleKind::Dict:
            visitDict(node, path, depth, out);
            break;
        case PickleKind::List:
        case PickleKind::Tuple:
            visitList(id, path, depth, out);
            break;
        case PickleKind::Object:
            visitObject(node, path, depth, out);
            break;
        default:
            break;
        }
    }

    void visitNumber(const PickleNode& node, const std::string& path, ArrayMap& out) {
        const std::vector<std::uint8_t> flag{std::uint8_t(node.integer != 0)};
        if (node.kind == PickleKind::Float)
            put(path, Array::of({}, std::span(&node.real, 1)), out);
        else if (node.kind == PickleKind::Int)
            put(path, Array::of({}, std::span(&node.integer, 1)), out);
        else
            put(path, Array::ofBytes(DType::Bool, {}, {std::byte(flag[0])}), out);
    }

    void visitDict(const PickleNode& node, const std::string& path, int depth, ArrayMap& out) {
        for (std::size_t i = 0; i + 1 < node.items.size() && !m_failed; i += 2) {
            const PickleNode& key = at(node.items[i]);
            std::string name;
            if (key.kind == PickleKind::Text || key.kind == PickleKind::Bytes)
                name = validUtf8(key.raw().substr(0, kMaxPath));
            else if (key.kind == PickleKind::Int)
                name = std::to_string(key.integer);
            else
                continue;
            visit(node.items[i + 1], join(path, name), depth + 1, out);
        }
    }

    std::string join(const std::string& path, const std::string& name) const {
        return path.empty() ? name : path + m_separator + name;
    }

    void visitList(PickleId id, const std::string& path, int depth, ArrayMap& out) {
        const PickleNode& node = at(id);
        if (node.kind == PickleKind::List && node.integer && node.items.size() == 1)
            return visit(node.items[0], path, depth + 1, out); // an object in a 0-d array
        Numbers numbers;
        if (collect(id, 0, numbers) && !numbers.shape.empty())
            return put(path, numbers.array(), out);
        for (std::size_t i = 0; i < node.items.size() && !m_failed; ++i)
            visit(node.items[i], join(path, std::to_string(i)), depth + 1, out);
    }

    /// Nested lists of equal lengths are an array.
    struct Numbers {
        std::vector<std::int64_t> shape, integers;
        std::vector<double> reals;
        bool floating = false;

        Array array() const {
            return floating ? Array::of(shape, std::span<const double>(reals))
                            : Array::of(shape, std::span<const std::int64_t>(integers));
        }
    };
    bool collect(PickleId id, std::size_t depth, Numbers& numbers) {
        const PickleNode& node = at(id);
        if (isNumber(node.kind)) {
            if (depth != numbers.shape.size() || !charge(32))
                return false;
            numbers.floating = numbers.floating || node.kind == PickleKind::Float;
            numbers.integers.push_back(node.integer);
            numbers.reals.push_back(node.kind == PickleKind::Float ? node.real
                                                                   : double(node.integer));
            return true;
        }
        if ((node.kind != PickleKind::List && node.kind != PickleKind::Tuple) ||
            node.items.empty() || depth >= 8 || !step())
            return false;
        if (depth == numbers.shape.size()) {
            if (!numbers.integers.empty())
                return false; // a list where the first one had a number
            numbers.shape.push_back(std::int64_t(node.items.size()));
        } else if (numbers.shape[depth] != std::int64_t(node.items.size())) {
            return false;
        }
        return std::all_of(node.items.begin(), node.items.end(),
                           [&](PickleId item) { return collect(item, depth + 1, numbers); });
    }

    void visitObject(const PickleNode& node, const std::string& path, int depth, ArrayMap& out) {
        const PickleNode& state = at(node.items[1]);
        const std::string_view name = node.raw();
        if (name.starts_with("scipy.sparse"))
            return visitSparse(name, state, path, out);
        if (!name.starts_with("chumpy."))
            return;
        // A chumpy value is an array with the arithmetic around it; leaves keep it as "x".
        for (std::size_t i = 0; i + 1 < state.items.size() && state.kind == PickleKind::Dict;
             i += 2) {
            const std::string_view key = at(state.items[i]).raw();
            if (key == "x")
                return visit(state.items[i + 1], path, depth + 1, out);
        }
        if (name == "chumpy.reordering.Select")
            visitSelection(state, path, depth, out);
    }

    /// a.ravel()[idxs].reshape(preferred_shape), which the SMPL files use for a part of their shape
    /// basis.
    void visitSelection(const PickleNode& state, const std::string& path, int depth,
                        ArrayMap& out) {
        ArrayMap source;
        for (std::size_t i = 0; i + 1 < state.items.size() && state.kind == PickleKind::Dict;
             i += 2)
            if (at(state.items[i]).raw() == "a")
                visit(state.items[i + 1], "", depth + 1, source);
        const PickleNode* picked = m_pickle.find(state, "idxs");
        const PickleNode* preferred = m_pickle.find(state, "preferred_shape");
        const auto found = source.find("");
        if (found == source.end() || !picked || picked->kind != PickleKind::Array)
            return;
        const std::vector<double> values = charge(8 * std::uint64_t(found->second.count()))
                                               ? found->second.toDoubles()
                                               : std::vector<double>();
        if (!charge(16 * std::uint64_t(picked->array->count())))
            return;
        std::vector<double> chosen;
        for (const std::int64_t index : picked->array->toInts()) {
            if (index < 0 || index >= std::int64_t(values.size())) {
                m_failed = true;
                return;
            }
            chosen.push_back(values[std::size_t(index)]);
        }
        std::vector<std::int64_t> shape;
        if (preferred)
            for (const PickleId id : preferred->items)
                shape.push_back(shape.size() < 8 ? at(id).integer : -1);
        const auto bytes = bytesOf(DType::F64, shape);
        if (shape.empty() || !bytes || *bytes != 8 * chosen.size())
            shape = {std::int64_t(chosen.size())};
        put(path, Array::of(shape, std::span<const double>(chosen)), out);
    }

    void visitSparse(std::string_view name, const PickleNode& state, const std::string& path,
                     ArrayMap& out) {
        const bool columns = name.find(".csc_") != std::string_view::npos;
        if (!columns && name.find(".csr_") == std::string_view::npos)
            return;
        const PickleNode* shape = m_pickle.find(state, "_shape");
        const PickleNode* parts[3] = {m_pickle.find(state, "data"), m_pickle.find(state, "indices"),
                                      m_pickle.find(state, "indptr")};
        for (const PickleNode* part : parts)
            if (!part || part->kind != PickleKind::Array)
                m_failed = true;
        if (m_failed || !shape || shape->items.size() != 2) {
            m_failed = true;
            return;
        }
        const std::vector<std::int64_t> extents{at(shape->items[0]).integer,
                                                at(shape->items[1]).integer};
        std::uint64_t work = bytesOf(DType::F64, extents).value_or(m_budget + 1);
        for (const PickleNode* part : parts)
            work += 8 * std::uint64_t(part->array->count());
        if (!charge(work))
            return;
        std::vector<double> dense;
        m_failed = !fill(*parts[0]->array, parts[1]->array->toInts(), parts[2]->array->toInts(),
                         extents, columns, dense);
        if (!m_failed)
            put(path, Array::of(extents, std::span<const double>(dense)), out);
    }

    static bool fill(const Array& data, const std::vector<std::int64_t>& indices,
                     const std::vector<std::int64_t>& ends,
                     const std::vector<std::int64_t>& extents, bool columns,
                     std::vector<double>& dense) {
        const std::vector<double> values = data.toDoubles();
        const std::int64_t major = extents[columns ? 1 : 0], minor = extents[columns ? 0 : 1];
        if (std::int64_t(ends.size()) != major + 1 || values.size() != indices.size() ||
            ends.front() != 0 || ends.back() > std::int64_t(values.size()) ||
            !std::is_sorted(ends.begin(), ends.end()))
            return false;
        dense.assign(std::size_t(major * minor), 0.0);
        for (std::int64_t i = 0; i < major; ++i)
            for (std::int64_t k = ends[std::size_t(i)]; k < ends[std::size_t(i) + 1]; ++k) {
                const std::int64_t j = indices[std::size_t(k)];
                if (j < 0 || j >= minor)
                    return false;
                // Entries given twice add up, as SciPy has it.
                dense[std::size_t(columns ? j * major + i : i * minor + j)] +=
                    values[std::size_t(k)];
            }
        return true;
    }

    const Pickle& m_pickle;
    const std::string& m_separator;
    std::uint64_t m_budget;
    std::uint64_t m_steps; // values met, which shared lists in shared lists would make endless
    bool m_failed = false;
};

} // namespace

Result<ArrayMap> flattenPickle(const Pickle& pickle, const std::string& separator,
                               const std::string& name, const ReadLimits& limits) {
    ArrayMap arrays;
    const std::uint64_t budget = std::min(limits.bytes, 64 * pickle.size() + (64u << 20));
    if (!Flattener(pickle, separator, budget).run(arrays))
        return damaged(name, "its values do not fit together");
    return arrays;
}

Result<ArrayMap> readPickleArrays(const std::filesystem::path& path) {
    STRATA_ASSIGN(const FileBytes file, mapFile(path));
    STRATA_ASSIGN(const Pickle pickle, parsePickle(file));
    return flattenPickle(pickle, "/", file.name);
}

} // namespace strata
