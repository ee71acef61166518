// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/formats/array.h"
#include "engine/formats/zip_writer.h"

#include <filesystem>
#include <string>

namespace strata::test {

/// A checkpoint as torch.save() writes a state dict since PyTorch 1.6, one tensor at a time: a zip
/// file with a pickle of the names and shapes and a member for the data of each.
class TorchFile {
public:
    explicit TorchFile(const std::filesystem::path& path);

    /// `array` is float32 or float16.
    void add(const std::string& name, const Array& array);
    Status finish();

private:
    ZipWriter m_zip;
    std::string m_pickle;
    int m_count = 0;
};

} // namespace strata::test
