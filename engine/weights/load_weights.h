// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <torch/torch.h>

#include "engine/core/result.h"
#include "engine/formats/array.h"

#include <functional>
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

/// A checkpoint and what messages call it.
struct WeightSource {
    const ArrayMap* tensors = nullptr;
    std::string name;
};

struct LoadOptions {
    KeyMap keys;
    /// Own names of weights that may have fewer input channels in the file than in the network;
    /// those that are missing are zero, so that the network begins as the narrower one.
    std::vector<std::string> widened;
    /// Keys that are not worth a word when the network has no place for them.
    std::function<bool(const std::string&)> ignores;
    /// Refuses values that are not finite.
    bool finite = true;
};

/// Copies a checkpoint into a network's parameters and buffers, each tensor straight to its type
/// and device. Every name, type and shape is checked before the first value is copied, and the
/// error names the first key that is missing or misshapen (with both shapes) and how many more
/// there are. Dimensions of extent 1 at the end of a shape do not count: a 1x1 convolution is a
/// matrix. `source` is what messages call the checkpoint.
Result<LoadReport> loadWeights(torch::nn::Module& module, const ArrayMap& checkpoint,
                               const std::string& source, const KeyMap& keys = {});

/// The same from several files that complete each other: of those that have a key the last one
/// counts. When a value is not finite the error names its tensor; the network, of which a part has
/// been filled by then, must not be used.
Result<LoadReport> loadWeights(torch::nn::Module& module, const std::vector<WeightSource>& sources,
                               const LoadOptions& options = {});

/// One sentence about keys that were not used, or "" when there are none; for the log.
std::string describe(const LoadReport& report, const std::string& source);

} // namespace strata
