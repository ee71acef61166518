// SPDX-License-Identifier: Apache-2.0
#include "ui/playback/layer_store.h"

#include <algorithm>
#include <optional>
#include <string_view>

namespace strata::ui {
namespace {

struct StageFile {
    std::string_view stage, file;
    LayerKind layer;
    int rank;
};

constexpr StageFile kStageFiles[] = {
    {"plate", "plate.mkv", LayerKind::Plate, 0},
    {"layers", "human.mkv", LayerKind::Human, 0},
    {"layers", "occluder.mkv", LayerKind::Occluder, 0},
    {"matte", "raw.mkv", LayerKind::Alpha, 0},
    {"steady", "alpha.mkv", LayerKind::Alpha, 1},
    {"depth", "depth.mkv", LayerKind::Depth, 0},
    {"render", "segment.mp4", LayerKind::Result, 0},
    {"body", "motion.npz", LayerKind::Body, 0},
};

const StageFile* stageFile(const std::string& stage, const std::string& file) {
    for (const auto& known : kStageFiles)
        if (known.stage == stage && known.file == file)
            return &known;
    return nullptr;
}

/// `chunks` without the frames of `hole`.
std::vector<LayerChunk> without(const std::vector<LayerChunk>& chunks, FrameRange hole) {
    std::vector<LayerChunk> rest;
    for (const auto& chunk : chunks)
        for (const FrameRange side :
             {FrameRange{chunk.frames.begin, hole.begin}, FrameRange{hole.end, chunk.frames.end}}) {
            LayerChunk piece = chunk;
            piece.frames = chunk.frames.intersected(side);
            if (!piece.frames.empty())
                rest.push_back(std::move(piece));
        }
    return rest;
}

bool before(const LayerChunk& a, const LayerChunk& b) { return a.frames.begin < b.frames.begin; }

} // namespace

const LayerChunk* LayerFiles::chunkAt(LayerKind layer, std::int64_t frame) const {
    const auto& all = chunks(layer);
    auto after = std::upper_bound(
        all.begin(), all.end(), frame,
        [](std::int64_t value, const LayerChunk& chunk) { return value < chunk.frames.begin; });
    if (after == all.begin())
        return nullptr;
    --after;
    return after->frames.contains(frame) ? &*after : nullptr;
}

LayerStore::LayerStore(QObject* parent)
    : QObject(parent)
    , m_files(std::make_shared<LayerFiles>()) {}

void LayerStore::announce(const ChunkAnnouncement& chunk) {
    for (const auto& name : chunk.files)
        if (const StageFile* known = stageFile(chunk.stage, name))
            insert(known->layer,
                   {chunk.frames, chunk.folder / name, chunk.frames.begin, known->rank});
}

void LayerStore::addFile(LayerKind layer, const std::filesystem::path& file, FrameRange frames) {
    insert(layer, {frames, file, frames.begin, 0});
}

void LayerStore::insert(LayerKind layer, const LayerChunk& chunk) {
    if (chunk.frames.empty())
        return;
    auto files = std::make_shared<LayerFiles>(*m_files);
    auto& all = files->m_chunks[std::size_t(layer)];
    std::vector<LayerChunk> kept, added{chunk};
    for (const auto& other : all) {
        if (other.rank > chunk.rank) {
            kept.push_back(other);
            added = without(added, other.frames);
        } else {
            const auto rest = without({other}, chunk.frames);
            kept.insert(kept.end(), rest.begin(), rest.end());
        }
    }
    kept.insert(kept.end(), added.begin(), added.end());
    std::sort(kept.begin(), kept.end(), before);
    if (kept == all)
        return;
    all = std::move(kept);
    m_files = std::move(files);
    Q_EMIT layerChanged(layer, chunk.frames);
}

void LayerStore::clear(LayerKind layer) {
    const auto gone = ranges(layer);
    if (gone.empty())
        return;
    auto files = std::make_shared<LayerFiles>(*m_files);
    files->m_chunks[std::size_t(layer)].clear();
    m_files = std::move(files);
    Q_EMIT layerChanged(layer, {gone.front().begin, gone.back().end});
}

void LayerStore::clear() {
    for (LayerKind layer : kAllLayers)
        clear(layer);
}

bool LayerStore::has(LayerKind layer, std::int64_t frame) const {
    return m_files->chunkAt(layer, frame) != nullptr;
}

std::vector<FrameRange> LayerStore::ranges(LayerKind layer) const {
    std::vector<FrameRange> joined;
    for (const auto& chunk : m_files->chunks(layer)) {
        if (!joined.empty() && joined.back().end == chunk.frames.begin)
            joined.back().end = chunk.frames.end;
        else
            joined.push_back(chunk.frames);
    }
    return joined;
}

} // namespace strata::ui
