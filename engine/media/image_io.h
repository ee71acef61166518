// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/image.h"
#include "engine/core/result.h"

#include <filesystem>

namespace strata {

/// True if the file starts like a picture that the functions below read (PNG, JPEG, WebP, BMP,
/// TIFF).
bool isPictureFile(const std::filesystem::path& path);

/// Upright RGB; alpha is dropped. Pictures of more than `maxPixels` are refused before they are
/// decoded.
Result<ImageU8> readImage(const std::filesystem::path& path, std::int64_t maxPixels = 1LL << 28);
/// Upright RGBA, alpha not multiplied in; 255 where the picture has no alpha.
Result<ImageU8> readImageRgba(const std::filesystem::path& path,
                              std::int64_t maxPixels = 1LL << 28);
/// Upright RGB with 16 bits at full scale, from a picture of any depth.
Result<ImageU16> readImage16(const std::filesystem::path& path, std::int64_t maxPixels = 1LL << 28);
/// Upright, one channel.
Result<ImageU8> readImageGray(const std::filesystem::path& path,
                              std::int64_t maxPixels = 1LL << 28);
Result<ImageU16> readImageGray16(const std::filesystem::path& path,
                                 std::int64_t maxPixels = 1LL << 28);

/// 1, 3 (RGB) or 4 (RGBA) channels. Written beside and renamed.
Status writePng(const std::filesystem::path& path, const ImageU8& image);
Status writePng(const std::filesystem::path& path, const ImageU16& image);
/// 1 or 3 channels; quality 1..100.
Status writeJpeg(const std::filesystem::path& path, const ImageU8& image, int quality = 92);

} // namespace strata
