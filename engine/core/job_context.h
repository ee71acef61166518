// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/result.h"

#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>

namespace strata {

/// How far a job is. `fraction` is over the whole job; done and total are of the stage, in its own
/// unit.
struct Progress {
    std::string stage;
    double fraction = 0.0;
    std::int64_t done = 0;
    std::int64_t total = 0;
};

/// What running work may use: the token that asks it to stop, and where it tells how far it is.
/// Work looks at the token at least once per frame and before each expensive load.
struct JobContext {
    std::stop_token stop;
    std::function<void(const Progress&)> report;

    bool stopRequested() const { return stop.stop_requested(); }
    void progress(const std::string& stage, std::int64_t done, std::int64_t total) const {
        if (report)
            report({stage, total > 0 ? double(done) / double(total) : 0.0, done, total});
    }
};

} // namespace strata
