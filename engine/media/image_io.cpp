// SPDX-License-Identifier: Apache-2.0
#include "engine/media/image_io.h"

#include "engine/core/atomic_file.h"
#include "engine/media/opencv.h"
#include "engine/media/picture_header.h"
#include "engine/media/pixel_converter.h"

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <array>
#include <fstream>

namespace strata {
namespace fs = std::filesystem;
namespace {

enum class Wanted { Rgb, Rgba, Gray };

struct Decoded {
    cv::Mat mat; // BGR, BGRA or gray, 8 or 16 bits, as stored
    int orientation = 1;
};

Error badPicture(const fs::path& path) {
    return {ErrorCode::BadFormat, path.string() + " is not a picture, or is damaged."};
}

Result<Decoded> decode(const fs::path& path, std::int64_t maxPixels) {
    STRATA_ASSIGN(const std::string content, readFile(path, 1u << 30));
    const std::span bytes(reinterpret_cast<const std::uint8_t*>(content.data()), content.size());
    if (content.empty())
        return Error{ErrorCode::BadFormat, path.string() + " is empty."};
    const auto size = media::claimedSize(bytes);
    if (!size)
        return badPicture(path);
    if (std::int64_t(size->width) * size->height > maxPixels)
        return Error{ErrorCode::BadFormat, path.string() + " has " + std::to_string(size->width) +
                                               "x" + std::to_string(size->height) +
                                               " pixels, which is more than is accepted."};
    // JPEG has no alpha, and OpenCV turns it upright unless it is read unchanged.
    const bool jpeg = media::pictureKind(bytes) == media::PictureKind::Jpeg;
    const int flags = jpeg ? int(cv::IMREAD_COLOR) : int(cv::IMREAD_UNCHANGED);
    Decoded out;
    try {
        const cv::Mat view(1, int(content.size()), CV_8U, const_cast<char*>(content.data()));
        out.mat = cv::imdecode(view, flags);
    } catch (const cv::Exception&) {
        return badPicture(path);
    }
    const int depth = out.mat.depth();
    if (out.mat.empty() || (depth != CV_8U && depth != CV_16U))
        return badPicture(path);
    out.orientation = media::exifOrientation(bytes);
    return out;
}

cv::ColorConversionCodes conversion(int channels, Wanted wanted) {
    static constexpr std::array<std::array<cv::ColorConversionCodes, 3>, 3> table{
        {{cv::COLOR_GRAY2RGB, cv::COLOR_GRAY2RGBA, cv::COLOR_COLORCVT_MAX},
         {cv::COLOR_BGR2RGB, cv::COLOR_BGR2RGBA, cv::COLOR_BGR2GRAY},
         {cv::COLOR_BGRA2RGB, cv::COLOR_BGRA2RGBA, cv::COLOR_BGRA2GRAY}}};
    return table[channels == 1 ? 0 : channels == 3 ? 1 : 2][std::size_t(wanted)];
}

template <typename T>
Result<Image<T>> read(const fs::path& path, Wanted wanted, std::int64_t maxPixels) {
    STRATA_ASSIGN(Decoded decoded, decode(path, maxPixels));
    cv::Mat mat = decoded.mat;
    if (mat.channels() == 2)
        cv::extractChannel(decoded.mat, mat, 0);
    if (const auto code = conversion(mat.channels(), wanted); code != cv::COLOR_COLORCVT_MAX)
        cv::cvtColor(mat.clone(), mat, code);
    cv::Mat scaled = mat;
    if (mat.depth() != cv::DataType<T>::depth)
        mat.convertTo(scaled, cv::DataType<T>::depth, mat.depth() == CV_8U ? 257.0 : 1.0 / 257.0);
    const Image<T> image = imageFromMat<T>(scaled);
    // EXIF orientation as a mirror followed by a clockwise turn.
    static constexpr std::array<std::pair<int, bool>, 9> turns{{{0, false},
                                                                {0, false},
                                                                {0, true},
                                                                {180, false},
                                                                {180, true},
                                                                {270, true},
                                                                {90, false},
                                                                {90, true},
                                                                {270, false}}};
    const auto [rotation, mirrored] = turns[std::size_t(decoded.orientation)];
    return rotation || mirrored ? media::oriented(image, rotation, mirrored) : image;
}

template <typename T>
Status encode(const fs::path& path, const Image<T>& image, const char* kind,
              const std::vector<int>& parameters) {
    if (image.empty() || image.channels() == 2 || image.channels() > 4)
        return Error{ErrorCode::Internal,
                     "This picture cannot be written to " + path.string() + "."};
    std::vector<std::uint8_t> bytes;
    try {
        cv::Mat swapped = matView(image);
        if (image.channels() == 3)
            cv::cvtColor(matView(image), swapped = cv::Mat(), cv::COLOR_RGB2BGR);
        else if (image.channels() == 4)
            cv::cvtColor(matView(image), swapped = cv::Mat(), cv::COLOR_RGBA2BGRA);
        if (!cv::imencode(kind, swapped, bytes, parameters))
            return Error{ErrorCode::Internal, "Cannot encode " + path.string() + "."};
    } catch (const cv::Exception& e) {
        return Error{ErrorCode::Internal, "Cannot encode " + path.string() + ": " + e.err + "."};
    }
    return writeFileAtomically(path, {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

} // namespace

bool isPictureFile(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    std::array<std::uint8_t, 16> start{};
    in.read(reinterpret_cast<char*>(start.data()), start.size());
    return media::pictureKind(
               {start.data(), std::size_t(std::max<std::streamsize>(0, in.gcount()))}) !=
           media::PictureKind::None;
}

Result<ImageU8> readImage(const fs::path& path, std::int64_t maxPixels) {
    return read<std::uint8_t>(path, Wanted::Rgb, maxPixels);
}

Result<ImageU8> readImageRgba(const fs::path& path, std::int64_t maxPixels) {
    return read<std::uint8_t>(path, Wanted::Rgba, maxPixels);
}

Result<ImageU16> readImage16(const fs::path& path, std::int64_t maxPixels) {
    return read<std::uint16_t>(path, Wanted::Rgb, maxPixels);
}

Result<ImageU8> readImageGray(const fs::path& path, std::int64_t maxPixels) {
    return read<std::uint8_t>(path, Wanted::Gray, maxPixels);
}

Result<ImageU16> readImageGray16(const fs::path& path, std::int64_t maxPixels) {
    return read<std::uint16_t>(path, Wanted::Gray, maxPixels);
}

Status writePng(const fs::path& path, const ImageU8& image) {
    return encode(path, image, ".png", {cv::IMWRITE_PNG_COMPRESSION, 3});
}

Status writePng(const fs::path& path, const ImageU16& image) {
    return encode(path, image, ".png", {cv::IMWRITE_PNG_COMPRESSION, 3});
}

Status writeJpeg(const fs::path& path, const ImageU8& image, int quality) {
    if (image.channels() == 4)
        return Error{ErrorCode::Internal, "JPEG has no alpha for " + path.string() + "."};
    return encode(path, image, ".jpg", {cv::IMWRITE_JPEG_QUALITY, std::clamp(quality, 1, 100)});
}

} // namespace strata
