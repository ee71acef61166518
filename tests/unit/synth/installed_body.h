// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/body/body_model.h"

#include <QtGlobal>

#include <utility>

namespace strata::test {

/// The free body that comes with Strata.
inline const BodyModel& installedBody() {
    static const BodyModel body = [] {
        auto loaded = loadBody(STRATA_SOURCE_DIR "/assets/body/strata_body.npz");
        if (!loaded)
            qFatal("%s", loaded.error().message.c_str());
        return std::move(*loaded);
    }();
    return body;
}

} // namespace strata::test
