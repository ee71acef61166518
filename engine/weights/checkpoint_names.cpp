// SPDX-License-Identifier: Apache-2.0
#include "engine/weights/checkpoint_names.h"

#include <array>
#include <optional>
#include <utility>

namespace strata {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kAttention{
    {{".query.", ".to_q."},
     {".key.", ".to_k."},
     {".value.", ".to_v."},
     {".proj_attn.", ".to_out.0."}}};

std::string renamed(const std::string& key) {
    if (key.find("attentions.") == std::string::npos)
        return key;
    for (const auto& [from, to] : kAttention)
        if (const auto at = key.find(from); at != std::string::npos)
            return key.substr(0, at) + std::string(to) + key.substr(at + from.size());
    return key;
}

} // namespace

std::string prefixBefore(const ArrayMap& checkpoint, std::string_view known) {
    std::optional<std::string> shortest;
    for (const auto& [key, array] : checkpoint) {
        if (!key.ends_with(known))
            continue;
        const std::size_t length = key.size() - known.size();
        const bool whole = length == 0 || key[length - 1] == '.';
        if (whole && (!shortest || length < shortest->size()))
            shortest = key.substr(0, length);
    }
    return shortest.value_or("");
}

ArrayMap withoutPrefix(ArrayMap checkpoint, std::string_view prefix) {
    if (prefix.empty())
        return checkpoint;
    ArrayMap tensors;
    for (auto& [key, array] : checkpoint)
        if (key.starts_with(prefix))
            tensors[key.substr(prefix.size())] = std::move(array);
    return tensors;
}

ArrayMap withNewAttentionNames(ArrayMap checkpoint) {
    ArrayMap tensors;
    for (auto& [key, array] : checkpoint)
        tensors[renamed(key)] = std::move(array);
    return tensors;
}

} // namespace strata
