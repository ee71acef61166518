// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/result.h"
#include "engine/project/project.h"
#include "ui/commands/gesture.h"

namespace strata::ui {

class Document;

/// Order and properties of layers.
class LayerCommands {
public:
    explicit LayerCommands(Document& document)
        : m_document(document) {}

    /// To this place of the list that results; 0 is the back.
    Status move(LayerId id, std::int64_t index, Gesture gesture = {}) const;
    Status rename(LayerId id, const std::string& name) const;
    Status setColor(LayerId id, LabelColor color, Gesture gesture = {}) const;
    Status setVisible(LayerId id, bool visible) const;
    Status setSolo(LayerId id, bool solo) const;
    Status setLocked(LayerId id, bool locked) const;
    // Usage when the layer is locked.
    Status setOpacity(LayerId id, double opacity, Gesture gesture = {}) const;
    Status setTrim(LayerId id, MatteTrim trim, Gesture gesture = {}) const;

private:
    Document& m_document;
};

} // namespace strata::ui
