// SPDX-License-Identifier: Apache-2.0
#include "ui/playback/player.h"

#include <cstdlib>

namespace strata::ui {
namespace {

constexpr int kRestMs = 150; // scrubbing does not wait for what is only wanted at rest

} // namespace

Player::Player(FrameProviderOptions options, QObject* parent)
    : QObject(parent)
    , m_provider(options) {
    m_rest.setSingleShot(true);
    m_rest.setInterval(kRestMs);
    connect(&m_rest, &QTimer::timeout, this, [this] { request(m_wanted | m_atRest); });
    connect(&m_clock, &PlaybackClock::frameChanged, this, &Player::requestFrame);
    connect(&m_clock, &PlaybackClock::frameChanged, this, &Player::followWithSound);
    connect(&m_clock, &PlaybackClock::speedChanged, this, [this](int speed) {
        if (speed != 0) { // the counts of a run stay until the next one begins
            m_lastShown = -1;
            m_shown = m_dropped = 0;
        }
        requestFrame(); // reading ahead turns round
        followWithSound();
    });
    connect(&m_layers, &LayerStore::layerChanged, this,
            [this] { m_provider.setLayers(m_layers.files()); });
    connect(&m_provider, &FrameProvider::opened, this, [this](const VideoInfo& info) {
        m_info = info;
        Q_EMIT opened(info);
        m_clock.setClip(info.frameCount, info.fps);
        m_sound.open(m_clip, info.startTime);
    });
    connect(&m_provider, &FrameProvider::failed, this, &Player::failed);
    connect(&m_provider, &FrameProvider::frameReady, this, [this](const FrameLayersPtr& frame) {
        countShown(frame->frame);
        Q_EMIT frameReady(frame);
    });
}

void Player::open(const std::filesystem::path& clip) {
    close();
    m_clip = clip;
    m_provider.open(clip);
}

void Player::close() {
    m_info = {};
    m_sound.close();
    m_clock.setClip(0, Rational(25));
    m_layers.clear();
    m_provider.close();
}

void Player::setBody(std::shared_ptr<const BodyModel> body) { m_provider.setBody(std::move(body)); }

void Player::setWantedLayers(LayerSet layers, LayerSet atRest) {
    if (layers == m_wanted && atRest == m_atRest)
        return;
    m_wanted = layers;
    m_atRest = atRest;
    requestFrame();
}

void Player::setReduction(int reduction) {
    m_reduction = reduction >= 4 ? 4 : reduction >= 2 ? 2 : 1;
    requestFrame();
}

void Player::requestFrame() {
    m_rest.stop();
    request(m_wanted);
    if (isOpen() && m_clock.speed() == 0 && (m_wanted | m_atRest) != m_wanted)
        m_rest.start();
}

void Player::request(LayerSet layers) {
    if (!isOpen())
        return;
    const FrameRange range = m_clock.speed() != 0 ? m_clock.range() : FrameRange{};
    m_provider.request({m_clock.frame(), layers, m_reduction, m_clock.speed(), range});
}

/// Sound has no frames: a clip of variable rate is heard by the clock's even one.
void Player::followWithSound() {
    if (isOpen())
        m_sound.follow(double(m_clock.frame()) / m_info.fps.value(), m_clock.speed());
}

void Player::countShown(std::int64_t frame) {
    if (m_clock.speed() == 0 || frame == m_lastShown)
        return;
    ++m_shown;
    const std::int64_t moved = (frame - m_lastShown) / m_clock.speed();
    if (m_lastShown >= 0 && moved > 1)
        m_dropped += moved - 1;
    m_lastShown = frame;
}

} // namespace strata::ui
