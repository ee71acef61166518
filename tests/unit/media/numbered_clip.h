// SPDX-License-Identifier: Apache-2.0
// Clips whose frames carry their number as a row of black and white blocks, so that a test can read
// which one it got.
#pragma once

#include "engine/media/video_reader.h"
#include "engine/media/video_writer.h"
#include "tests/support/wave_file.h"

#include <QTemporaryDir>

#include <filesystem>
#include <fstream>

namespace clips {
using namespace strata;

inline constexpr int bits = 10;

inline ImageU8 numbered(std::int64_t number, Size size) {
    ImageU8 image(size.width, size.height, 3);
    const int block = size.width / bits;
    for (int y = 0; y < size.height; ++y)
        for (int x = 0; x < size.width; ++x) {
            const int bit = std::min(x / block, bits - 1);
            const bool on = y < size.height / 2 && (number >> bit & 1);
            std::uint8_t* p = image.pixel(x, y);
            p[0] = std::uint8_t(on ? 235 : 20 + x % 32);
            p[1] = std::uint8_t(on ? 235 : 20 + y % 32);
            p[2] = std::uint8_t(on ? 235 : (number * 5) % 64);
        }
    return image;
}

inline std::int64_t numberIn(const ImageU8& image) {
    const int block = image.width() / bits;
    std::int64_t number = 0;
    for (int bit = 0; bit < bits; ++bit)
        if (image.at(bit * block + block / 2, image.height() / 4, 1) > 128)
            number |= 1 << bit;
    return number;
}

/// A clip of `count` frames; true if it was written.
inline Status make(const std::filesystem::path& path, VideoWriterOptions options,
                   std::int64_t count, std::int64_t firstNumber = 0) {
    auto writer = VideoWriter::open(path, options);
    if (!writer)
        return writer.error();
    for (std::int64_t i = 0; i < count; ++i)
        STRATA_TRY((*writer)->write(i, numbered(firstNumber + i, options.size)));
    return (*writer)->finish();
}

inline VideoWriterOptions small(Size size = {160, 96}) {
    VideoWriterOptions options;
    options.size = size;
    return options;
}

/// Mono; sample i holds i modulo 10000.
inline void writeWav(const std::filesystem::path& path, std::uint32_t samples,
                     std::uint32_t rate = 8000) {
    std::ofstream(path, std::ios::binary)
        << test::waveFile(int(rate), 1, int(samples), [](int i, int) { return i % 10000; });
}

inline std::size_t entries(const std::filesystem::path& folder) {
    return std::size_t(std::distance(std::filesystem::directory_iterator(folder),
                                     std::filesystem::directory_iterator()));
}

inline double psnr(const ImageU8& a, const ImageU8& b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.count(); ++i)
        sum += double(a.data()[i] - b.data()[i]) * (a.data()[i] - b.data()[i]);
    return sum == 0 ? 99.0 : 10 * std::log10(255.0 * 255.0 * double(a.count()) / sum);
}

} // namespace clips
