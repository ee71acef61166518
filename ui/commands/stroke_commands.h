// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/result.h"
#include "engine/project/project.h"

namespace strata::ui {

class Document;

/// Strokes that repair mattes.
class StrokeCommands {
public:
    explicit StrokeCommands(Document& document)
        : m_document(document) {}

    /// A finished stroke; its id is given by the project.
    Status add(const Stroke& stroke) const;
    Status remove(StrokeId id) const;
    /// Of one frame, or of all.
    Status clear(LayerId layer, std::optional<std::int64_t> frame = {}) const;

private:
    Document& m_document;
};

} // namespace strata::ui
