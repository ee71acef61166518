// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/result.h"
#include "engine/project/media_item.h"

#include <QObject>
#include <QStringList>
#include <QThreadPool>

#include <functional>
#include <optional>

namespace strata::ui {

/// What a file is by its name alone; nothing when no part of the editor can use such a file.
std::optional<MediaKind> mediaKindOf(const std::filesystem::path& path);
/// Endings of the files that can be opened as clips, dropped as pictures or motions: "mp4", …
QStringList clipSuffixes();
QStringList pictureSuffixes();
QStringList motionSuffixes();

/// Reads what a file is (which counts the frames of a clip) without making the GUI wait. Answers
/// come in the GUI thread, in the order of asking.
class MediaProbe : public QObject {
    Q_OBJECT
public:
    using Answer = std::function<void(Result<MediaItem>)>;

    explicit MediaProbe(QObject* parent = nullptr);
    ~MediaProbe() override; // waits for the file that is being read

    void probe(const std::filesystem::path& path, Answer answer);

private:
    QThreadPool m_pool;
};

} // namespace strata::ui
