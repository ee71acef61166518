// SPDX-License-Identifier: Apache-2.0
#include "ui/playback/frame_provider.h"

#include "ui/playback/decode_order.h"
#include "ui/playback/frame_cache.h"
#include "ui/playback/layer_reader.h"

#include <QTimer>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <set>
#include <thread>
#include <utility>

namespace strata::ui {
namespace {

/// Layers that one thread decodes. The dear ones have a thread each.
const std::vector<std::vector<LayerKind>> kLanes = {{LayerKind::Source},
                                                    {LayerKind::Plate},
                                                    {LayerKind::Human, LayerKind::Occluder},
                                                    {LayerKind::Alpha, LayerKind::Depth},
                                                    {LayerKind::Result},
                                                    {LayerKind::Body}};

/// Bodies do not depend on the size of the images.
int storedReduction(LayerKind layer, int reduction) {
    return layer == LayerKind::Body ? 1 : reduction;
}

void setLayer(FrameLayers& frame, LayerKind layer, const LayerImage& image) {
    switch (layer) {
    case LayerKind::Source:
        frame.source = image.u8;
        break;
    case LayerKind::Plate:
        frame.plate = image.u8;
        break;
    case LayerKind::Human:
        frame.human = image.u8;
        break;
    case LayerKind::Occluder:
        frame.occluder = image.u8;
        break;
    case LayerKind::Alpha:
        frame.alpha = image.u8;
        break;
    case LayerKind::Depth:
        frame.depth = image.u16;
        break;
    case LayerKind::Result:
        frame.result = image.u8;
        break;
    case LayerKind::Body:
        frame.body = image.body;
        break;
    }
}

/// What a lane decodes next, with everything it needs: the lock is not held meanwhile.
struct DecodeTask {
    FrameCache::Key key{};
    LayerChunk chunk;
    Size fullSize;
    std::shared_ptr<const BodyModel> body;
    std::optional<std::filesystem::path> clipToOpen; // then nothing else is set
    std::uint64_t clip = 0;
};

} // namespace

struct FrameProvider::Impl {
    Impl(FrameProvider& provider, FrameProviderOptions o)
        : owner(provider)
        , options(o)
        , cache(o.cacheBytes) {
        for (std::size_t i = 0; i < kLanes.size(); ++i)
            lanes.emplace_back([this, i](std::stop_token stop) { runLane(stop, kLanes[i]); });
    }
    ~Impl() {
        for (auto& lane : lanes)
            lane.request_stop();
        lanes.clear(); // joins
    }

    void runLane(std::stop_token stop, const std::vector<LayerKind>& layers);
    void store(const DecodeTask& task, Result<LayerImage> read);
    void openClip(LayerReader& reader, const DecodeTask& task);
    std::optional<DecodeTask> nextTask(const std::vector<LayerKind>& layers);
    const LayerChunk* chunkFor(LayerKind layer, std::int64_t frame) const;
    bool isComplete(const FrameRequest& request) const;
    FrameLayersPtr assemble(const FrameRequest& request) const;
    int affordableAhead(const FrameRequest& request) const;
    void start(const FrameRequest& request);
    void deliverIfComplete();
    void dropChanged(const LayerFiles& old);
    void reset();

    template <typename Call>
    void post(Call call) { // to the GUI thread, unless the clip is another one by then
        QMetaObject::invokeMethod(
            &owner,
            [this, call, clip = clipNumber] {
                if (clip == clipNumber) // written by the GUI thread alone
                    call();
            },
            Qt::QueuedConnection);
    }
    void report(const std::string& message) {
        if (reported.insert(message).second)
            post([this, text = QString::fromStdString(message)] { Q_EMIT owner.failed(text); });
    }
    void announceCache();

    FrameProvider& owner;
    FrameProviderOptions options;

    mutable std::mutex mutex; // guards everything below
    std::condition_variable_any changed;
    FrameCache cache;
    LayerFilesPtr files = std::make_shared<LayerFiles>();
    std::shared_ptr<const BodyModel> body;
    std::uint64_t clipNumber = 0;
    std::optional<std::filesystem::path> clipToOpen;
    std::optional<LayerChunk> clip; // once it is open
    Size fullSize;
    std::optional<FrameRequest> current, pending;
    bool delivered = false;
    bool cacheAnnounced = false;
    std::size_t frameBytes = 0; // of the last frame delivered
    std::int64_t hits = 0, misses = 0;
    std::set<std::string> reported;

