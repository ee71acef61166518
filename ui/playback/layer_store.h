// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/time.h"
#include "ui/playback/frame_layers.h"

#include <QObject>

#include <array>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace strata::ui {

/// A finished chunk of a stage, as the worker announces it. Frames are counted in the clip that the
/// editor shows.
struct ChunkAnnouncement {
    std::string stage; // "layers", "depth", ...
    FrameRange frames;
    std::filesystem::path folder;
    std::vector<std::string> files; // names inside the folder
};

/// One file of a layer and the frames of the clip that are to be read from it.
struct LayerChunk {
    FrameRange frames;
    std::filesystem::path file;
    std::int64_t first = 0; // frame of the clip that the file begins with
    int rank = 0; // where chunks overlap the higher rank counts (a final matte over a raw one)
    bool operator==(const LayerChunk&) const = default;
};

/// The files of every layer at one moment: immutable, read by the decoding threads.
class LayerFiles {
public:
    const std::vector<LayerChunk>& chunks(LayerKind layer) const {
        return m_chunks[std::size_t(layer)];
    }
    /// The chunk that holds the frame, or null.
    const LayerChunk* chunkAt(LayerKind layer, std::int64_t frame) const;

private:
    friend class LayerStore;
    std::array<std::vector<LayerChunk>, kLayerKinds> m_chunks; // rising, not overlapping
};
using LayerFilesPtr = std::shared_ptr<const LayerFiles>;

/// Which frames of which layer exist, and in which files. Fed by the worker's announcements (or
/// with whole files, for templates and samples). GUI thread only; snapshots go to other threads.
class LayerStore : public QObject {
    Q_OBJECT
public:
    explicit LayerStore(QObject* parent = nullptr);

    /// Takes the layers out of a chunk that the viewport knows; other stages are ignored.
    void announce(const ChunkAnnouncement& chunk);
    /// A layer in one file, from frame `first` of the clip on.
    void addFile(LayerKind layer, const std::filesystem::path& file, FrameRange frames);
    /// Forgets the layer, or everything, when what it was computed from has changed.
    void clear(LayerKind layer);
    void clear();

    LayerFilesPtr files() const { return m_files; }
    bool has(LayerKind layer, std::int64_t frame) const;
    /// Frames that exist, rising and joined where they touch: what a cache bar draws.
    std::vector<FrameRange> ranges(LayerKind layer) const;

Q_SIGNALS:
    void layerChanged(strata::ui::LayerKind layer, strata::FrameRange frames);

private:
    void insert(LayerKind layer, const LayerChunk& chunk);

    LayerFilesPtr m_files;
};

} // namespace strata::ui
