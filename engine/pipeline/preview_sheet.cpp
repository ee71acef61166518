// SPDX-License-Identifier: Apache-2.0
#include "engine/pipeline/preview_sheet.h"

#include "engine/media/contact_sheet.h"
#include "engine/media/image_io.h"

#include <algorithm>
#include <cmath>

namespace strata {
namespace {

Status write(const std::filesystem::path& sheet, const ImageU8& picture) {
    return sheet.extension() == ".jpg" || sheet.extension() == ".jpeg" ? writeJpeg(sheet, picture)
                                                                       : writePng(sheet, picture);
}

std::shared_ptr<const ImageU8> imageOf(std::span<const float> planes, FrameShape shape) {
    auto image = std::make_shared<ImageU8>(shape.width, shape.height, 3);
    const auto plane = std::size_t(shape.width) * std::size_t(shape.height);
    for (std::size_t i = 0; i < plane; ++i)
        for (std::size_t c = 0; c < 3; ++c)
            image->data()[3 * i + c] =
                std::uint8_t(std::lround(255.f * std::clamp(planes[c * plane + i], 0.f, 1.f)));
    return image;
}

} // namespace

Status writeDraftSheet(const std::filesystem::path& sheet, const FrameStack& pictures,
                       const std::vector<int>& frames) {
    std::vector<SheetCell> cells;
    for (int i = 0; i < pictures.frames(); ++i)
        cells.push_back({imageOf(pictures.frame(i), pictures.shape()),
                         "draft of picture " + std::to_string(frames[std::size_t(i)])});
    SheetOptions options;
    options.cellWidth = 294;
    return write(sheet, makeContactSheet(cells, options));
}

Status writePreviewSheet(const std::filesystem::path& sheet, Clip& source,
                         const std::filesystem::path& result) {
    STRATA_ASSIGN(const auto edited, VideoReader::open(result));
    constexpr std::int64_t kPairs = 6;
    const std::int64_t count = std::min(source.frameCount(), edited->frameCount());
    const std::int64_t pairs = std::min(kPairs, count);
    std::vector<SheetCell> cells;
    for (std::int64_t k = 0; k < pairs; ++k) {
        const std::int64_t index = (2 * k + 1) * count / (2 * pairs);
        STRATA_ASSIGN(auto before, source.frame(index));
        STRATA_ASSIGN(auto after, edited->frame(index));
        cells.push_back(
            {std::move(before), "frame " + std::to_string(source.firstSourceFrame() + index)});
        cells.push_back({std::move(after), "edited"});
    }
    SheetOptions options;
    options.columns = source.frameSize().height > source.frameSize().width ? 6 : 4;
    options.cellWidth = options.columns == 6 ? 270 : 440;
    return write(sheet, makeContactSheet(cells, options));
}

} // namespace strata
