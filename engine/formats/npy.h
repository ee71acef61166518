// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/formats/array.h"
#include "engine/formats/mapped_file.h"

#include <string>
#include <string_view>
#include <vector>

namespace strata {

/// A NumPy type string such as "<f4", "|b1", ">i8", "<U12", "|S3", "|O".
struct NumpyType {
    DType type = DType::F32;
    bool swapped = false;       // big endian
    std::uint64_t itemSize = 0; // bytes per element, characters included for text
    bool unicode = false;       // text of 32-bit characters
    bool object = false;        // a pickle follows instead of numbers

    static Result<NumpyType> parse(std::string_view text, const std::string& name);
};

struct NpyHeader {
    NumpyType type;
    bool fortran = false;
    std::vector<std::int64_t> shape;
    std::uint64_t dataOffset = 0;
};

Result<NpyHeader> parseNpyHeader(const FileBytes& file);

/// Raw NumPy data to an Array: byte order, Fortran order and text converted; a view of `data` where
/// nothing needs to change. `data` may be longer than needed, never shorter.
Result<Array> arrayFromNumpy(const NumpyType& type, std::vector<std::int64_t> shape, bool fortran,
                             const FileBytes& data, const ReadLimits& limits = {});

/// The bytes of a whole .npy file.
std::string npyBytes(const Array& array);

} // namespace strata
