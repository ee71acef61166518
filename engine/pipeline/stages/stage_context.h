// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/body/body_model.h"
#include "engine/pipeline/clip.h"
#include "engine/pipeline/network_use.h"
#include "engine/pipeline/networks.h"
#include "engine/pipeline/stage_runner.h"

namespace strata {

/// Frames in a piece of work. An interrupted job repeats at most this many per stage.
constexpr std::int64_t kChunkFrames = 48;

/// What every stage of a clip works with. Nothing is owned.
struct StageContext {
    Clip& clip;
    Networks& networks;
    const BodyModel& body;
    const std::string bodyKey; // digest of the file the body came from
    StageRunner& runner;
    NetworkUse* use = nullptr; // counts the networks' runs, if somebody wants to know

    /// A spec over all frames of the clip in ordinary chunks.
    StageSpec spec(std::string name, int version) const {
        StageSpec spec;
        spec.name = std::move(name);
        spec.version = version;
        spec.params = nlohmann::json::object();
        spec.inputs = {clip.digest()};
        spec.frameCount = clip.frameCount();
        spec.chunkLength = kChunkFrames;
        return spec;
    }
};

} // namespace strata
