// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/result.h"
#include "engine/project/project.h"

#include <span>

namespace strata {

/// A person as a decomposition lists it.
struct FoundPerson {
    PersonId id{};
    std::vector<FrameRange> tracks; // ascending, of the clip
    std::int64_t portraitFrame = 0;
};

/// Takes over whom a decomposition found. Who was known before keeps name, colour, sources, layer
/// and strokes. Who is new gets a colour and a layer in front of the last person's. Who is not
/// found any more goes, unless the user gave a name, a source or strokes: then only the tracks go.
Result<Project> applyPeople(Project project, std::span<const FoundPerson> found);
Result<Project> renamePerson(Project project, PersonId id, std::string name);
/// Also the colour of the person's layer.
Result<Project> setPersonColor(Project project, PersonId id, LabelColor color);

} // namespace strata
