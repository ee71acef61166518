// SPDX-License-Identifier: Apache-2.0
// Internal to engine/media.
#pragma once

#include "engine/core/result.h"
#include "engine/media/av_handles.h"
#include "engine/media/packet_index.h"

#include <atomic>
#include <filesystem>

namespace strata::media {

/// Decoded frames of a file by number. Going forward decodes on; anything else seeks to the key
/// frame before. One thread at a time.
class StreamDecoder {
public:
    struct Limits {
        int threads = 0;
        std::int64_t maxPixels = 1LL << 28;
    };

    static Result<std::unique_ptr<StreamDecoder>> open(const std::filesystem::path& path,
                                                       Limits limits);

    /// Stays valid until the next call.
    Result<const AVFrame*> decode(std::int64_t frame);

    const PacketIndex& index() const { return m_index; }
    const AVFormatContext& file() const { return *m_file; }
    const AVStream& stream() const { return *m_file->streams[m_stream]; }
    const AVCodecContext& codec() const { return *m_codec; }
    bool hasAudio() const { return m_hasAudio; }
    std::int64_t damagedFrames() const { return m_damaged; }

private:
    struct Held {
        FramePtr frame = newFrame();
        std::int64_t index = -1; // -1: nothing here
    };

    StreamDecoder(std::filesystem::path path, Limits limits)
        : m_path(std::move(path))
        , m_limits(limits) {}

    Status openFile();
    Status openCodec();
    Status buildIndex();
    Status countFrames();
    void dropWhatDoesNotDecode();
    std::vector<std::int64_t> timesFrom(std::int64_t key);

    bool mustSeek(std::int64_t frame) const;
    Status seekFor(std::int64_t frame);
    bool landsBefore(std::int64_t key, std::int64_t timestamp);
    Status rewind();
    /// The next frame the decoder gives into m_ahead; false at the end.
    bool next(std::int64_t wantedPts);
    bool feed(std::int64_t wantedPts);
    Result<const AVFrame*> conceal(std::int64_t frame);

    std::filesystem::path m_path;
    Limits m_limits;
    InputPtr m_file;
    CodecPtr m_codec;
    int m_stream = -1;
    bool m_hasAudio = false;
    bool m_canSkip = false; // the codec tells frames nothing depends on
    PacketIndex m_index;

    PacketPtr m_packet = newPacket();
    bool m_packetWaits = false; // read by landsBefore(), to be fed first
    bool m_drained = false;
    bool m_positioned = true;    // false: seek before decoding on
    std::int64_t m_position = 0; // number of the frame that comes out next
    Held m_current;
    Held m_ahead; // came out while an earlier frame was missing
    std::atomic<std::int64_t> m_damaged = 0;
};

} // namespace strata::media
