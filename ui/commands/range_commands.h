// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/result.h"
#include "engine/core/time.h"
#include "ui/commands/gesture.h"

namespace strata::ui {

class Document;

/// In, out and loop. Frames outside the clip are clamped.
class RangeCommands {
public:
    explicit RangeCommands(Document& document)
        : m_document(document) {}

    Status setIn(std::int64_t frame, Gesture gesture = {}) const;
    Status setOut(std::int64_t lastFrame, Gesture gesture = {}) const;
    Status set(FrameRange range, Gesture gesture = {}) const;
    Status clear() const;
    Status setLoop(bool loop) const;

private:
    Document& m_document;
};

} // namespace strata::ui
