// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/timeline/timeline_painters.h"

#include <algorithm>
#include <cmath>

namespace strata::ui {
namespace {

/// By way of the hues between, which stay clear where a mixture of red and green turns brown.
QColor mixed(const QColor& a, const QColor& b, float t) {
    const auto between = [t](float from, float to) { return from + (to - from) * t; };
    return QColor::fromHsvF(between(a.hsvHueF(), b.hsvHueF()),
                            between(a.hsvSaturationF(), b.hsvSaturationF()),
                            between(a.valueF(), b.valueF()));
}

/// Calls draw(left, right, value) for every run of equal values of the pixel columns of `row`.
template <typename Value, typename Draw>
void forRuns(QRect row, double pixel, Value&& value, Draw&& draw) {
    const int columns = int(std::lround(row.width() / pixel));
    int start = 0;
    auto current = columns > 0 ? value(row.x() * 1.0, row.x() + pixel) : decltype(value(0., 0.)){};
    for (int i = 1; i <= columns; ++i) {
        const double x = row.x() + i * pixel;
        if (i < columns) {
            const auto next = value(x, x + pixel);
            if (next == current)
                continue;
            draw(row.x() + start * pixel, x, current);
            current = next;
            start = i;
        } else {
            draw(row.x() + start * pixel, x, current);
        }
    }
}

QColor cacheColor(const ThemeColors& colors, int state) {
    switch (CacheState(state)) {
    case CacheState::Decoded:
        return colors.decoded;
    case CacheState::Decomposed:
        return colors.decomposed;
    case CacheState::Rendered:
        break;
    }
    return colors.rendered;
}

/// Ranges that come closer than a pixel are drawn as one: a clip may have thousands.
void paintRanges(const TimelinePaint& paint, const TimelineTrack& track, QRect place) {
    const FrameRange visible = paint.visible();
    const QColor color = trackColor(paint.colors, track);
    QColor fill = color;
    fill.setAlphaF(0.55F);
    const auto draw = [&](double left, double right) {
        const double width = std::max(right - left, 1.0);
        paint.painter.fillRect(QRectF(left, place.y() + 4, width, place.height() - 8), fill);
        paint.painter.fillRect(QRectF(left, place.y() + 4, width, 2), color);
    };
    auto range =
        std::lower_bound(track.ranges.begin(), track.ranges.end(), visible.begin,
                         [](const FrameRange& r, std::int64_t frame) { return r.end <= frame; });
    double left = 0;
    double right = -1;
    for (; range != track.ranges.end() && range->begin < visible.end; ++range) {
        const double from = paint.scale.x(double(std::max(range->begin, visible.begin)));
        const double to = paint.scale.x(double(std::min(range->end, visible.end)));
        if (right >= left && from - right > paint.pixel()) {
            draw(left, right);
            left = from;
        } else if (right < left) {
            left = from;
        }
        right = to;
    }
    if (right >= left)
        draw(left, right);
}

/// A tick under every frame that was painted, never too narrow to be seen.
void paintStrokeTicks(const TimelinePaint& paint, const TimelineTrack& track, QRect place) {
    const FrameRange visible = paint.visible();
    const double width = std::clamp(paint.scale.pointsPerFrame() - 1, 2.0, 6.0);
    const double top = place.y() + place.height() - 8;
    auto frame = std::lower_bound(track.painted.begin(), track.painted.end(), visible.begin);
    for (; frame != track.painted.end() && *frame < visible.end; ++frame) {
        const double center = paint.scale.x(double(*frame) + 0.5);
        paint.painter.fillRect(QRectF(center - width / 2, top, width, 5), paint.colors.text);
    }
}

} // namespace

QColor trackColor(const ThemeColors& colors, const TimelineTrack& track) {
    if (track.color.isValid())
        return track.color;
    switch (track.kind) {
    case TrackKind::Scene:
        return colors.scene;
    case TrackKind::Person:
        return colors.human;
    case TrackKind::Occluder:
        return colors.occluder;
    case TrackKind::Motion:
        break;
    }
    return colors.motion;
}

QColor confidenceColor(const ThemeColors& colors, float confidence) {
    const float t = std::clamp(confidence, 0.0F, 1.0F);
    return t < 0.5F ? mixed(colors.error, colors.marker, t * 2)
                    : mixed(colors.marker, colors.rendered, t * 2 - 1);
}

float lowestConfidence(const std::vector<float>& confidence, FrameRange frames) {
    frames = frames.intersected({0, std::int64_t(confidence.size())});
    float lowest = -1;
    for (std::int64_t i = frames.begin; i < frames.end; ++i)
        if (const float c = confidence[std::size_t(i)]; c >= 0 && (lowest < 0 || c < lowest))
            lowest = c;
    return lowest;
}

void paintCache(const TimelinePaint& paint) {
    const QRect row = paint.layout.row(TimelineRow::Cache);
    const double pixel = paint.pixel();
    const FrameRange visible = paint.visible();
    std::vector<std::uint8_t> columns(std::size_t(std::lround(row.width() / pixel)), 0);
    const auto column = [&](std::int64_t frame) {
        const double place = (paint.scale.x(double(frame)) - row.x()) / pixel;
        return std::size_t(std::clamp(place + 0.5, 0.0, double(columns.size())));
    };
    for (const CacheRange& range : paint.model.cache) {
        const FrameRange frames = range.frames.intersected(visible);
        if (frames.empty())
            continue;
        const std::size_t first = column(frames.begin);
        const std::size_t end = std::min(std::max(column(frames.end), first + 1), columns.size());
        for (std::size_t i = first; i < end; ++i)
            columns[i] = std::max(columns[i], std::uint8_t(range.state));
    }
    forRuns(
        row, pixel,
        [&](double left, double) {
            return columns[std::min(std::size_t((left - row.x()) / pixel + 0.5),
                                    columns.size() - 1)];
        },
        [&](double left, double right, std::uint8_t state) {
            if (state > 0)
                paint.painter.fillRect(QRectF(left, row.y() + 2, right - left, row.height() - 4),
                                       cacheColor(paint.colors, state));
        });
}

void paintConfidence(const TimelinePaint& paint) {
    const QRect row = paint.layout.row(TimelineRow::Confidence);
    constexpr int kSteps = 32;
    forRuns(
        row, paint.pixel(),
        [&](double left, double right) {
            const std::int64_t first = paint.scale.frameAt(left);
            const std::int64_t end = std::max(first + 1, paint.scale.frameAt(right));
            const float lowest = lowestConfidence(paint.model.confidence, {first, end});
            return lowest < 0 ? -1 : int(std::lround(std::min(lowest, 1.0F) * kSteps));
        },
        [&](double left, double right, int step) {
            if (step < 0)
                return;
            const double confidence = double(step) / kSteps;
            const QColor color = confidenceColor(paint.colors, float(confidence));
            const double height = 2 + (row.height() - 4) * confidence;
            paint.painter.fillRect(
                QRectF(left, row.y() + row.height() - 1 - height, right - left, height), color);
        });
}

void paintTracks(const TimelinePaint& paint) {
    for (std::size_t i = 0; i < paint.model.tracks.size(); ++i) {
        const TimelineTrack& track = paint.model.tracks[i];
        const QRect place = paint.layout.track(int(i));
        if (track.id == paint.model.selectedTrack) {
            QColor ground = paint.colors.accent;
            ground.setAlphaF(0.14F);
            paint.painter.fillRect(place, ground);
        }
        paint.painter.fillRect(QRectF(place.x(), place.y() + place.height() - 1, place.width(), 1),
                               paint.colors.panel);
        paintRanges(paint, track, place);
        paintStrokeTicks(paint, track, place);
    }
}

} // namespace strata::ui
