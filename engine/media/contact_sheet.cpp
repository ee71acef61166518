// SPDX-License-Identifier: Apache-2.0
#include "engine/media/contact_sheet.h"

#include "engine/media/opencv.h"
#include "engine/media/resize.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>

namespace strata {
namespace {

constexpr int labelHeight = 28;

/// RGB whatever it was; alpha over a middle gray.
cv::Mat asRgb(const ImageU8& image) {
    cv::Mat rgb;
    if (image.channels() == 1) {
        cv::cvtColor(matView(image), rgb, cv::COLOR_GRAY2RGB);
        return rgb;
    }
    if (image.channels() == 3)
        return matView(image).clone();
    ImageU8 flat(image.width(), image.height(), 3);
    for (std::size_t i = 0; i < std::size_t(image.width()) * std::size_t(image.height()); ++i) {
        const std::uint8_t* in = image.data() + 4 * i;
        for (int c = 0; c < 3; ++c)
            flat.data()[3 * i + std::size_t(c)] =
                std::uint8_t((in[c] * in[3] + 128 * (255 - in[3]) + 127) / 255);
    }
    return matView(flat).clone();
}

void drawLabel(cv::Mat sheet, const std::string& label, cv::Point corner, int width) {
    double scale = 0.6;
    int baseline = 0;
    const cv::Size text = cv::getTextSize(label, cv::FONT_HERSHEY_SIMPLEX, scale, 1, &baseline);
    if (text.width > width - 8)
        scale *= double(width - 8) / text.width;
    cv::putText(sheet, label, corner + cv::Point(4, labelHeight - 9), cv::FONT_HERSHEY_SIMPLEX,
                scale, cv::Scalar(225, 225, 225), 1, cv::LINE_AA);
}

} // namespace

ImageU8 makeContactSheet(const std::vector<SheetCell>& cells, SheetOptions options) {
    const auto first = std::find_if(cells.begin(), cells.end(), [](const SheetCell& cell) {
        return cell.image && !cell.image->empty();
    });
    if (first == cells.end())
        return {};
    const int columns = std::clamp(options.columns, 1, int(cells.size()));
    const int rows = (int(cells.size()) + columns - 1) / columns;
    const int width = std::max(16, options.cellWidth);
    const Size shape = first->image->size();
    const int height = std::max(1, int(std::int64_t(width) * shape.height / shape.width));
    const int gap = std::max(0, options.gap);

    ImageU8 sheet(gap + columns * (width + gap), gap + rows * (height + labelHeight + gap), 3, 32);
    cv::Mat canvas = matView(sheet);
    for (std::size_t i = 0; i < cells.size(); ++i) {
        const cv::Point corner(gap + int(i) % columns * (width + gap),
                               gap + int(i) / columns * (height + labelHeight + gap));
        drawLabel(canvas, cells[i].label, corner + cv::Point(0, height), width);
        if (!cells[i].image || cells[i].image->empty())
            continue;
        const Size fitted = fittedSize(cells[i].image->size(), {width, height});
        const cv::Rect place(corner.x + (width - fitted.width) / 2,
                             corner.y + (height - fitted.height) / 2, fitted.width, fitted.height);
        cv::resize(asRgb(*cells[i].image), canvas(place), place.size(), 0, 0, cv::INTER_AREA);
    }
    return sheet;
}

} // namespace strata
