// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/formats/array.h"

#include <filesystem>

namespace strata {

/// The tensors of any container this program reads, recognised by content, whatever the file's
/// name: safetensors, PyTorch (zip or older), NumPy .npz and .npy (name "", or the keys of a dict),
/// pickles of arrays, and a folder with a Core ML model. Wrappers around a PyTorch state dict are
/// taken off.
Result<ArrayMap> readCheckpoint(const std::filesystem::path& path);

} // namespace strata
