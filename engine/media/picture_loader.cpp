// SPDX-License-Identifier: Apache-2.0
#include "engine/media/frame_loader.h"
#include "engine/media/image_io.h"

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <regex>

namespace strata::media {
namespace fs = std::filesystem;
namespace {

/// Numbers inside names compare by value: frame2 comes before frame10.
bool naturalLess(const std::string& a, const std::string& b) {
    const auto digit = [](char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; };
    std::size_t i = 0, j = 0;
    while (i < a.size() && j < b.size()) {
        if (!digit(a[i]) || !digit(b[j])) {
            if (a[i] != b[j])
                return a[i] < b[j];
            ++i, ++j;
            continue;
        }
        std::size_t x = i, y = j;
        while (x < a.size() && digit(a[x]))
            ++x;
        while (y < b.size() && digit(b[y]))
            ++y;
        while (i < x && a[i] == '0')
            ++i;
        while (j < y && b[j] == '0')
            ++j;
        if (x - i != y - j)
            return x - i < y - j;
        if (const int order = a.compare(i, x - i, b, j, y - j); order != 0)
            return order < 0;
        i = x, j = y;
    }
    return a.size() - i < b.size() - j || (a.size() - i == b.size() - j && a < b);
}

void sortNaturally(std::vector<fs::path>& files) {
    std::sort(files.begin(), files.end(), [](const fs::path& a, const fs::path& b) {
        return naturalLess(a.filename().string(), b.filename().string());
    });
}

std::vector<fs::path> picturesIn(const fs::path& folder) {
    std::vector<fs::path> files;
    std::error_code failed;
    for (const auto& entry : fs::directory_iterator(folder, failed))
        if (entry.is_regular_file(failed) && entry.path().filename().string().front() != '.' &&
            isPictureFile(entry.path()))
            files.push_back(entry.path());
    sortNaturally(files);
    return files;
}

/// Files whose names fit a pattern with one %d or %0Nd.
std::vector<fs::path> picturesLike(const fs::path& pattern) {
    static const std::regex number("%(0[0-9]+)?d");
    const std::string name = pattern.filename().string();
    std::smatch hole;
    if (!std::regex_search(name, hole, number))
        return {};
    const std::string before = hole.prefix();
    const std::string after = hole.suffix();
    std::vector<fs::path> files;
    for (const auto& file : picturesIn(pattern.has_parent_path() ? pattern.parent_path() : ".")) {
        const std::string candidate = file.filename().string();
        if (candidate.size() <= before.size() + after.size() || !candidate.starts_with(before) ||
            !candidate.ends_with(after))
            continue;
        const auto end = candidate.end() - std::ptrdiff_t(after.size());
        if (std::all_of(candidate.begin() + std::ptrdiff_t(before.size()), end,
                        [](unsigned char c) { return std::isdigit(c) != 0; }))
            files.push_back(file);
    }
    return files;
}

class PictureLoader : public FrameLoader {
public:
    PictureLoader(std::vector<fs::path> files, const VideoReaderOptions& options, Size size)
        : m_files(std::move(files))
        , m_maxPixels(options.maxPixels) {
        const auto count = std::int64_t(m_files.size());
        m_info.size = size;
        m_info.frameCount = count;
        m_info.fps = options.stillFps.num > 0 ? options.stillFps : Rational(25);
        m_info.isStill = count == 1;
        m_info.color = {1, 13, 0, true}; // sRGB
        m_info.hasAlpha = true;
        m_info.codec = "picture";
        m_info.timeBase = Rational(m_info.fps.den, m_info.fps.num);
        m_info.duration = Rational(count * m_info.fps.den, m_info.fps.num);
        m_timing.timeBase = m_info.timeBase;
        for (std::int64_t i = 0; i < count; ++i)
            m_timing.pts.push_back(i);
        m_timing.end = count;
    }

    Result<LoadedFrame> load(std::int64_t frame, PixelForm form) override {
        const fs::path& file = m_files[std::size_t(frame)];
        switch (form) {
        case PixelForm::Rgb8:
            return keep(readImage(file, m_maxPixels), file);
        case PixelForm::Rgba8:
            return keep(readImageRgba(file, m_maxPixels), file);
        case PixelForm::Gray8:
            return keep(readImageGray(file, m_maxPixels), file);
        case PixelForm::Rgb16:
            return keep(readImage16(file, m_maxPixels), file);
        case PixelForm::Gray16:
            return keep(readImageGray16(file, m_maxPixels), file);
        }
        return Error{};
    }

private:
    template <typename T>
    Result<LoadedFrame> keep(Result<Image<T>> image, const fs::path& file) const {
        if (!image)
            return image.error();
        if (image->size() != m_info.size)
            return Error{ErrorCode::BadFormat,
                         "The picture " + file.string() +
                             " does not have the size of the first one of its sequence."};
        LoadedFrame loaded;
        auto kept = std::make_shared<const Image<T>>(std::move(*image));
        if constexpr (sizeof(T) == 1)
            loaded.u8 = std::move(kept);
        else
            loaded.u16 = std::move(kept);
        return loaded;
    }

    std::vector<fs::path> m_files;
    std::int64_t m_maxPixels;
};

} // namespace

Result<std::unique_ptr<FrameLoader>> openPictureLoader(const fs::path& path,
                                                       const VideoReaderOptions& options) {
    std::vector<fs::path> files;
    std::error_code failed;
    if (fs::is_directory(path, failed))
        files = picturesIn(path);
    else if (fs::exists(path, failed))
        files = {path};
    else
        files = picturesLike(path);
    if (files.empty())
        return Error{ErrorCode::NotFound, "There are no pictures at " + path.string() + "."};
    STRATA_ASSIGN(const ImageU8 first, readImage(files.front(), options.maxPixels));
    return std::unique_ptr<FrameLoader>(
        std::make_unique<PictureLoader>(std::move(files), options, first.size()));
}

Result<std::unique_ptr<FrameLoader>> openLoader(const fs::path& path,
                                                const VideoReaderOptions& options) {
    std::error_code failed;
    const bool folder = fs::is_directory(path, failed);
    const bool pattern = !folder && !fs::exists(path, failed) &&
                         path.filename().string().find('%') != std::string::npos;
    if (folder || pattern || isPictureFile(path))
        return openPictureLoader(path, options);
    return openVideoLoader(path, options);
}

} // namespace strata::media
