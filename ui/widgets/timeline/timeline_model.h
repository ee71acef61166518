// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/time.h"

#include <QColor>
#include <QImage>
#include <QString>

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

namespace strata::ui {

struct TimelineMarker {
    std::int64_t id = 0; // the owner's
    std::int64_t frame = 0;
    QString name;
    QColor color; // invalid: the theme's marker colour
    bool operator==(const TimelineMarker&) const = default;
};

enum class TrackKind { Scene, Person, Occluder, Motion };

struct TimelineTrack {
    std::int64_t id = 0; // the owner's
    QString name;
    TrackKind kind = TrackKind::Scene;
    QColor color;                           // invalid: the theme's colour of the kind
    std::vector<FrameRange> ranges;         // where there is something; rising, without overlap
    std::vector<std::int64_t> painted = {}; // frames that the brush mended; rising, each once
    bool operator==(const TimelineTrack&) const = default;
};

/// How far the frames of a range have come; each state includes the ones before it.
enum class CacheState { Decoded = 1, Decomposed, Rendered };

struct CacheRange {
    FrameRange frames;
    CacheState state = CacheState::Decoded;
    bool operator==(const CacheRange&) const = default;
};

/// Lowest and highest sample of a stretch of sound, -1..1.
struct SoundPeak {
    float low = 0;
    float high = 0;
};

/// What the timeline shows. Plain values: whoever owns the document fills it, and answers the
/// widget's signals by setting it anew.
struct TimelineModel {
    std::int64_t frameCount = 0;
    Rational rate{25, 1}; // frames a second
    FrameRange inOut;     // what is played and rendered; empty: the whole clip
    bool loop = false;
    std::int64_t currentFrame = 0;
    std::vector<TimelineMarker> markers; // any order
    std::vector<TimelineTrack> tracks;   // top to bottom
    std::int64_t selectedTrack = -1;     // id
    std::vector<float> confidence;       // of frame i, 0..1; negative or missing: not known
    std::vector<CacheRange> cache;       // any order
};

/// Where pictures and sound come from. Called in the GUI thread while painting, so every function
/// answers at once with what is there; an empty function leaves its row out.
struct TimelineMedia {
    /// The picture of `frame` or of the nearest frame there is; null when there is none yet.
    std::function<QImage(std::int64_t frame)> thumbnail;
    /// The frames shown now, most wanted first, and the height of their pictures in pixels. Answer
    /// with TimelineWidget::refreshThumbnails() when some of them have come.
    std::function<void(std::vector<std::int64_t> frames, int height)> wantThumbnails;
    /// The sound from one point to another, in frames from the start of the clip (not always
    /// whole); nothing where it is not known yet.
    std::function<std::optional<SoundPeak>(double fromFrame, double toFrame)> sound;
    double pictureAspect = 16.0 / 9.0; // width by height of the thumbnails
};

} // namespace strata::ui
