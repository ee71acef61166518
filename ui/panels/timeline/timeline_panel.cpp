// SPDX-License-Identifier: Apache-2.0
#include "ui/panels/timeline/timeline_panel.h"

#include "ui/bridge/color.h"
#include "ui/bridge/text.h"
#include "ui/commands/marker_commands.h"
#include "ui/commands/range_commands.h"
#include "ui/panels/layers/layer_rows.h"

#include <QVBoxLayout>

#include <algorithm>

namespace strata::ui {
namespace {

constexpr int kCacheDelayMs = 200;

TrackKind kindOf(const Layer& layer) {
    switch (layer.kind) {
    case strata::LayerKind::Scene:
        return TrackKind::Scene;
    case strata::LayerKind::Occluder:
        return TrackKind::Occluder;
    case strata::LayerKind::Person:
        break;
    }
    return TrackKind::Person;
}

std::vector<FrameRange> rangesOf(const Project& project, const Layer& layer,
                                 const LayerStore& store) {
    if (layer.kind == strata::LayerKind::Scene)
        return store.ranges(LayerKind::Plate);
    if (layer.kind == strata::LayerKind::Occluder)
        return store.ranges(LayerKind::Occluder);
    const Person* person = layer.person ? project.find(*layer.person) : nullptr;
    return person ? person->tracks : std::vector<FrameRange>();
}

std::vector<std::int64_t> paintedFrames(const Project& project, LayerId layer) {
    std::vector<std::int64_t> frames;
    for (const Stroke& stroke : project.strokes)
        if (stroke.layer == layer)
            frames.push_back(stroke.frame);
    std::sort(frames.begin(), frames.end());
    frames.erase(std::unique(frames.begin(), frames.end()), frames.end());
    return frames;
}

} // namespace

TimelinePanel::TimelinePanel(Session& session, QWidget* parent)
    : QWidget(parent)
    , m_session(session)
    , m_timeline(new TimelineWidget(this)) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_timeline);
    m_cacheDelay.setSingleShot(true);
    m_cacheDelay.setInterval(kCacheDelayMs);
    connect(&m_cacheDelay, &QTimer::timeout, this, &TimelinePanel::showCaches);
    connect(&m_thumbnails, &ThumbnailProvider::thumbnailReady, m_timeline,
            &TimelineWidget::refreshThumbnails);
    connect(&m_sound, &SoundProvider::ready, m_timeline, &TimelineWidget::refreshSound);
    connectUser();
    connectDocument();
    showClip();
}

void TimelinePanel::connectUser() {
    PlaybackClock& clock = m_session.player().clock();
    const auto range = [this] { return RangeCommands(m_session.document()); };
    const auto markers = [this] { return MarkerCommands(m_session.document()); };
    connect(m_timeline, &TimelineWidget::scrubStarted, &clock, &PlaybackClock::stop);
    connect(m_timeline, &TimelineWidget::frameRequested, &clock, &PlaybackClock::seek);
    connect(m_timeline, &TimelineWidget::inOutChanged, this, [=, this](FrameRange to, int number) {
        m_session.check(to.empty() ? range().clear() : range().set(to, gestureOf(number)));
    });
    connect(m_timeline, &TimelineWidget::loopToggled, this,
            [=, this](bool on) { m_session.check(range().setLoop(on)); });
    connect(m_timeline, &TimelineWidget::markerAdded, this, [=, this](qint64 frame) {
        const auto count = std::int64_t(m_session.document().project().markers.size());
        m_session.check(markers().add(frame, {}, labelColor(count)));
    });
    connect(m_timeline, &TimelineWidget::markerMoved, this,
            [=, this](qint64 id, qint64 frame, int number) {
                m_session.check(markers().move(MarkerId{id}, frame, gestureOf(number)));
            });
    connect(m_timeline, &TimelineWidget::markerRemoved, this,
            [=, this](qint64 id) { m_session.check(markers().remove(MarkerId{id})); });
    connect(m_timeline, &TimelineWidget::markerRenamed, this,
            [=, this](qint64 id, const QString& name) {
                m_session.check(markers().rename(MarkerId{id}, name.toStdString()));
            });
    connect(m_timeline, &TimelineWidget::markerRecolored, this,
            [=, this](qint64 id, const QColor& c) {
                m_session.check(markers().setColor(MarkerId{id}, toLabelColor(c)));
            });
    connect(m_timeline, &TimelineWidget::trackSelected, this, [this](qint64 id) {
        if (m_session.document().project().find(LayerId{id}))
            m_session.setCurrentLayer(LayerId{id});
    });
}

