// SPDX-License-Identifier: Apache-2.0
#include "engine/media/audio_reader.h"
#include "ui/playback/sound_player.h"

#include <QAudioSink>
#include <QMediaDevices>

namespace strata::ui {
namespace {

class SystemSound : public SoundOutput {
public:
    SystemSound() {
        const QAudioDevice device = QMediaDevices::defaultAudioOutput();
        if (device.isNull())
            return;
        QAudioFormat format;
        format.setChannelCount(AudioReader::channels);
        format.setSampleFormat(QAudioFormat::Float);
        for (const int rate : {48000, 44100, device.preferredFormat().sampleRate()}) {
            format.setSampleRate(rate);
            if (!device.isFormatSupported(format))
                continue;
            m_sink = std::make_unique<QAudioSink>(device, format);
            return;
        }
    }
    ~SystemSound() override { stop(); }

    int sampleRate() const override { return m_sink ? m_sink->format().sampleRate() : 0; }
    void start(QIODevice& source) override { m_sink->start(&source); }
    void stop() override {
        if (m_sink)
            m_sink->reset(); // what is still in the device's buffer is not wanted
    }
    double secondsHeard() const override { return double(m_sink->processedUSecs()) * 1e-6; }

private:
    std::unique_ptr<QAudioSink> m_sink;
};

} // namespace

std::unique_ptr<SoundOutput> systemSound() { return std::make_unique<SystemSound>(); }

} // namespace strata::ui
