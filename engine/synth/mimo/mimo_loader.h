// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/result.h"
#include "engine/nn/mimo/mimo_config.h"
#include "engine/synth/mimo/mimo_files.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace strata {

namespace nn {
struct MimoNetworks;
}

enum class MimoPrecision { Float, Half, BFloat16 };

/// Where the networks are and what they compute with. Half precision needs a GPU.
struct MimoPlace {
    MimoPrecision precision = MimoPrecision::Float;
    std::string device = "cpu"; // or "cuda", "cuda:1"
    /// The networks are loaded to host memory, from where the backend fetches each when it is
    /// needed.
    bool waiting = false;
};

struct LoadedMimo {
    std::shared_ptr<nn::MimoNetworks> networks;
    std::vector<std::string> notes; // a sentence for each file with tensors that are not used
};

/// Networks of `config` with the values of the files, one file after the other and each tensor
/// straight to its place. One sentence names the first thing that is wrong.
Result<LoadedMimo> loadMimo(const MimoFiles& files, const nn::MimoConfig& config,
                            const MimoPlace& place = {});

/// The same with random values, to measure with.
Result<LoadedMimo> randomMimo(const nn::MimoConfig& config, std::uint64_t seed,
                              const MimoPlace& place = {});

} // namespace strata
