// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <torch/torch.h>

#include "engine/core/result.h"
#include "engine/formats/array.h"

#include <string>
#include <vector>

namespace strata {

/// Replaces every `from` in a name by `to`.
struct KeyRule {
    std::string from;
    std::string to;
};

/// How a network's own names become those of a checkpoint: rules in order, then prefix and suffix
/// around the result.
struct KeyMap {
    std::vector<KeyRule> rules;
    std::string prefix;
    std::string suffix;

    std::string operator()(std::string name) const;
};

struct LoadReport {
    std::size_t loaded = 0;
    std::vector<std::string> unexpected; // keys of the checkpoint that the network has no place for
};

/// Copies a checkpoint into a network's parameters and buffers, converted to their type and device.
/// All or nothing: every name and shape is checked before the first value is copied, and the error
/// names the first key that is missing or misshapen (with both shapes) and how many more there are.
/// `source` is what messages call the checkpoint.
Result<LoadReport> loadWeights(torch::nn::Module& module, const ArrayMap& checkpoint,
                               const std::string& source, const KeyMap& keys = {});

/// One sentence about keys that were not used, or "" when there are none; for the log.
std::string describe(const LoadReport& report, const std::string& source);

} // namespace strata
