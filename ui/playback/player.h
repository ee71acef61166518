// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/playback/frame_provider.h"
#include "ui/playback/playback_clock.h"
#include "ui/playback/sound_player.h"

#include <QTimer>

namespace strata::ui {

/// Clock, layers and decoding of one open clip, wired: whatever moves the clock brings the frame.
/// The main window owns one, the viewport shows what frameReady() brings. GUI thread.
class Player : public QObject {
    Q_OBJECT
public:
    explicit Player(FrameProviderOptions options = {}, QObject* parent = nullptr);

    void open(const std::filesystem::path& clip); // opened() or failed() follows
    void close();
    void setBody(std::shared_ptr<const BodyModel> body);

    PlaybackClock& clock() { return m_clock; }
    LayerStore& layers() { return m_layers; }
    FrameProvider& provider() { return m_provider; }
    SoundPlayer& sound() { return m_sound; }
    const VideoInfo& info() const { return m_info; }
    bool isOpen() const { return m_info.frameCount > 0; }

    /// What the view needs of each frame, and what of a frame that is looked at for a while;
    /// see ViewControl::neededLayers() and layersAtRest().
    void setWantedLayers(LayerSet layers, LayerSet atRest = {});
    /// 1, 2 or 4: full, half or quarter preview.
    void setReduction(int reduction);
    int reduction() const { return m_reduction; }

    /// Of the last run of playing: frames shown, and frames that were due and not shown.
    std::int64_t shownFrames() const { return m_shown; }
    std::int64_t droppedFrames() const { return m_dropped; }

Q_SIGNALS:
    void opened(const strata::VideoInfo& info);
    void failed(const QString& message);
    void frameReady(strata::ui::FrameLayersPtr frame);

private:
    void requestFrame();
    void request(LayerSet layers);
    void countShown(std::int64_t frame);
    void followWithSound();

    PlaybackClock m_clock;
    LayerStore m_layers;
    FrameProvider m_provider;
    SoundPlayer m_sound;
    std::filesystem::path m_clip;
    VideoInfo m_info;
    LayerSet m_wanted = LayerSet::all(), m_atRest;
    QTimer m_rest; // runs out when a frame has been on screen for a while
    int m_reduction = 1;
    std::int64_t m_shown = 0, m_dropped = 0;
    std::int64_t m_lastShown = -1;
};

} // namespace strata::ui
