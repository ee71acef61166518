// SPDX-License-Identifier: Apache-2.0
#include "ui/session/media_probe.h"

#include "engine/media/video_reader.h"
#include "ui/bridge/text.h"

#include <QFileInfo>

namespace strata::ui {
namespace fs = std::filesystem;
namespace {

Result<MediaItem> read(const fs::path& given) {
    const auto kind = mediaKindOf(given);
    std::error_code failed;
    if (!fs::exists(given, failed))
        return Error{ErrorCode::NotFound,
                     MediaProbe::tr("The file '%1' is not there.").arg(toQt(given)).toStdString()};
    if (!kind)
        return Error{
            ErrorCode::BadFormat,
            MediaProbe::tr("'%1' is neither a video, a picture nor a motion that can be used.")
                .arg(toQt(given.filename()))
                .toStdString()};
    MediaItem item;
    item.kind = *kind;
    item.path = fs::absolute(given, failed).lexically_normal();
    if (*kind == MediaKind::Motion || *kind == MediaKind::Template)
        return item;
    VideoReaderOptions options;
    options.readAhead = 0;
    STRATA_ASSIGN(const auto reader, VideoReader::open(item.path, options));
    const VideoInfo& info = reader->info();
    item.facts.size = info.size;
    item.facts.rate = info.fps;
    item.facts.frameCount = info.frameCount;
    item.facts.hasAudio = info.hasAudio;
    return item;
}

} // namespace

QStringList clipSuffixes() {
    return {"mp4", "mov", "mkv", "webm", "avi", "m4v", "mpg", "mpeg", "ts", "wmv", "gif"};
}
QStringList pictureSuffixes() { return {"jpg", "jpeg", "png", "webp", "bmp", "tif", "tiff"}; }
QStringList motionSuffixes() { return {"bvh", "npz"}; }

std::optional<MediaKind> mediaKindOf(const fs::path& path) {
    const QFileInfo info(toQt(path));
    if (info.isDir()) {
        std::error_code failed;
        return fs::exists(path / "vid.mp4", failed) ? MediaKind::Template : MediaKind::Clip;
    }
    const QString suffix = info.suffix().toLower();
    if (clipSuffixes().contains(suffix))
        return MediaKind::Clip;
    if (pictureSuffixes().contains(suffix))
        return MediaKind::Picture;
    if (motionSuffixes().contains(suffix))
        return MediaKind::Motion;
    return {};
}

MediaProbe::MediaProbe(QObject* parent)
    : QObject(parent) {
    m_pool.setMaxThreadCount(1); // answers keep their order
}

MediaProbe::~MediaProbe() {
    m_pool.clear();
    m_pool.waitForDone();
}

void MediaProbe::probe(const fs::path& path, Answer answer) {
    m_pool.start([this, path, answer = std::move(answer)] {
        auto found = read(path);
        QMetaObject::invokeMethod(
            this, [answer, found = std::move(found)] { answer(found); }, Qt::QueuedConnection);
    });
}

} // namespace strata::ui
