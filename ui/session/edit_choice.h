// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/result.h"
#include "engine/project/project.h"
#include "engine/protocol/messages.h"

#include <optional>
#include <string>

namespace strata::ui {

/// The person an edit is about: `preferred` where that one has a source, else the first who has,
/// else `preferred` or, without it, the first in the clip. Nothing when the clip has nobody yet.
std::optional<PersonId> editedPerson(const Project& project,
                                     std::optional<PersonId> preferred = {});

/// Whether anything of the clip is replaced, so that there is something to render.
bool hasEdit(const Project& project);

/// The clip of the project as the worker is told about it, all of its frames.
protocol::ClipChoice clipChoice(const Project& project, std::optional<PersonId> person = {});

/// What the project replaces, for the worker. `device`: what the generator runs on (Hello::device).
/// One sentence when there is no clip, nothing is replaced, or a source's file is missing.
/// With `frames` only their strokes are told.
Result<protocol::EditChoice> editChoice(const Project& project, std::optional<PersonId> preferred,
                                        const std::string& device,
                                        std::optional<FrameRange> frames = {});

/// The layer's strokes in the order they were painted, of the frames alone where some are given.
std::vector<MatteStroke> matteStrokes(const Project& project, LayerId layer,
                                      std::optional<FrameRange> frames = {});

/// The frames that a render writes, as the delivery settings say.
FrameRange deliveredFrames(const Project& project);

} // namespace strata::ui
