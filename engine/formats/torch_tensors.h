// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/formats/pickle.h"

#include <functional>
#include <string>
#include <string_view>

namespace strata {

/// Gives the bytes of a storage by its key.
using StorageSource = std::function<Result<FileBytes>(std::string_view key)>;

/// The tensors below a checkpoint's root, each laid over its storage and checked to lie inside.
Result<ArrayMap> collectTensors(const Pickle& pickle, bool stripWrappers, const FileBytes& file,
                                const StorageSource& storages, const ReadLimits& limits);

} // namespace strata
