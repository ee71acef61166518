// SPDX-License-Identifier: Apache-2.0
#include "engine/pipeline/preview_sheet.h"

#include "engine/media/contact_sheet.h"
#include "engine/media/image_io.h"

#include <algorithm>

namespace strata {

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
    const ImageU8 picture = makeContactSheet(cells, options);
    return sheet.extension() == ".jpg" || sheet.extension() == ".jpeg" ? writeJpeg(sheet, picture)
                                                                       : writePng(sheet, picture);
}

} // namespace strata