    std::vector<std::jthread> lanes; // last: joined before the rest goes
};

void FrameProvider::Impl::runLane(std::stop_token stop, const std::vector<LayerKind>& layers) {
    std::vector<LayerReader> readers(layers.begin(), layers.end());
    std::uint64_t readClip = 0;
    std::optional<DecodeTask> task;
    std::unique_lock lock(mutex);
    while (changed.wait(lock, stop, [&] { return bool(task = nextTask(layers)); })) {
        if (stop.stop_requested())
            return;
        lock.unlock();
        if (readClip != task->clip)
            for (auto& reader : readers)
                reader.close();
        readClip = task->clip;
        if (task->clipToOpen) {
            openClip(readers.front(), *task);
        } else {
            const auto at = std::find(layers.begin(), layers.end(), task->key.layer);
            LayerReader& reader = readers[std::size_t(at - layers.begin())];
            store(*task, task->body ? reader.body(task->chunk, task->key.frame, task->body)
                                    : reader.image(task->chunk, task->key.frame, task->fullSize,
                                                   task->key.reduction));
        }
        lock.lock();
    }
}

void FrameProvider::Impl::store(const DecodeTask& task, Result<LayerImage> read) {
    const std::lock_guard lock(mutex);
    const LayerChunk* const chunk = chunkFor(task.key.layer, task.key.frame);
    const bool outdated = task.clip != clipNumber || !chunk || *chunk != task.chunk ||
                          (task.body && task.body != body);
    if (outdated)
        return;
    if (!read)
        report(read.error().message);
    cache.put(task.key, read ? std::move(*read) : LayerImage{});
    announceCache();
    deliverIfComplete();
}

void FrameProvider::Impl::openClip(LayerReader& reader, const DecodeTask& task) {
    const auto info = reader.openClip(*task.clipToOpen);
    const std::lock_guard lock(mutex);
    if (task.clip != clipNumber)
        return;
    clipToOpen.reset();
    if (!info)
        return report(info.error().message);
    fullSize = info->size;
    clip = LayerChunk{{0, info->frameCount}, *task.clipToOpen, 0, 0};
    post([this, found = *info] { Q_EMIT owner.opened(found); });
    changed.notify_all();
}

std::optional<DecodeTask> FrameProvider::Impl::nextTask(const std::vector<LayerKind>& layers) {
    if (clipToOpen) {
        if (layers.front() != LayerKind::Source)
            return {};
        DecodeTask opening;
        opening.clipToOpen = clipToOpen;
        opening.clip = clipNumber;
        return opening;
    }
    if (!clip || !current)
        return {};
    const auto order = decodeOrder(*current, clip->frames.end, affordableAhead(*current));
    for (const auto frame : order)
        for (const LayerKind layer : layers) {
            const FrameCache::Key key{layer, frame, storedReduction(layer, current->reduction)};
            const LayerChunk* const chunk = chunkFor(layer, frame);
            if (current->layers.contains(layer) && chunk && !cache.contains(key))
                return DecodeTask{key,      *chunk,
                                  fullSize, layer == LayerKind::Body ? body : nullptr,
                                  {},       clipNumber};
        }
    return {};
}

/// The file that holds a layer of a frame, if it can be read.
const LayerChunk* FrameProvider::Impl::chunkFor(LayerKind layer, std::int64_t frame) const {
    if (!clip || !clip->frames.contains(frame) || (layer == LayerKind::Body && !body))
        return nullptr;
    return layer == LayerKind::Source ? &*clip : files->chunkAt(layer, frame);
}

bool FrameProvider::Impl::isComplete(const FrameRequest& request) const {
    if (!clip)
        return false;
    return std::ranges::all_of(kAllLayers, [&](LayerKind layer) {
        return !request.layers.contains(layer) || !chunkFor(layer, request.frame) ||
               cache.contains({layer, request.frame, storedReduction(layer, request.reduction)});
    });
}

FrameLayersPtr FrameProvider::Impl::assemble(const FrameRequest& request) const {
    auto frame = std::make_shared<FrameLayers>();
    frame->frame = request.frame;
    frame->fullSize = fullSize;
    frame->reduction = request.reduction;
    for (const LayerKind layer : kAllLayers)
        if (request.layers.contains(layer))
            if (const auto* image =
                    cache.find({layer, request.frame, storedReduction(layer, request.reduction)}))
                setLayer(*frame, layer, *image);
    return frame;
}

/// Frames to read ahead. Backwards whole blocks are worth it; never more than half of the memory.
int FrameProvider::Impl::affordableAhead(const FrameRequest& request) const {
    if (frameBytes == 0)
        return 0;
    const auto wanted = std::size_t(options.readAhead) * (request.step < 0 ? 4 : 1);
    return int(std::min(wanted, cache.limit() / 2 / frameBytes));
}

void FrameProvider::Impl::start(const FrameRequest& request) {
    current = request;
    delivered = false;
    cache.keep(request.frame);
    deliverIfComplete();
    changed.notify_all();
}

void FrameProvider::Impl::deliverIfComplete() {
    if (!current || delivered || !isComplete(*current))
        return;
    frameBytes = 0;
    for (const LayerKind layer : kAllLayers)
        if (const auto* image =
                cache.use({layer, current->frame, storedReduction(layer, current->reduction)}))
            frameBytes += image->bytes();
    delivered = true;
    post([this, frame = assemble(*current)] { Q_EMIT owner.frameReady(frame); });
    if (pending)
        start(*std::exchange(pending, {}));
    changed.notify_all(); // now it is known how much can be read ahead
}

/// Forgets what was read from other files than those that count now.
void FrameProvider::Impl::dropChanged(const LayerFiles& old) {
    cache.removeIf([&](const FrameCache::Key& key) {
        if (key.layer == LayerKind::Source)
            return false;
        const LayerChunk* const before = old.chunkAt(key.layer, key.frame);
        const LayerChunk* const now = files->chunkAt(key.layer, key.frame);
        return !before || !now || before->file != now->file || before->first != now->first;
    });
}

void FrameProvider::Impl::announceCache() {
    if (std::exchange(cacheAnnounced, true))
        return;
    post([this] {
        QTimer::singleShot(100, &owner, [this] {
            {
                const std::lock_guard lock(mutex);
                cacheAnnounced = false;
            }
            Q_EMIT owner.cacheChanged();
        });
    });
}

void FrameProvider::Impl::reset() {
    ++clipNumber;
    clipToOpen.reset();
    clip.reset();
    current.reset();
    pending.reset();
    cache.clear();
    cacheAnnounced = false;
    reported.clear();
    frameBytes = 0;
    hits = misses = 0;
}

FrameProvider::FrameProvider(FrameProviderOptions options, QObject* parent)
    : QObject(parent)
    , m_impl(std::make_unique<Impl>(*this, options)) {}

FrameProvider::~FrameProvider() = default;

void FrameProvider::open(const std::filesystem::path& clip) {
    const std::lock_guard lock(m_impl->mutex);
    m_impl->reset();
    m_impl->clipToOpen = clip;
    m_impl->changed.notify_all();
}

void FrameProvider::close() {
    const std::lock_guard lock(m_impl->mutex);
    m_impl->reset();
}

void FrameProvider::setLayers(LayerFilesPtr files) {
    const std::lock_guard lock(m_impl->mutex);
    const LayerFilesPtr old = std::exchange(m_impl->files, std::move(files));
    m_impl->dropChanged(*old);
    if (m_impl->current && m_impl->delivered)
        m_impl->start(*m_impl->current); // what is on screen may have got more layers
    m_impl->changed.notify_all();
}

void FrameProvider::setBody(std::shared_ptr<const BodyModel> body) {
    const std::lock_guard lock(m_impl->mutex);
    m_impl->body = std::move(body);
    m_impl->cache.removeIf([](const auto& key) { return key.layer == LayerKind::Body; });
    if (m_impl->current && m_impl->delivered)
        m_impl->start(*m_impl->current);
    m_impl->changed.notify_all();
}

void FrameProvider::request(const FrameRequest& request) {
    const std::lock_guard lock(m_impl->mutex);
    Impl& impl = *m_impl;
    const bool ready = impl.isComplete(request);
    ++(ready ? impl.hits : impl.misses);
    if (!ready && impl.current && !impl.delivered) {
        impl.pending = request;
        return;
    }
    impl.pending.reset();
    impl.start(request);
}

FrameLayersPtr FrameProvider::cached(const FrameRequest& request) const {
    const std::lock_guard lock(m_impl->mutex);
    return m_impl->isComplete(request) ? m_impl->assemble(request) : nullptr;
}

void FrameProvider::setCacheLimit(std::size_t bytes) {
    const std::lock_guard lock(m_impl->mutex);
    m_impl->cache.setLimit(bytes);
    m_impl->announceCache();
}

FrameCacheState FrameProvider::cacheState() const {
    const std::lock_guard lock(m_impl->mutex);
    return {m_impl->cache.bytes(), m_impl->cache.limit(), m_impl->hits, m_impl->misses};
}

std::vector<FrameRange> FrameProvider::cachedRanges(int reduction) const {
    const std::lock_guard lock(m_impl->mutex);
    return m_impl->cache.ranges(LayerKind::Source, reduction);
}

} // namespace strata::ui
