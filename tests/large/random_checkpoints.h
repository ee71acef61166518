// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/result.h"

#include <filesystem>
#include <string>

namespace strata::test {

/// A checkpoint with the names and shapes of tests/golden/manifests/<network>.json and random
/// values that keep a network's numbers small, in the container in which it is published:
/// safetensors for the "vae", else a PyTorch file. The guider is written in half precision, as
/// parts that were not trained can be.
Status writeRandomCheckpoint(const std::string& network, const std::filesystem::path& path);

} // namespace strata::test
