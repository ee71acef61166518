// SPDX-License-Identifier: Apache-2.0
#include "engine/media/packet_index.h"

#include <algorithm>

namespace strata::media {
namespace {

bool reorders(AVCodecID codec) {
    const AVCodecDescriptor* descriptor = avcodec_descriptor_get(codec);
    return !descriptor || (descriptor->props & AV_CODEC_PROP_REORDER);
}

/// VP8 stores reference pictures that are never shown as packets of their own.
bool isHidden(const AVPacket& packet, AVCodecID codec) {
    return codec == AV_CODEC_ID_VP8 && packet.size > 0 && !(packet.data[0] & 0x10);
}

} // namespace

PacketIndex PacketIndex::scan(AVFormatContext* file, int stream) {
    PacketIndex index;
    const AVStream& wanted = *file->streams[stream];
    for (unsigned i = 0; i < file->nb_streams; ++i)
        file->streams[i]->discard = int(i) == stream ? AVDISCARD_DEFAULT : AVDISCARD_ALL;

    PacketPtr packet = newPacket();
    bool lastIsCut = false;
    int status = 0;
    while ((status = av_read_frame(file, packet.get())) >= 0) {
        if (packet->stream_index == stream) {
            lastIsCut = packet->flags & AV_PKT_FLAG_CORRUPT;
            if (!lastIsCut)
                index.add(*packet, wanted);
        }
        av_packet_unref(packet.get());
    }
    index.m_truncated = lastIsCut || status != AVERROR_EOF || wanted.nb_frames > index.m_packets;
    index.arrange();
    index.m_truncated = index.m_truncated || index.endsEarly(*file, wanted);
    return index;
}

/// Matroska only tells how long it should be. With one stream, that is the length of the pictures.
bool PacketIndex::endsEarly(const AVFormatContext& file, const AVStream& stream) const {
    if (file.nb_streams != 1 || stream.nb_frames > 0 || m_entries.size() < 2 ||
        file.duration == AV_NOPTS_VALUE ||
        file.duration_estimation_method != AVFMT_DURATION_FROM_STREAM)
        return false;
    const std::int64_t span = m_entries.back().pts - m_entries.front().pts;
    const double frame = double(span) / double(m_entries.size() - 1) * av_q2d(stream.time_base);
    const double seen = double(m_entries.back().pts) * av_q2d(stream.time_base) + 2.5 * frame;
    return seen < double(file.duration) / AV_TIME_BASE;
}

PacketIndex PacketIndex::counted(std::vector<std::int64_t> times) {
    PacketIndex index;
    index.m_counted = true;
    for (std::size_t i = 0; i < times.size(); ++i)
        index.m_entries.push_back({times[i], 0, std::int64_t(i)});
    for (std::size_t i = 0; i + 1 < times.size(); ++i)
        index.m_entries[i].duration = times[i + 1] - times[i];
    return index;
}

void PacketIndex::add(const AVPacket& packet, const AVStream& stream) {
    const std::int64_t order = m_packets++;
    std::int64_t pts = packet.pts;
    if (pts == AV_NOPTS_VALUE && !reorders(stream.codecpar->codec_id))
        pts = packet.dts;
    if (pts == AV_NOPTS_VALUE) {
        m_needsCounting = true;
        return;
    }
    if (packet.flags & AV_PKT_FLAG_KEY)
        m_keys.push_back({pts, packet.dts, order});
    // Packets outside an edit list are decoded for those that need them but never shown.
    if (!(packet.flags & AV_PKT_FLAG_DISCARD) && !isHidden(packet, stream.codecpar->codec_id))
        m_entries.push_back({pts, packet.duration, order});
}

void PacketIndex::arrange() {
    const auto earlier = [](const auto& a, const auto& b) { return a.pts < b.pts; };
    std::stable_sort(m_entries.begin(), m_entries.end(), earlier);
    std::stable_sort(m_keys.begin(), m_keys.end(), earlier);
    for (std::size_t i = 1; i < m_entries.size(); ++i)
        m_needsCounting = m_needsCounting || m_entries[i].pts == m_entries[i - 1].pts;
}

std::int64_t PacketIndex::lowerBound(std::int64_t pts) const {
    const auto it = std::lower_bound(m_entries.begin(), m_entries.end(), pts,
                                     [](const Entry& e, std::int64_t p) { return e.pts < p; });
    return it - m_entries.begin();
}

std::int64_t PacketIndex::find(std::int64_t pts) const {
    const std::int64_t i = lowerBound(pts);
    return i < count() && at(i).pts == pts ? i : -1;
}

std::int64_t PacketIndex::keyFor(std::int64_t pts) const {
    const auto it = std::upper_bound(m_keys.begin(), m_keys.end(), pts,
                                     [](std::int64_t p, const Key& k) { return p < k.pts; });
    return it - m_keys.begin() - 1;
}

bool PacketIndex::hasOrphans() const {
    return !m_counted && !m_entries.empty() &&
           (m_keys.empty() || m_entries.front().pts < m_keys.front().pts);
}

void PacketIndex::retain(std::int64_t first, std::int64_t last,
                         const std::vector<std::int64_t>& keep) {
    const auto begin = m_entries.begin() + first;
    const auto end = std::remove_if(begin, m_entries.begin() + last, [&](const Entry& entry) {
        return !std::binary_search(keep.begin(), keep.end(), entry.pts);
    });
    m_entries.erase(end, m_entries.begin() + last);
}

} // namespace strata::media
