// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/formats/array.h"
#include "engine/formats/mapped_file.h"

#include <filesystem>

namespace strata {

struct TorchOptions {
    /// Goes down into "state_dict", "model", "params_ema" and the like when the tensors are there,
    /// and takes off a "module." that all names share.
    bool stripWrappers = true;
};

/// Tensors of a PyTorch checkpoint by their name, parts joined with dots: zip files (.pth .pt .bin
/// .ckpt since 1.6) and the older stream of pickles. Contiguous tensors are views of the file,
/// others are copied into C order. Nothing in the file is executed; values that are no tensors are
/// left out.
Result<ArrayMap> readTorch(const std::filesystem::path& path, const TorchOptions& options = {});
bool looksLikeTorchStream(std::span<const std::byte> bytes); // the older form
Result<ArrayMap> parseTorch(const FileBytes& file, const TorchOptions& options = {},
                            const ReadLimits& limits = {});

} // namespace strata
