// SPDX-License-Identifier: Apache-2.0
#include "ui/panels/layers/person_portrait.h"

#include <QRect>

#include <algorithm>
#include <cstdint>

namespace strata::ui {
namespace {

constexpr int kSeen = 128;          // of the matte
constexpr int kLeastHeight = 24;    // of the person, in pixels of the image
constexpr double kLeastShape = 1.4; // height of a person over its width: lying or cut ones are none
constexpr double kHead = 0.13;      // of the person's height: rows that tell where the head is …
constexpr double kPortrait = 0.26;  // … and the side of what is shown

struct Extent {
    QRect box;
    double headX = 0; // middle of the uppermost rows
};

std::optional<Extent> extentOf(const ImageU8& matte) {
    int left = matte.width(), right = -1, top = -1, bottom = -1;
    for (int y = 0; y < matte.height(); ++y) {
        const std::uint8_t* row = matte.pixel(0, y);
        const auto seen = [](std::uint8_t value) { return value >= kSeen; };
        const auto* first = std::find_if(row, row + matte.width(), seen);
        if (first == row + matte.width())
            continue;
        int last = matte.width() - 1;
        while (row[last] < kSeen)
            --last;
        left = std::min(left, int(first - row));
        right = std::max(right, last);
        top = top < 0 ? y : top;
        bottom = y;
    }
    if (top <= 0 || bottom - top < kLeastHeight) // cut by the picture's edge: no head
        return {};
    Extent result{QRect(QPoint(left, top), QPoint(right, bottom)), 0};
    double sum = 0, count = 0;
    for (int y = top; y <= top + int(kHead * result.box.height()); ++y)
        for (int x = left; x <= right; ++x)
            if (*matte.pixel(x, y) >= kSeen) {
                sum += x;
                ++count;
            }
    result.headX = sum / count;
    return result;
}

} // namespace

std::optional<PersonPortrait> portraitOf(const FrameLayers& frame, int side) {
    const auto& matte = frame.human ? frame.human : frame.alpha;
    if (!matte || !frame.source || matte->size() != frame.source->size())
        return {};
    const auto extent = extentOf(*matte);
    if (!extent || extent->box.height() < kLeastShape * extent->box.width())
        return {};
    const double part = kPortrait * extent->box.height();
    const QRect cut = QRect(int(extent->headX - part / 2), int(extent->box.top() - 0.12 * part),
                            int(part), int(part));
    const ImageU8& source = *frame.source;
    const QImage whole(source.data(), source.width(), source.height(), source.width() * 3,
                       QImage::Format_RGB888);
    if (cut.width() < 8 || !whole.rect().contains(cut))
        return {};
    return PersonPortrait{
        whole.copy(cut).scaled(side, side, Qt::IgnoreAspectRatio, Qt::SmoothTransformation),
        part * frame.reduction};
}

} // namespace strata::ui
