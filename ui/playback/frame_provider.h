// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/media/video_info.h"
#include "ui/playback/frame_layers.h"
#include "ui/playback/layer_store.h"

#include <QObject>
#include <QString>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

namespace strata::ui {

/// A set of layers.
class LayerSet {
public:
    constexpr LayerSet() = default;
    constexpr LayerSet(std::initializer_list<LayerKind> layers) {
        for (LayerKind layer : layers)
            m_bits |= bit(layer);
    }
    static constexpr LayerSet all() {
        LayerSet set;
        set.m_bits = (1u << kLayerKinds) - 1;
        return set;
    }
    constexpr bool contains(LayerKind layer) const { return m_bits & bit(layer); }
    constexpr LayerSet operator|(LayerSet other) const {
        LayerSet both;
        both.m_bits = m_bits | other.m_bits;
        return both;
    }
    constexpr bool operator==(const LayerSet&) const = default;

private:
    static constexpr unsigned bit(LayerKind layer) { return 1u << unsigned(layer); }
    unsigned m_bits = 0;
};

struct FrameRequest {
    std::int64_t frame = 0;
    LayerSet layers = LayerSet::all(); // what the current view shows; the fewer the faster
    int reduction = 1;                 // 1, 2 or 4
    int step = 0; // frames per displayed frame while playing, negative backwards; 0: standing still
    FrameRange ahead; // where reading ahead may go (in and out points); empty: the whole clip
    bool operator==(const FrameRequest&) const = default;
};

struct FrameCacheState {
    std::size_t bytes = 0;
    std::size_t limit = 0;
    std::int64_t hits = 0, misses = 0; // requests answered from memory, and not, since open()
};

struct FrameProviderOptions {
    std::size_t cacheBytes = std::size_t(768) << 20;
    int readAhead = 12; // displayed frames, fewer when they would fill more than half of the cache
};

/// Frames of the open clip with their layers, decoded in background threads (one per group of
/// layers) and kept in memory up to a number of bytes, least recently used first out. The frame in
/// work is always finished, so that a fast scrub keeps showing pictures; of the requests that come
/// meanwhile only the newest counts. Public functions belong to the GUI thread, signals arrive
/// there.
class FrameProvider : public QObject {
    Q_OBJECT
public:
    explicit FrameProvider(FrameProviderOptions options = {}, QObject* parent = nullptr);
    ~FrameProvider() override;

    /// Opens a clip (video, picture or picture sequence) in the background; opened() or failed()
    /// follows. What was open is closed at once.
    void open(const std::filesystem::path& clip);
    void close();
    /// The layers to read; frames in memory whose files have changed are dropped.
    void setLayers(LayerFilesPtr files);
    /// The body that motions are posed on; without it FrameLayers::body stays null.
    void setBody(std::shared_ptr<const BodyModel> body);

    /// Asks for a frame; frameReady() follows with it, unless a newer request comes first.
    void request(const FrameRequest& request);
    /// The frame if everything of it is in memory, else null. Does not count as use.
    FrameLayersPtr cached(const FrameRequest& request) const;

    void setCacheLimit(std::size_t bytes);
    FrameCacheState cacheState() const;
    /// Frames whose source is in memory at this reduction, rising and joined.
    std::vector<FrameRange> cachedRanges(int reduction) const;

Q_SIGNALS:
    void opened(const strata::VideoInfo& info);
    void failed(const QString& message); // one sentence; the frame is shown without that layer
    void frameReady(strata::ui::FrameLayersPtr frame);
    void cacheChanged(); // at most 10 a second

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace strata::ui
