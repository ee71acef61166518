// SPDX-License-Identifier: Apache-2.0
#include "engine/pipeline/stages/layer_files.h"

#include "engine/media/chunked_source.h"

namespace strata {

Result<std::unique_ptr<VideoWriter>> openLayerWriter(const std::filesystem::path& file, Size size,
                                                     PixelStore store, Rational fps) {
    VideoWriterOptions options;
    options.fps = fps;
    options.codec = VideoCodec::Ffv1;
    options.store = store;
    options.size = size;
    return VideoWriter::open(file, options);
}

std::unique_ptr<MaskSource> maskLayer(const StageResult& stage, const std::string& name,
                                      Size size) {
    return std::make_unique<ChunkedSource<std::uint8_t>>(stage.files(name), stage.chunkLength,
                                                         stage.frameCount, size, openMaskChunk);
}

std::unique_ptr<DepthSource> depthLayer(const StageResult& stage, const std::string& name,
                                        Size size) {
    return std::make_unique<ChunkedSource<std::uint16_t>>(stage.files(name), stage.chunkLength,
                                                          stage.frameCount, size, openDepthChunk);
}

std::unique_ptr<ColorSource> colorLayer(const StageResult& stage, const std::string& name,
                                        Size size) {
    return std::make_unique<ChunkedSource<std::uint8_t>>(stage.files(name), stage.chunkLength,
                                                         stage.frameCount, size, openColorChunk);
}

} // namespace strata
