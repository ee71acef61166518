// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/formats/npz.h"
#include "engine/pipeline/stage_runner.h"

namespace strata {

/// Brings a sequential worker to where the chunk before left off. Always from the file, also when a
/// worker at that point exists, so that an undisturbed run and a resumed one do exactly the same.
template <typename Worker>
Status continueFrom(Worker& worker, const StageChunk& chunk) {
    if (chunk.previous.empty())
        return ok();
    STRATA_ASSIGN(const ArrayMap state, readNpz(chunk.previous / "state.npz"));
    return worker.restoreState(state);
}

template <typename Worker>
Status leaveState(const Worker& worker, const StageChunk& chunk) {
    return writeNpz(chunk.folder / "state.npz", worker.saveState());
}

} // namespace strata
