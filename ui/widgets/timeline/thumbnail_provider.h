// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QImage>
#include <QObject>

#include <filesystem>
#include <memory>
#include <vector>

namespace strata::ui {

/// Thumbnails of one clip for the timeline, read by a thread of its own. GUI thread only. What was
/// asked for last wins: the thread drops the older wish at the next frame. Pictures are kept up to
/// a number of bytes; those farthest from what is shown go first.
class ThumbnailProvider : public QObject {
    Q_OBJECT
public:
    explicit ThumbnailProvider(QObject* parent = nullptr, std::int64_t maxBytes = 64LL << 20);
    ~ThumbnailProvider() override; // waits for the frame being decoded

    /// Forgets everything and reads from this clip from now on; an empty path: from none.
    void setClip(const std::filesystem::path& path);
    /// `frames` in the order they are wanted, each `height` pixels high.
    void request(std::vector<std::int64_t> frames, int height);

    /// The picture of `frame` or of the nearest frame there is; null when there is none.
    QImage nearest(std::int64_t frame) const;
    bool holds(std::int64_t frame) const;
    std::int64_t bytes() const;

Q_SIGNALS:
    void thumbnailReady(qint64 frame);
    /// The clip cannot be read; once per clip, one sentence.
    void failed(const QString& message);

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace strata::ui