void TimelinePanel::connectDocument() {
    Document& document = m_session.document();
    Player& player = m_session.player();
    connect(&player, &Player::opened, this, &TimelinePanel::showClip);
    connect(&document, &Document::projectReplaced, this, &TimelinePanel::showClip);
    connect(&document, &Document::clipChanged, this, &TimelinePanel::showClip);
    connect(&document, &Document::rangeChanged, this, &TimelinePanel::showRange);
    connect(&document, &Document::markersChanged, this, &TimelinePanel::showMarkers);
    for (auto signal : {&Document::layersChanged, &Document::peopleChanged})
        connect(&document, signal, this, &TimelinePanel::showTracks);
    connect(&document, &Document::layerChanged, this, &TimelinePanel::showTracks);
    connect(&document, &Document::personChanged, this, &TimelinePanel::showTracks);
    connect(&document, &Document::strokesChanged, this, &TimelinePanel::showTracks);
    connect(&m_session, &Session::currentLayerChanged, this, [this] {
        const auto layer = m_session.currentLayer();
        m_timeline->setSelectedTrack(layer ? number(*layer) : -1);
    });
    connect(&m_session, &Session::confidenceChanged, this,
            [this] { m_timeline->setConfidence(m_session.confidence()); });
    const auto later = [this] {
        if (!m_cacheDelay.isActive())
            m_cacheDelay.start();
    };
    connect(&player.layers(), &LayerStore::layerChanged, this, later);
    connect(&player.provider(), &FrameProvider::cacheChanged, this, later);
    connect(&player.clock(), &PlaybackClock::frameChanged, m_timeline,
            &TimelineWidget::setCurrentFrame);
}

/// One gesture of the widget is one of ours.
Gesture TimelinePanel::gestureOf(int number) {
    if (number != m_lastGesture)
        m_gesture.end();
    m_lastGesture = number;
    return m_gesture.current();
}

void TimelinePanel::showClip() {
    const MediaItem* clip = m_session.document().project().clipItem();
    const Player& player = m_session.player();
    TimelineModel model;
    if (clip) {
        model.frameCount = clip->facts.frameCount;
        model.rate = clip->facts.rate;
    }
    m_timeline->setModel(model);
    m_thumbnails.setClip(clip ? clip->path : std::filesystem::path());
    m_hasSound = clip && clip->facts.hasAudio && player.isOpen();
    m_sound.setClip(m_hasSound ? clip->path : std::filesystem::path(), player.info().startTime);
    TimelineMedia media;
    if (clip) {
        media.pictureAspect = double(clip->facts.size.width) / std::max(1, clip->facts.size.height);
        media.thumbnail = [this](std::int64_t frame) { return m_thumbnails.nearest(frame); };
        media.wantThumbnails = [this](std::vector<std::int64_t> frames, int height) {
            m_thumbnails.request(std::move(frames), height);
        };
        if (m_hasSound)
            media.sound = [this, rate = model.rate.value()](double from, double to) {
                return m_sound.between(from / rate, to / rate);
            };
    }
    m_timeline->setMedia(std::move(media));
    m_timeline->setConfidence(m_session.confidence());
    showRange();
    showMarkers();
    showTracks();
    showCaches();
}

void TimelinePanel::showRange() {
    const Project& project = m_session.document().project();
    m_timeline->setInOut(project.range);
    m_timeline->setLoop(project.loop);
    PlaybackClock& clock = m_session.player().clock();
    clock.setRange(project.range);
    clock.setLoop(project.loop);
}

void TimelinePanel::showMarkers() {
    std::vector<TimelineMarker> markers;
    for (const Marker& marker : m_session.document().project().markers)
        markers.push_back({number(marker.id), marker.frame, QString::fromStdString(marker.name),
                           toQt(marker.color)});
    m_timeline->setMarkers(std::move(markers));
}

void TimelinePanel::showTracks() {
    const Project& project = m_session.document().project();
    std::vector<TimelineTrack> tracks;
    for (auto layer = project.layers.rbegin(); layer != project.layers.rend(); ++layer)
        tracks.push_back({number(layer->id), layerName(project, *layer), kindOf(*layer),
                          toQt(layer->color),
                          rangesOf(project, *layer, m_session.player().layers()),
                          paintedFrames(project, layer->id)});
    m_timeline->setTracks(std::move(tracks));
}

void TimelinePanel::showCaches() {
    Player& player = m_session.player();
    std::vector<CacheRange> ranges;
    const auto add = [&](const std::vector<FrameRange>& frames, CacheState state) {
        for (const FrameRange range : frames)
            ranges.push_back({range, state});
    };
    add(player.provider().cachedRanges(player.reduction()), CacheState::Decoded);
    add(player.layers().ranges(LayerKind::Plate), CacheState::Decomposed);
    add(player.layers().ranges(LayerKind::Result), CacheState::Rendered);
    m_timeline->setCache(std::move(ranges));
    showTracks();
}

} // namespace strata::ui
