// SPDX-License-Identifier: Apache-2.0
#include "engine/synth/diffusion/roi_clips.h"

#include "engine/synth/diffusion/square_pad.h"

#include <algorithm>
#include <limits>

namespace strata {
namespace {

RectI unionOf(const RectI& a, const RectI& b) {
    return {std::min(a.x0, b.x0), std::min(a.y0, b.y0), std::max(a.x1, b.x1), std::max(a.y1, b.y1)};
}

/// Unlike an empty box, this one disappears in a union.
constexpr RectI kNothing{10000000, 10000000, 0, 0};

double areaOf(const RectI& box) { return double(std::int64_t(box.width()) * box.height()) / 100.0; }

void makeEven(RectI& box) {
    box.y1 += box.height() % 2;
    box.x1 += box.width() % 2;
}

/// The person's bounds with margins, cut at the frame's borders.
RectI withMargins(const RectI& bounds, Size frame, const RoiConfig& config) {
    const int dy = int(config.padHeight * bounds.height());
    const int dx = int(config.padWidth * bounds.width());
    return {std::max(0, bounds.x0 - dx), std::max(0, bounds.y0 - dy),
            std::min(frame.width, bounds.x1 + dx), std::min(frame.height, bounds.y1 + dy)};
}

/// The boxes of the frames that a clip has so far.
class GrowingBox {
public:
    /// Whether the clip can go on with a frame of this box.
    bool accepts(const RectI& roi, double splitRatio) const {
        const double whole = areaOf(unionOf(m_box, roi));
        return m_areas <= 0.0 || whole <= 0.0 || !(m_smallest / whole < splitRatio);
    }
    void add(const RectI& roi) {
        m_box = unionOf(m_box, roi);
        m_areas += areaOf(roi);
        m_smallest = std::min(m_smallest, areaOf(roi));
    }
    const RectI& box() const { return m_box; }

private:
    RectI m_box = kNothing;
    double m_areas = 0.0;
    double m_smallest = std::numeric_limits<double>::infinity();
};

/// Adds the clip [first, end), prolonged backwards into the one before.
void emitClip(std::vector<RoiClip>& clips, std::int64_t first, std::int64_t end, const RectI& box,
              int overlap) {
    const auto before = clips.empty() ? 0 : int(clips.back().frames.size());
    const int shared = std::min(overlap, before);
    clips.push_back({{first - shared, end}, shared, box});
}

/// Cuts the frames where their boxes no longer fit one box: emit(first, end, box) for each run.
/// A run that begins at `first` may end before frame i only where mayCut(first, i).
template <typename MayCut, typename Emit>
void cutByBoxes(std::span<const RectI> rois, double splitRatio, const MayCut& mayCut,
                const Emit& emit) {
    GrowingBox growing;
    std::int64_t first = 0;
    const auto count = std::int64_t(rois.size());
    for (std::int64_t i = 0; i < count; ++i) {
        const RectI& roi = rois[std::size_t(i)];
        if (mayCut(first, i) && !growing.accepts(roi, splitRatio)) {
            emit(first, i, growing.box());
            growing = {};
            first = i;
        }
        growing.add(roi);
    }
    emit(first, count, growing.box());
}

std::vector<RoiClip> releaseClips(std::span<const RectI> rois, const RoiConfig& config) {
    std::vector<RoiClip> clips;
    const auto count = std::int64_t(rois.size());
    cutByBoxes(
        rois, config.splitRatio,
        // The last frame is never asked: it joins whatever clip there is.
        [&](std::int64_t, std::int64_t i) { return i + 1 < count; },
        [&](std::int64_t first, std::int64_t end, const RectI& box) {
            emitClip(clips, first, end, box, config.overlap);
        });
    return clips;
}

/// Frames without a person take the box of the frame before, those at the start of the first with.
bool fillGaps(std::vector<RectI>& rois) {
    const auto there = [](const RectI& roi) { return !roi.empty(); };
    const auto known = std::find_if(rois.begin(), rois.end(), there);
    if (known == rois.end())
        return false;
    RectI last = *known;
    for (RectI& roi : rois) {
        if (roi.empty())
            roi = last;
        last = roi;
    }
    return true;
}

/// Adds the frames [first, end) as equal clips that are not too long.
void emitParts(std::vector<RoiClip>& clips, std::int64_t first, std::int64_t end,
               const RoiConfig& config) {
    const int most =
        std::max(config.longestClip - config.overlap, std::max(1, config.shortestClip));
    const std::int64_t count = end - first, parts = (count + most - 1) / most;
    for (std::int64_t part = 0; part < parts; ++part)
        emitClip(clips, first + count * part / parts, first + count * (part + 1) / parts, {},
                 config.overlap);
}

std::vector<RoiClip> coveringClips(const std::vector<RectI>& rois, const RoiConfig& config) {
    const int shortest = std::max(1, config.shortestClip);
    std::vector<RoiClip> clips;
    const auto count = std::int64_t(rois.size());
    cutByBoxes(
        rois, config.splitRatio,
        [&](std::int64_t first, std::int64_t i) {
            return i - first >= shortest && count - i >= shortest;
        },
        [&](std::int64_t first, std::int64_t end, const RectI&) {
            emitParts(clips, first, end, config);
        });
    for (RoiClip& clip : clips) { // the repeated frames count like the others
        clip.box = kNothing;
        for (auto frame = clip.frames.begin; frame < clip.frames.end; ++frame)
            clip.box = unionOf(clip.box, rois[std::size_t(frame)]);
    }
    return clips;
}

} // namespace

RectI frameRoi(const RectI& bounds, Size frame, const RoiConfig& config) {
    RectI box = withMargins(bounds, frame, config);
    makeEven(box); // may reach one pixel too far, until the frame's borders cut it below
    const SquarePad pad = squarePad({box.width(), box.height()});
    return {std::max(0, box.x0 - pad.left), std::max(0, box.y0 - pad.top),
            std::min(frame.width, box.x1 + pad.right), std::min(frame.height, box.y1 + pad.bottom)};
}

Result<std::vector<RoiClip>> roiClips(std::span<const RectI> rois, const RoiConfig& config) {
    if (rois.empty())
        return Error{ErrorCode::NothingToDo, "There are no frames to generate."};
    if (config.rule == RoiRule::Release)
        return releaseClips(rois, config);
    std::vector<RectI> filled(rois.begin(), rois.end());
    if (!fillGaps(filled))
        return Error{ErrorCode::NothingToDo, "The motion shows no person in any frame."};
    return coveringClips(filled, config);
}

RectI cropBox(const RoiClip& clip, Size frame) {
    return clip.box.empty() ? RectI{0, 0, frame.width - 1, frame.height - 1} : clip.box;
}

RectI animationBox(std::span<const RectI> bounds, Size frame, const RoiConfig& config) {
    RectI box = kNothing;
    for (const RectI& one : bounds)
        box = unionOf(box, withMargins(one, frame, config));
    makeEven(box);
    return {box.x0, box.y0, std::min(box.x1, frame.width), std::min(box.y1, frame.height)};
}

} // namespace strata
