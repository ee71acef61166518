// SPDX-License-Identifier: Apache-2.0
#include "engine/eval/person_score.h"

#include "engine/eval/similarity.h"

#include <algorithm>

namespace strata {
namespace {

constexpr int kLeastBox = 32;

/// [low, high) grown to `least` within [0, end).
void grow(int& low, int& high, int least, int end) {
    const int missing = std::max(least - (high - low), 0);
    low = std::max(low - missing / 2, 0);
    high = std::min(std::max(high, low + least), end);
    low = std::max(std::min(low, high - least), 0);
}

ImageU8 cut(const ImageU8& image, const RectI& box) {
    ImageU8 out(box.width(), box.height(), image.channels());
    for (int y = 0; y < out.height(); ++y)
        std::copy_n(image.pixel(box.x0, box.y0 + y), out.count() / std::size_t(out.height()),
                    out.row(y));
    return out;
}

Status checkLength(std::span<const ImageU8> pictures, const TrueClip& truth) {
    const std::size_t count = truth.frames.size();
    if (pictures.size() != count || truth.person.size() != count ||
        truth.motion.size() + 1 != std::max<std::size_t>(count, 1))
        return Error{ErrorCode::ShapeMismatch, "A clip and the truth about it differ in length."};
    return ok();
}

} // namespace

RectI boxOf(const ImageU8& mask, int margin) {
    RectI box{mask.width(), mask.height(), 0, 0};
    for (int y = 0; y < mask.height(); ++y)
        for (int x = 0; x < mask.width(); ++x)
            if (mask.at(x, y) > 127)
                box = {std::min(box.x0, x), std::min(box.y0, y), std::max(box.x1, x + 1),
                       std::max(box.y1, y + 1)};
    if (box.empty())
        return {};
    box = {std::max(box.x0 - margin, 0), std::max(box.y0 - margin, 0),
           std::min(box.x1 + margin, mask.width()), std::min(box.y1 + margin, mask.height())};
    grow(box.x0, box.x1, kLeastBox, mask.width());
    grow(box.y0, box.y1, kLeastBox, mask.height());
    return box;
}

Status PersonScore::addFrame(const ImageU8& picture, const TrueClip& truth, std::size_t index) {
    const ImageU8& frame = truth.frames[index];
    if (picture.size() != frame.size() || picture.channels() != frame.channels())
        return Error{ErrorCode::ShapeMismatch,
                     "The drawn frames are not as large as the true ones."};
    const RectI box = boxOf(truth.person[index]);
    if (box.empty())
        return ok();
    const ImageU8 drawn = cut(picture, box), seen = cut(frame, box);
    STRATA_TRY(m_boxes.add(drawn, seen));
    if (const auto similarity = multiScaleSimilarity(picture, frame))
        m_multiScale += {*similarity, 1};
    if (index % std::size_t(m_every) != 0)
        return ok();
    for (std::size_t i = 0; i < m_distances.size(); ++i) {
        STRATA_ASSIGN(const double distance, m_distances[i].between(drawn, seen));
        m_distance[i] += {distance, 1};
    }
    return ok();
}

Status SteadinessScore::add(std::span<const ImageU8> pictures, const TrueClip& truth) {
    STRATA_TRY(checkLength(pictures, truth));
    for (std::size_t i = 0; i + 1 < pictures.size(); ++i) {
        STRATA_ASSIGN(const RunningMean error,
                      warpingError(pictures[i], pictures[i + 1], truth.motion[i]));
        warping += error;
        if (i == 0)
            continue;
        STRATA_ASSIGN(const RunningMean change, flickerInside(pictures[i - 1], pictures[i],
                                                              pictures[i + 1], truth.person[i]));
        flicker += change;
    }
    return ok();
}

SteadinessScore& SteadinessScore::operator+=(const SteadinessScore& other) {
    flicker += other.flicker;
    warping += other.warping;
    return *this;
}

Status PersonScore::add(std::span<const ImageU8> pictures, const TrueClip& truth) {
    STRATA_TRY(checkLength(pictures, truth));
    for (std::size_t i = 0; i < pictures.size(); ++i)
        STRATA_TRY(addFrame(pictures[i], truth, i));
    return m_steadiness.add(pictures, truth);
}

PersonScore& PersonScore::operator+=(const PersonScore& other) {
    m_boxes += other.m_boxes;
    m_multiScale += other.m_multiScale;
    m_steadiness += other.m_steadiness;
    for (std::size_t i = 0; i < m_distance.size(); ++i)
        m_distance[i] += other.m_distance[i];
    return *this;
}

PersonFigures PersonScore::figures() const {
    PersonFigures out{m_boxes.pictures(),          m_boxes.psnr(),
                      m_boxes.meanPsnr(),          m_boxes.similarity(),
                      m_multiScale.mean(),         m_steadiness.flicker.mean(),
                      m_steadiness.warping.mean(), {}};
    for (const RunningMean& distance : m_distance)
        out.distances.push_back(distance.mean());
    return out;
}

} // namespace strata
