// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace strata {

// Unique among their kind within a project; 0 names nothing. A project hands out the numbers of
// media, markers, layers and strokes from one counter (Project::nextId). As large as std::int64_t,
// but of a type that the editor's signals can carry.
enum class MediaId : long long {};
enum class MarkerId : long long {};
enum class LayerId : long long {};
enum class StrokeId : long long {};
/// The person's number in the clip's decomposition, from 1 up.
enum class PersonId : long long {};

/// The number behind an id, for messages and files.
template <typename Id>
constexpr std::int64_t number(Id id) {
    return static_cast<std::int64_t>(id);
}

} // namespace strata
