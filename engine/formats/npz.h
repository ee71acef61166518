// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/formats/array.h"
#include "engine/formats/mapped_file.h"

#include <filesystem>

namespace strata {

/// NumPy files. Reading accepts stored and deflated members, versions 1-3 of the header, C and
/// Fortran order (converted to C), both byte orders, bool/int/uint/float/unicode/bytes. Object
/// arrays (pickles) are read through readPickle's safe subset where they hold numbers, and refused
/// otherwise. Sizes are checked before allocating.
Result<ArrayMap> readNpz(const std::filesystem::path& path);
Result<Array> readNpy(const std::filesystem::path& path);

/// The same from bytes. Arrays may be views that share the file's owner.
Result<ArrayMap> parseNpz(const FileBytes& file, const ReadLimits& limits = {});
Result<Array> parseNpy(const FileBytes& file, const ReadLimits& limits = {});
/// A .npy of numbers under the name "", of a Python dict under its keys.
Result<ArrayMap> parseNpyTree(const FileBytes& file, const ReadLimits& limits = {});

/// Written deflated (stored when zlib is missing), through a temporary name.
Status writeNpz(const std::filesystem::path& path, const ArrayMap& arrays);
Status writeNpy(const std::filesystem::path& path, const Array& array);

} // namespace strata
