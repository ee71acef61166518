// SPDX-License-Identifier: Apache-2.0
// Internal to engine/media.
#pragma once

#include "engine/core/image.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>

namespace strata::media {

enum class PictureKind { None, Png, Jpeg, WebP, Bmp, Tiff };

/// Told from the first bytes.
PictureKind pictureKind(std::span<const std::uint8_t> start);

/// The size a file claims, read without decoding. None if it cannot be told, or is not sane.
std::optional<Size> claimedSize(std::span<const std::uint8_t> file);

/// EXIF orientation 1..8 of a PNG or WebP file, which OpenCV does not look at; 1 if there is none.
int exifOrientation(std::span<const std::uint8_t> file);

} // namespace strata::media
