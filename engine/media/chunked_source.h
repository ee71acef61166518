// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/frame_source.h"

#include <filesystem>
#include <functional>
#include <list>
#include <string>
#include <utility>
#include <vector>

namespace strata {

/// One clip out of chunk files that hold `chunkLength` frames each, the last one the rest. Files
/// are opened when needed; at most two stay open, so that reading around a border does not open
/// them again and again.
template <typename T>
class ChunkedSource : public FrameSource<T> {
public:
    using typename FrameSource<T>::Frame;
    using Source = std::unique_ptr<FrameSource<T>>;
    using Opener = std::function<Result<Source>(const std::filesystem::path&)>;

    /// Nothing is opened here: `size` and `frameCount` are what the files must hold together.
    ChunkedSource(std::vector<std::filesystem::path> chunks, std::int64_t chunkLength,
                  std::int64_t frameCount, Size size, Opener open)
        : m_chunks(std::move(chunks))
        , m_chunkLength(chunkLength)
        , m_frameCount(frameCount)
        , m_size(size)
        , m_open(std::move(open)) {}

    std::int64_t frameCount() const override { return m_frameCount; }
    Size frameSize() const override { return m_size; }

    Result<Frame> frame(std::int64_t index) override {
        if (index < 0 || index >= m_frameCount || m_chunkLength <= 0)
            return Error{ErrorCode::Internal,
                         "There is no frame " + std::to_string(index) + " in this clip."};
        const auto chunk = std::size_t(index / m_chunkLength);
        STRATA_ASSIGN(FrameSource<T>* const source, opened(chunk));
        return source->frame(index % m_chunkLength);
    }

private:
    Result<FrameSource<T>*> opened(std::size_t chunk) {
        for (auto it = m_recent.begin(); it != m_recent.end(); ++it)
            if (it->first == chunk) {
                m_recent.splice(m_recent.begin(), m_recent, it);
                return m_recent.front().second.get();
            }
        if (chunk >= m_chunks.size())
            return Error{ErrorCode::Internal,
                         "Chunk " + std::to_string(chunk) + " of this clip is missing."};
        if (m_recent.size() >= 2)
            m_recent.pop_back();
        STRATA_ASSIGN(Source source, m_open(m_chunks[chunk]));
        const auto wanted =
            std::min(m_chunkLength, m_frameCount - std::int64_t(chunk) * m_chunkLength);
        if (source->frameSize() != m_size || source->frameCount() < wanted)
            return Error{ErrorCode::BadFormat, "The chunk " + m_chunks[chunk].string() +
                                                   " does not have the expected frames."};
        m_recent.emplace_front(chunk, std::move(source));
        return m_recent.front().second.get();
    }

    std::vector<std::filesystem::path> m_chunks;
    std::int64_t m_chunkLength;
    std::int64_t m_frameCount;
    Size m_size;
    Opener m_open;
    std::list<std::pair<std::size_t, Source>> m_recent; // newest first
};

/// Openers with few frames in memory and no thread ahead, which suit several sources side by side.
Result<std::unique_ptr<ColorSource>> openColorChunk(const std::filesystem::path& path);
Result<std::unique_ptr<MaskSource>> openMaskChunk(const std::filesystem::path& path);
Result<std::unique_ptr<DepthSource>> openDepthChunk(const std::filesystem::path& path);

} // namespace strata
