// SPDX-License-Identifier: Apache-2.0
#include "engine/media/picture_header.h"

#include <algorithm>
#include <cstring>
#include <string_view>

namespace strata::media {
namespace {

using Bytes = std::span<const std::uint8_t>;

bool startsWith(Bytes bytes, std::string_view text, std::size_t at = 0) {
    return bytes.size() >= at + text.size() &&
           std::memcmp(bytes.data() + at, text.data(), text.size()) == 0;
}

/// Unsigned number of `length` bytes at `at`; 0 beyond the end.
std::uint32_t number(Bytes bytes, std::size_t at, int length, bool bigEndian) {
    std::uint32_t value = 0;
    if (at > bytes.size() || bytes.size() - at < std::size_t(length))
        return 0;
    for (int i = 0; i < length; ++i)
        value |= std::uint32_t(bytes[at + std::size_t(i)]) << 8 * (bigEndian ? length - 1 - i : i);
    return value;
}

Size jpegSize(Bytes bytes) {
    std::size_t at = 2;
    while (at + 9 < bytes.size()) {
        if (bytes[at] != 0xFF)
            return {};
        const std::uint8_t marker = bytes[at + 1];
        if (marker == 0xFF) {
            ++at;
            continue;
        }
        const bool frame =
            marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
        if (frame)
            return {int(number(bytes, at + 7, 2, true)), int(number(bytes, at + 5, 2, true))};
        const bool bare = marker == 0x01 || (marker >= 0xD0 && marker <= 0xD8);
        at += 2 + (bare ? 0 : number(bytes, at + 2, 2, true));
    }
    return {};
}

Size webpSize(Bytes b) {
    if (startsWith(b, "VP8X", 12))
        return {int(number(b, 24, 3, false)) + 1, int(number(b, 27, 3, false)) + 1};
    if (startsWith(b, "VP8L", 12)) {
        const std::uint32_t bits = number(b, 21, 4, false);
        return {int(bits & 0x3FFF) + 1, int(bits >> 14 & 0x3FFF) + 1};
    }
    return {int(number(b, 26, 2, false) & 0x3FFF), int(number(b, 28, 2, false) & 0x3FFF)};
}

/// Value of a tag in the first directory of a TIFF structure, which EXIF is too; 0 if it is not
/// there.
std::uint32_t tiffTag(Bytes bytes, std::uint32_t tag) {
    const bool big = startsWith(bytes, "MM");
    const std::uint32_t directory = number(bytes, 4, 4, big);
    const std::uint32_t count = std::min(number(bytes, directory, 2, big), 512u);
    for (std::uint32_t i = 0; i < count; ++i) {
        const std::size_t entry = std::size_t(directory) + 2 + std::size_t(i) * 12;
        if (number(bytes, entry, 2, big) == tag)
            return number(bytes, entry + 8, number(bytes, entry + 2, 2, big) == 3 ? 2 : 4, big);
    }
    return 0;
}

int limited(std::uint32_t value) { return int(std::min(value, 0x7FFFFFFFu)); }

} // namespace

PictureKind pictureKind(Bytes start) {
    if (startsWith(start, "\x89PNG\r\n\x1a\n"))
        return PictureKind::Png;
    if (startsWith(start, "\xFF\xD8\xFF"))
        return PictureKind::Jpeg;
    if (startsWith(start, "RIFF") && startsWith(start, "WEBPVP8", 8))
        return PictureKind::WebP;
    if (startsWith(start, "BM"))
        return PictureKind::Bmp;
    if (startsWith(start, std::string_view("II*\0", 4)) ||
        startsWith(start, std::string_view("MM\0*", 4)))
        return PictureKind::Tiff;
    return PictureKind::None;
}

std::optional<Size> claimedSize(Bytes file) {
    Size size;
    switch (pictureKind(file)) {
    case PictureKind::Png:
        size = {limited(number(file, 16, 4, true)), limited(number(file, 20, 4, true))};
        break;
    case PictureKind::Jpeg:
        size = jpegSize(file);
        break;
    case PictureKind::WebP:
        size = webpSize(file);
        break;
    case PictureKind::Bmp: {
        const auto height = std::int32_t(number(file, 22, 4, false));
        size = {limited(number(file, 18, 4, false)), height == INT32_MIN ? 0 : std::abs(height)};
        break;
    }
    case PictureKind::Tiff:
        size = {limited(tiffTag(file, 256)), limited(tiffTag(file, 257))};
        break;
    case PictureKind::None:
        break;
    }
    if (size.width <= 0 || size.height <= 0)
        return {};
    return size;
}

int exifOrientation(Bytes file) {
    const bool png = pictureKind(file) == PictureKind::Png;
    const bool webp = pictureKind(file) == PictureKind::WebP;
    if (!png && !webp)
        return 1;
    // Chunks: PNG has length, name, data, check; WebP has name, length, data padded to even.
    std::size_t at = png ? 8 : 12;
    while (at + 8 < file.size()) {
        const std::size_t length = number(file, at + (png ? 0 : 4), 4, png);
        const std::size_t room = file.size() - at - 8;
        if (startsWith(file, png ? "eXIf" : "EXIF", at + (png ? 4 : 0))) {
            Bytes exif = file.subspan(at + 8, std::min(length, room));
            if (startsWith(exif, std::string_view("Exif\0\0", 6)))
                exif = exif.subspan(6);
            const std::uint32_t value = tiffTag(exif, 0x0112);
            return value >= 1 && value <= 8 ? int(value) : 1;
        }
        if (length > room)
            break;
        at += 8 + length + (png ? 4 : length % 2);
    }
    return 1;
}

} // namespace strata::media
