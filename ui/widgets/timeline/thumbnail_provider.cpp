// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/timeline/thumbnail_provider.h"

#include "engine/media/thumbnails.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>

namespace strata::ui {
namespace {

/// What the thread is to do. Numbers rise, so that both sides can tell the old from the new.
struct Wish {
    std::filesystem::path clip;
    std::int64_t clipNumber = 0;
    std::int64_t number = 0;
    std::vector<std::int64_t> frames;
    int height = 0;
};

QImage toQImage(const ImageU8& picture) {
    const QImage view(picture.data(), picture.width(), picture.height(), picture.width() * 3,
                      QImage::Format_RGB888);
    return view.convertToFormat(QImage::Format_RGB32); // owns its pixels, and is what draws fastest
}

} // namespace

struct ThumbnailProvider::Private {
    explicit Private(ThumbnailProvider* provider, std::int64_t most)
        : q(provider)
        , maxBytes(most) {}

    // GUI thread
    void keep(std::int64_t clip, int ofHeight, std::int64_t frame, QImage picture);
    bool isCurrent(std::int64_t clip);
    void forget();
    void makeRoom();

    // The thread
    void run(const std::stop_token& stop);
    void serve(const Wish& wish, const std::stop_token& stop);
    bool openClip(const Wish& wish);
    void tellFailure(std::int64_t clip, const QString& message);

    ThumbnailProvider* q;
    std::int64_t maxBytes;
    std::map<std::int64_t, QImage> pictures;
    std::int64_t bytes = 0;
    std::int64_t center = 0; // of what is shown
    std::int64_t reach = 0;  // frames that a picture may stand in for another
    int height = 0;

    std::mutex mutex;
    std::condition_variable_any wished;
    Wish wish; // guarded by mutex
    bool pending = false;
    std::atomic<std::int64_t> newest = 0; // Wish::number

    std::unique_ptr<VideoReader> reader; // the thread's
    std::int64_t readerClip = 0;

    std::jthread thread; // last: stops before what it uses goes
};

ThumbnailProvider::ThumbnailProvider(QObject* parent, std::int64_t maxBytes)
    : QObject(parent)
    , d(std::make_unique<Private>(this, maxBytes)) {
    d->thread = std::jthread([p = d.get()](const std::stop_token& stop) { p->run(stop); });
}

ThumbnailProvider::~ThumbnailProvider() = default;

void ThumbnailProvider::setClip(const std::filesystem::path& path) {
    d->forget();
    const std::scoped_lock lock(d->mutex);
    d->wish.clip = path;
    ++d->wish.clipNumber;
    d->wish.frames.clear();
    d->wish.number = ++d->newest; // what is being read is of no use any more
    d->pending = true;            // the clip before is closed
    d->wished.notify_one();
}

void ThumbnailProvider::request(std::vector<std::int64_t> frames, int height) {
    if (height != d->height)
        d->forget();
    d->height = height;
    if (frames.empty())
        return;
    const auto [first, last] = std::minmax_element(frames.begin(), frames.end());
    d->center = (*first + *last) / 2;
    d->reach = frames.size() > 1 ? std::abs(frames[1] - frames[0]) * 8 : 0;
    std::erase_if(frames, [&](std::int64_t frame) { return d->pictures.contains(frame); });
    const std::scoped_lock lock(d->mutex);
    d->wish.frames = std::move(frames);
    d->wish.height = height;
    d->wish.number = ++d->newest;
    d->pending = true;
    d->wished.notify_one();
}

QImage ThumbnailProvider::nearest(std::int64_t frame) const {
    const auto after = d->pictures.lower_bound(frame);
    auto best = after;
    if (after != d->pictures.begin()) {
        const auto before = std::prev(after);
        if (after == d->pictures.end() || frame - before->first < after->first - frame)
            best = before;
    }
    if (best == d->pictures.end() || std::abs(best->first - frame) > d->reach)
        return {};
    return best->second;
}

bool ThumbnailProvider::holds(std::int64_t frame) const { return d->pictures.contains(frame); }
std::int64_t ThumbnailProvider::bytes() const { return d->bytes; }

bool ThumbnailProvider::Private::isCurrent(std::int64_t clip) {
    const std::scoped_lock lock(mutex);
    return clip == wish.clipNumber;
}

void ThumbnailProvider::Private::forget() {
    pictures.clear();
    bytes = 0;
}

void ThumbnailProvider::Private::keep(std::int64_t clip, int ofHeight, std::int64_t frame,
                                      QImage picture) {
    if (!isCurrent(clip) || ofHeight != height || pictures.contains(frame))
        return;
    bytes += picture.sizeInBytes();
    pictures.emplace(frame, std::move(picture));
    makeRoom();
    if (pictures.contains(frame))
        Q_EMIT q->thumbnailReady(frame);
}

void ThumbnailProvider::Private::makeRoom() {
    while (bytes > maxBytes && !pictures.empty()) {
        const auto first = pictures.begin();
        const auto last = std::prev(pictures.end());
        const auto farthest = center - first->first > last->first - center ? first : last;
        bytes -= farthest->second.sizeInBytes();
        pictures.erase(farthest);
    }
}

void ThumbnailProvider::Private::run(const std::stop_token& stop) {
    while (true) {
        Wish next;
        {
            std::unique_lock lock(mutex);
            if (!wished.wait(lock, stop, [this] { return pending; }))
                return;
            pending = false;
            next = wish;
        }
        serve(next, stop);
    }
}

void ThumbnailProvider::Private::tellFailure(std::int64_t clip, const QString& message) {
    QMetaObject::invokeMethod(
        q,
        [this, clip, message] {
            if (isCurrent(clip))
                Q_EMIT q->failed(message);
        },
        Qt::QueuedConnection);
}

bool ThumbnailProvider::Private::openClip(const Wish& wish) {
    if (readerClip == wish.clipNumber)
        return reader != nullptr;
    readerClip = wish.clipNumber;
    reader.reset();
    if (wish.clip.empty())
        return false;
    auto opened = openForThumbnails(wish.clip);
    if (opened)
        reader = std::move(*opened);
    else
        tellFailure(wish.clipNumber, QString::fromStdString(opened.error().message));
    return reader != nullptr;
}

void ThumbnailProvider::Private::serve(const Wish& wish, const std::stop_token& stop) {
    if (!openClip(wish))
        return;
    const auto deliver = [&](std::int64_t frame, const ImageU8& picture) {
        QMetaObject::invokeMethod(
            q,
            [this, clip = wish.clipNumber, high = wish.height, frame, image = toQImage(picture)] {
                keep(clip, high, frame, image);
            },
            Qt::QueuedConnection);
        return newest == wish.number;
    };
    // A frame that cannot be decoded has no picture; the rest is tried with the next wish.
    (void)bool(readThumbnails(*reader, wish.frames, wish.height, {stop, {}}, deliver));
}

} // namespace strata::ui
