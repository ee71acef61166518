// SPDX-License-Identifier: Apache-2.0
#include "ui/playback/sound_player.h"

#include "engine/media/audio_reader.h"

#include <array>
#include <cmath>

namespace strata::ui {
namespace {

using namespace std::chrono_literals;

constexpr double kApart = 0.12;       // seconds: what is heard and what is seen may differ so far
constexpr std::size_t kRoom = 48000;  // values: half a second of both channels at 48 kHz
constexpr std::size_t kAtOnce = 2048; // values decoded at once
constexpr auto kFull = 20ms;          // until a full buffer is looked at again

} // namespace

SoundPlayer::SoundPlayer(MakeOutput output, QObject* parent)
    : QObject(parent)
    , m_makeOutput(std::move(output))
    , m_buffer(kRoom)
    , m_decoder([this](const std::stop_token& stop) { decode(stop); }) {}

SoundPlayer::~SoundPlayer() {
    end();
    m_decoder.request_stop();
    m_wake.notify_all();
}

void SoundPlayer::open(const std::filesystem::path& clip, Rational start) {
    close();
    m_clip = clip;
    m_start = start;
}

void SoundPlayer::close() {
    end();
    m_clip.clear();
}

void SoundPlayer::setMuted(bool muted) {
    m_muted = muted;
    if (muted)
        end();
}

void SoundPlayer::follow(double seconds, int speed) {
    if (speed != 1 || m_muted || m_clip.empty())
        return end();
    if (!m_playing)
        return begin(seconds);
    if (std::abs(m_beganAt + m_output->secondsHeard() - seconds) > kApart)
        begin(seconds);
}

void SoundPlayer::begin(double seconds) {
    if (!m_output)
        m_output = m_makeOutput();
    if (!m_output || m_output->sampleRate() <= 0)
        return;
    end();
    {
        const std::lock_guard lock(m_mutex);
        m_goal = Goal{m_clip, m_start, seconds, m_output->sampleRate()};
        m_wanted = true;
        m_buffer.clear();
    }
    m_wake.notify_all();
    m_beganAt = seconds;
    m_playing = true;
    m_output->start(m_buffer);
}

void SoundPlayer::end() {
    if (!m_playing)
        return;
    m_playing = false;
    m_output->stop();
    const std::lock_guard lock(m_mutex);
    m_wanted = false;
    m_goal.reset();
    m_buffer.clear();
}

void SoundPlayer::decode(const std::stop_token& stop) {
    std::optional<AudioReader> reader;
    Goal of;
    std::array<float, kAtOnce> samples{};
    std::size_t count = 0, given = 0; // of `samples`: decoded, put into the buffer
    bool more = false;                // the reader has more
    std::unique_lock lock(m_mutex);
    while (!stop.stop_requested()) {
        m_wake.wait(lock, stop, [&] { return m_goal || (m_wanted && (more || given < count)); });
        if (stop.stop_requested())
            return;
        if (const auto goal = std::exchange(m_goal, std::nullopt)) {
            lock.unlock(); // opening and seeking read the disk
            if (!reader || goal->clip != of.clip || goal->rate != of.rate ||
                !(goal->start == of.start)) {
                auto opened = AudioReader::open(goal->clip, goal->rate, goal->start);
                reader.reset();
                if (opened)
                    reader.emplace(std::move(*opened));
                of = *goal;
            }
            more = reader && reader->seek(goal->seconds);
            count = given = 0;
            lock.lock();
            continue; // there may be a newer goal
        }
        if (given == count) {
            lock.unlock();
            count = std::size_t(reader->read(samples)) * AudioReader::channels;
            given = 0;
            more = count == samples.size();
            lock.lock();
            if (m_goal || !m_wanted)
                continue;
        }
        given += m_buffer.put(samples.data() + given, count - given);
        if (given < count)
            m_wake.wait_for(lock, stop, kFull, [&] { return m_goal.has_value(); });
    }
}

} // namespace strata::ui
