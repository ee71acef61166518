// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/result.h"
#include "engine/project/settings.h"
#include "ui/commands/gesture.h"

namespace strata::ui {

class Document;

/// How people are drawn and what is written.
class SettingsCommands {
public:
    explicit SettingsCommands(Document& document)
        : m_document(document) {}

    Status setSynth(const SynthSettings& settings, Gesture gesture = {}) const;
    Status setDelivery(const DeliverySettings& settings, Gesture gesture = {}) const;

private:
    Document& m_document;
};

} // namespace strata::ui
