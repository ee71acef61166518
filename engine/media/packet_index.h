// SPDX-License-Identifier: Apache-2.0
// Internal to engine/media.
#pragma once

#include "engine/media/av_handles.h"

#include <cstdint>
#include <vector>

namespace strata::media {

/// Where every frame of a stream is, from one pass over its packets without decoding.
class PacketIndex {
public:
    struct Entry {
        std::int64_t pts = 0;
        std::int64_t duration = 0;
        std::int64_t order = 0; // place in the file among the stream's packets
    };
    struct Key {
        std::int64_t pts = 0;
        std::int64_t dts = 0;
        std::int64_t order = 0;
    };

    /// Reads `file` to its end.
    static PacketIndex scan(AVFormatContext* file, int stream);
    /// An index for streams without usable times: frame i is the i-th one decoded, at `times[i]`.
    static PacketIndex counted(std::vector<std::int64_t> times);

    std::int64_t count() const { return std::int64_t(m_entries.size()); }
    const Entry& at(std::int64_t frame) const { return m_entries[std::size_t(frame)]; }
    /// The frame shown at exactly `pts`, or -1.
    std::int64_t find(std::int64_t pts) const;
    /// First frame at or after `pts`; count() if there is none.
    std::int64_t lowerBound(std::int64_t pts) const;
    /// The last key frame shown at or before `pts`, as a number into keys(); -1 if there is none.
    std::int64_t keyFor(std::int64_t pts) const;
    const std::vector<Key>& keys() const { return m_keys; }

    /// Times are missing or repeat: frames can only be told by counting.
    bool needsCounting() const { return m_needsCounting; }
    bool isCounted() const { return m_counted; }
    /// The file stops in the middle of a packet or earlier than it says.
    bool isTruncated() const { return m_truncated; }
    /// Frames shown before the first key frame may not decode.
    bool hasOrphans() const;

    /// Forgets frames in [first, last) that `keep` does not name; `keep` is sorted.
    void retain(std::int64_t first, std::int64_t last, const std::vector<std::int64_t>& keep);

private:
    void add(const AVPacket& packet, const AVStream& stream);
    void arrange();
    bool endsEarly(const AVFormatContext& file, const AVStream& stream) const;

    std::vector<Entry> m_entries; // in the order of showing
    std::vector<Key> m_keys;      // in the order of showing
    std::int64_t m_packets = 0;
    bool m_needsCounting = false;
    bool m_counted = false;
    bool m_truncated = false;
};

} // namespace strata::media
