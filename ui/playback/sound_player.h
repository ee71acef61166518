// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/time.h"
#include "ui/playback/sound_buffer.h"

#include <QObject>

#include <condition_variable>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <thread>

namespace strata::ui {

/// Where sound goes: takes samples from a device it is given. Tests put their own in.
class SoundOutput {
public:
    virtual ~SoundOutput() = default;
    /// Samples per second; 0 when there is no sound device.
    virtual int sampleRate() const = 0;
    /// Begins to read stereo floats from `source`; again: goes on with it from now.
    virtual void start(QIODevice& source) = 0;
    virtual void stop() = 0;
    /// Seconds heard since start(), as far as is known.
    virtual double secondsHeard() const = 0;
};

/// The computer's own; silent when it has none.
std::unique_ptr<SoundOutput> systemSound();

/// Plays a clip's sound while the clip plays forwards at its own rate, and follows its jumps. The
/// pictures' clock leads: sound that is not with it any more is begun anew. Decoding is done by a
/// thread of its own. GUI thread.
class SoundPlayer : public QObject {
    Q_OBJECT
public:
    using MakeOutput = std::function<std::unique_ptr<SoundOutput>()>;
    explicit SoundPlayer(MakeOutput output = systemSound, QObject* parent = nullptr);
    ~SoundPlayer() override;

    /// `start` as VideoInfo::startTime. A file without sound is silence.
    void open(const std::filesystem::path& clip, Rational start);
    void close();

    /// The clip is at `seconds` now and moves at `speed` times its rate, 0 for standing.
    void follow(double seconds, int speed);
    void setMuted(bool muted);
    bool isMuted() const { return m_muted; }
    /// Whether sound is being put out.
    bool isPlaying() const { return m_playing; }

private:
    struct Goal {
        std::filesystem::path clip;
        Rational start;
        double seconds = 0;
        int rate = 0;
    };
    void begin(double seconds);
    void end();
    void decode(const std::stop_token& stop);

    MakeOutput m_makeOutput;
    std::unique_ptr<SoundOutput> m_output; // made when the first sound is played
    SoundBuffer m_buffer;
    std::filesystem::path m_clip;
    Rational m_start;
    bool m_muted = false, m_playing = false;
    double m_beganAt = 0; // seconds of the clip

    std::mutex m_mutex;
    std::condition_variable_any m_wake;
    std::optional<Goal> m_goal; // what the thread is to begin with next
    bool m_wanted = false;      // whether it is to decode on
    std::jthread m_decoder;     // the last one to be made, the first to end
};

} // namespace strata::ui
