// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/image.h"
#include "engine/core/result.h"

#include <filesystem>
#include <string>

namespace strata {

/// The path as messages show it.
inline std::string quoted(const std::filesystem::path& path) {
    std::string text;
    text += '\'';
    text += path.string();
    text += '\'';
    return text;
}

/// The longest side that the classes of this folder accept.
constexpr int kLargestSide = 16384;

/// `who` begins the sentence: "Matting".
inline Status requireRgb(const ImageU8& image, const std::string& who) {
    if (image.empty() || image.channels() != 3)
        return Error{ErrorCode::Usage, who + " needs a picture with three channels."};
    if (image.width() > kLargestSide || image.height() > kLargestSide)
        return Error{ErrorCode::Usage, who + " takes pictures up to " +
                                           std::to_string(kLargestSide) + " pixels a side."};
    return ok();
}

} // namespace strata
