// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/timeline/sound_provider.h"

#include "engine/media/waveform.h"

#include <thread>

namespace strata::ui {

struct SoundProvider::Private {
    Waveform waveform;
    std::int64_t clip = 0;
    std::jthread thread; // last: stops before what it uses goes
};

SoundProvider::SoundProvider(QObject* parent)
    : QObject(parent)
    , d(std::make_unique<Private>()) {}

SoundProvider::~SoundProvider() = default;

void SoundProvider::setClip(const std::filesystem::path& path, Rational start) {
    d->thread = {}; // stops and waits
    d->waveform = {};
    ++d->clip;
    if (path.empty())
        return;
    d->thread = std::jthread([this, path, start, clip = d->clip](const std::stop_token& stop) {
        auto read = readWaveform(path, {.start = start}, {stop, {}});
        if (stop.stop_requested())
            return;
        const QString problem = read ? QString() : QString::fromStdString(read.error().message);
        auto waveform = read ? std::move(*read) : Waveform();
        QMetaObject::invokeMethod(
            this,
            [this, clip, problem, waveform = std::move(waveform)]() mutable {
                if (clip != d->clip)
                    return;
                d->waveform = std::move(waveform);
                if (problem.isEmpty())
                    Q_EMIT ready();
                else
                    Q_EMIT failed(problem);
            },
            Qt::QueuedConnection);
    });
}

std::optional<SoundPeak> SoundProvider::between(double fromSeconds, double toSeconds) const {
    if (fromSeconds < 0 || fromSeconds >= d->waveform.seconds())
        return {};
    const AudioPeak peak = d->waveform.between(fromSeconds, toSeconds);
    return SoundPeak{float(peak.low) / 127, float(peak.high) / 127};
}

} // namespace strata::ui
