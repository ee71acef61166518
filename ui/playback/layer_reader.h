// SPDX-License-Identifier: Apache-2.0
// Internal to ui/playback.
#pragma once

#include "engine/core/frame_source.h"
#include "engine/core/result.h"
#include "engine/media/video_reader.h"
#include "ui/playback/layer_image.h"
#include "ui/playback/layer_store.h"

#include <list>
#include <memory>
#include <optional>

namespace strata::ui {

/// Reads one layer frame by frame out of its files; keeps the last two files open, so that reading
/// around the border of two chunks does not open them again and again. One thread at a time.
class LayerReader {
public:
    explicit LayerReader(LayerKind layer)
        : m_layer(layer) {}

    /// For LayerKind::Source: opens the clip and says what it is.
    Result<VideoInfo> openClip(const std::filesystem::path& clip);

    /// Frame `frame` of the clip. The picture must be of the clip's `fullSize`.
    Result<LayerImage> image(const LayerChunk& chunk, std::int64_t frame, Size fullSize,
                             int reduction);
    /// For LayerKind::Body: the posed body.
    Result<LayerImage> body(const LayerChunk& chunk, std::int64_t frame,
                            const std::shared_ptr<const BodyModel>& model);
    void close();

private:
    struct OpenFile {
        std::filesystem::path path;
        std::unique_ptr<ColorSource> u8; // RGB or one channel
        std::unique_ptr<DepthSource> u16;
    };
    struct OpenMotion {
        std::filesystem::path path;
        std::shared_ptr<const BodyModel> model;
        Motion motion;
        std::unique_ptr<ShapedBody> shaped;
    };

    Result<OpenFile*> opened(const std::filesystem::path& path);
    Result<const OpenMotion*> openedMotion(const std::filesystem::path& path,
                                           const std::shared_ptr<const BodyModel>& model);

    LayerKind m_layer;
    std::list<OpenFile> m_files; // newest first
    std::optional<OpenMotion> m_motion;
};

/// Sides of a picture at 1/reduction.
Size reducedSize(Size size, int reduction);

} // namespace strata::ui
