// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/widgets/timeline/timeline_model.h"

#include <QObject>

#include <filesystem>
#include <memory>

namespace strata::ui {

/// The sound's shape of one clip for the timeline, read once by a thread of its own. GUI thread
/// only.
class SoundProvider : public QObject {
    Q_OBJECT
public:
    explicit SoundProvider(QObject* parent = nullptr);
    ~SoundProvider() override; // waits for the packet being decoded

    /// Forgets everything and starts to read. `start`: VideoInfo::startTime, the first picture's
    /// time on the clock of the file. An empty path: no sound.
    void setClip(const std::filesystem::path& path, Rational start);

    /// Nothing before ready(), and outside the sound.
    std::optional<SoundPeak> between(double fromSeconds, double toSeconds) const;

Q_SIGNALS:
    void ready();
    /// The clip has no sound, or it cannot be read; one sentence.
    void failed(const QString& message);

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace strata::ui
