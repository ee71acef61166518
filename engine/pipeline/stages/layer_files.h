// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/frame_source.h"
#include "engine/media/video_writer.h"
#include "engine/pipeline/stage_runner.h"

#include <memory>

namespace strata {

/// Lossless writer of one layer. Layers in the cache are read by frame number, so their rate
/// matters only in files for people.
Result<std::unique_ptr<VideoWriter>> openLayerWriter(const std::filesystem::path& file, Size size,
                                                     PixelStore store, Rational fps = {25});

/// The layer `name` of a finished stage as one source of frames.
std::unique_ptr<MaskSource> maskLayer(const StageResult& stage, const std::string& name, Size size);
std::unique_ptr<DepthSource> depthLayer(const StageResult& stage, const std::string& name,
                                        Size size);
std::unique_ptr<ColorSource> colorLayer(const StageResult& stage, const std::string& name,
                                        Size size);

} // namespace strata
