// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/result.h"
#include "engine/project/project.h"
#include "ui/commands/gesture.h"

namespace strata::ui {

class Document;

/// Markers of the timeline.
class MarkerCommands {
public:
    explicit MarkerCommands(Document& document)
        : m_document(document) {}

    /// The new marker is the one at `frame` with the highest id.
    Status add(std::int64_t frame, const std::string& name, LabelColor color) const;
    Status remove(MarkerId id) const;
    Status move(MarkerId id, std::int64_t frame, Gesture gesture = {}) const;
    Status rename(MarkerId id, const std::string& name) const;
    Status setColor(MarkerId id, LabelColor color, Gesture gesture = {}) const;

private:
    Document& m_document;
};

} // namespace strata::ui
