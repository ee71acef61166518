// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/pipeline/job_requests.h"
#include "engine/synth/diffusion/clip_generator.h"
#include "engine/synth/mimo/mimo_backend.h"

namespace strata {

struct GeneratorPlan {
    MimoPlace place;
    MemoryLadder memory;
};

/// Where the networks of an edit of so many frames compute, with which precision, and how they use
/// the memory that is free now. OutOfMemory says what would be needed where the computer itself
/// has too little; a GPU is tried even then.
Result<GeneratorPlan> planGenerator(const GenerateSettings& wanted, const nn::MimoConfig& networks,
                                    const GeneratorSettings& generator, std::int64_t frames);

/// The networks by that plan, which is told.
Result<std::unique_ptr<DenoiserBackend>> loadGenerator(const MimoFiles& files,
                                                       const nn::MimoConfig& networks,
                                                       const GeneratorPlan& plan,
                                                       const GenerateSettings& wanted);

} // namespace strata
