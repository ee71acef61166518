// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/image.h"

#include <memory>
#include <string>
#include <vector>

namespace strata {

struct SheetCell {
    std::shared_ptr<const ImageU8> image; // RGB, RGBA or gray
    std::string label;                    // plain ASCII
};

struct SheetOptions {
    int columns = 3;
    int cellWidth = 480; // the height follows the first picture's shape
    int gap = 8;
};

/// One RGB picture with the cells in rows, each with its label under it. Empty for no cells.
ImageU8 makeContactSheet(const std::vector<SheetCell>& cells, SheetOptions options = {});

} // namespace strata
