// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace strata {

// Unique among their kind within a project; 0 names nothing. A project hands out the numbers of
// media, markers, layers and strokes from one counter (Project::nextId).
enum class MediaId : std::int64_t {};
enum class MarkerId : std::int64_t {};
enum class LayerId : std::int64_t {};
enum class StrokeId : std::int64_t {};
/// The person's number in the clip's decomposition, from 1 up.
enum class PersonId : std::int64_t {};

/// The number behind an id, for messages and files.
template <typename Id>
constexpr std::int64_t number(Id id) {
    return static_cast<std::int64_t>(id);
}

} // namespace strata
