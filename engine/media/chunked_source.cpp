// SPDX-License-Identifier: Apache-2.0
#include "engine/media/chunked_source.h"

#include "engine/media/gray_reader.h"

namespace strata {
namespace {

constexpr VideoReaderOptions chunkOptions{.readAhead = 2, .cachedFrames = 4, .decoderThreads = 1};

} // namespace

Result<std::unique_ptr<ColorSource>> openColorChunk(const std::filesystem::path& path) {
    STRATA_ASSIGN(auto reader, VideoReader::open(path, chunkOptions));
    return std::unique_ptr<ColorSource>(std::move(reader));
}

Result<std::unique_ptr<MaskSource>> openMaskChunk(const std::filesystem::path& path) {
    STRATA_ASSIGN(auto reader, MaskReader::open(path, chunkOptions));
    return std::unique_ptr<MaskSource>(std::move(reader));
}

Result<std::unique_ptr<DepthSource>> openDepthChunk(const std::filesystem::path& path) {
    STRATA_ASSIGN(auto reader, DepthReader::open(path, chunkOptions));
    return std::unique_ptr<DepthSource>(std::move(reader));
}

} // namespace strata
