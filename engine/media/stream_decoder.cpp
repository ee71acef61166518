// SPDX-License-Identifier: Apache-2.0
#include "engine/media/stream_decoder.h"

#include "engine/media/input_file.h"

#include <algorithm>

namespace strata::media {
namespace fs = std::filesystem;
namespace {

constexpr std::int64_t noPts = AV_NOPTS_VALUE;

std::int64_t timeOf(const AVFrame& frame) {
    return frame.pts != noPts ? frame.pts : frame.best_effort_timestamp;
}

} // namespace

Result<std::unique_ptr<StreamDecoder>> StreamDecoder::open(const fs::path& path, Limits limits) {
    std::unique_ptr<StreamDecoder> decoder(new StreamDecoder(path, limits));
    STRATA_TRY(decoder->openFile());
    STRATA_TRY(decoder->openCodec());
    STRATA_TRY(decoder->buildIndex());
    return decoder;
}

Status StreamDecoder::openFile() {
    STRATA_ASSIGN(m_file, openInput(m_path));
    STRATA_ASSIGN(m_stream, findVideoStream(m_file.get(), m_path));
    m_hasAudio = findAudioStream(m_file.get()) >= 0;
    for (unsigned i = 0; i < m_file->nb_streams; ++i)
        if (int(i) != m_stream)
            m_file->streams[i]->discard = AVDISCARD_ALL;
    return ok();
}

Status StreamDecoder::openCodec() {
    const AVCodecParameters* parameters = stream().codecpar;
    if (parameters->width <= 0 || parameters->height <= 0)
        return Error{ErrorCode::BadFormat,
                     m_path.string() + " has a video stream without pictures."};
    if (std::int64_t(parameters->width) * parameters->height > m_limits.maxPixels)
        return Error{ErrorCode::BadFormat, m_path.string() + " has pictures of " +
                                               std::to_string(parameters->width) + "x" +
                                               std::to_string(parameters->height) +
                                               " pixels, which is more than is accepted."};
    const AVCodec* codec = avcodec_find_decoder(parameters->codec_id);
    if (!codec)
        return Error{ErrorCode::BadFormat, m_path.string() + " is coded as " +
                                               avcodec_get_name(parameters->codec_id) +
                                               ", which this FFmpeg cannot decode."};
    m_codec.reset(avcodec_alloc_context3(codec));
    avcodec_parameters_to_context(m_codec.get(), parameters);
    m_codec->pkt_timebase = stream().time_base;
    m_codec->thread_count = m_limits.threads;
    m_codec->thread_type = FF_THREAD_FRAME | FF_THREAD_SLICE;
    m_codec->max_pixels = m_limits.maxPixels;
    if (avcodec_open2(m_codec.get(), codec, nullptr) < 0)
        return Error{ErrorCode::BadFormat,
                     "The video stream of " + m_path.string() + " cannot be decoded."};
    m_canSkip = codec->id == AV_CODEC_ID_H264 || codec->id == AV_CODEC_ID_HEVC;
    return ok();
}

Status StreamDecoder::buildIndex() {
    m_index = PacketIndex::scan(m_file.get(), m_stream);
    if (m_index.needsCounting())
        STRATA_TRY(countFrames());
    else if (m_index.isTruncated() || m_index.hasOrphans())
        dropWhatDoesNotDecode();
    if (m_index.count() == 0)
        return Error{ErrorCode::BadFormat, m_path.string() + " has no frame that can be decoded."};
    return rewind();
}

Status StreamDecoder::countFrames() {
    STRATA_TRY(rewind());
    std::vector<std::int64_t> times;
    while (next(noPts)) {
        const std::int64_t time = timeOf(*m_ahead.frame);
        times.push_back(time == noPts ? std::int64_t(times.size()) : time);
    }
    // Times that do not rise say nothing: number the frames at the average rate instead.
    const bool rises =
        std::adjacent_find(times.begin(), times.end(), std::greater_equal<>()) == times.end();
    if (!rises) {
        const AVRational rate =
            stream().avg_frame_rate.num ? stream().avg_frame_rate : AVRational{25, 1};
        for (std::size_t i = 0; i < times.size(); ++i)
            times[i] = av_rescale_q(std::int64_t(i), av_inv_q(rate), stream().time_base);
    }
    m_index = PacketIndex::counted(std::move(times));
    return ok();
}

/// Frames that follow the break of a cut file, or come before the first key frame, are told by
/// decoding that part.
void StreamDecoder::dropWhatDoesNotDecode() {
    if (m_index.hasOrphans()) {
        const std::int64_t end = m_index.keys().empty()
                                     ? m_index.count()
                                     : m_index.lowerBound(m_index.keys().front().pts);
        m_index.retain(0, end, timesFrom(-1));
    }
    if (m_index.isTruncated() && m_index.count() > 0) {
        // One group of pictures further back, because pictures cross the border in open groups.
        const std::int64_t key =
            std::max<std::int64_t>(0, m_index.keyFor(m_index.at(m_index.count() - 1).pts) - 1);
        const std::int64_t first =
            m_index.keys().empty() ? 0 : m_index.lowerBound(m_index.keys()[std::size_t(key)].pts);
        m_index.retain(first, m_index.count(), timesFrom(key));
    }
}

/// Times of the frames that come out when decoding from a key frame to the end (-1: to the second
/// key frame).
std::vector<std::int64_t> StreamDecoder::timesFrom(std::int64_t key) {
    std::vector<std::int64_t> times;
    const bool head = key < 0;
    const bool found = !head && !m_index.keys().empty() &&
                       bool(seekFor(m_index.lowerBound(m_index.keys()[std::size_t(key)].pts)));
    if (!found && !rewind())
        return times;
    while (next(noPts)) {
        times.push_back(timeOf(*m_ahead.frame));
        if (head && m_index.keys().size() > 1 && times.back() >= m_index.keys()[1].pts)
            break;
    }
    m_ahead.index = -1;
    std::sort(times.begin(), times.end());
    return times;
}

bool StreamDecoder::mustSeek(std::int64_t frame) const {
    if (!m_positioned || frame < m_position)
        return true;
    if (m_index.isCounted() || frame - m_position < 16)
        return false;
    const std::int64_t key = m_index.keyFor(m_index.at(frame).pts);
    return key >= 0 && m_index.lowerBound(m_index.keys()[std::size_t(key)].pts) > m_position + 8;
}

Status StreamDecoder::rewind() {
    // Opening again is the one way that works for every format.
    m_file.reset();
    STRATA_TRY(openFile());
    avcodec_flush_buffers(m_codec.get());
    m_packetWaits = m_drained = false;
    m_positioned = true;
    m_position = 0;
    m_current.index = m_ahead.index = -1;
    return ok();
}

/// Seeks and looks at the first packet: true if decoding from there passes the key frame.
bool StreamDecoder::landsBefore(std::int64_t key, std::int64_t timestamp) {
    const PacketIndex::Key& wanted = m_index.keys()[std::size_t(key)];
    if (timestamp == noPts ||
        av_seek_frame(m_file.get(), m_stream, timestamp, AVSEEK_FLAG_BACKWARD) < 0)
        return false;
    av_packet_unref(m_packet.get());
    m_packetWaits = false;
    while (av_read_frame(m_file.get(), m_packet.get()) >= 0) {
        if (m_packet->stream_index != m_stream) {
            av_packet_unref(m_packet.get());
            continue;
        }
        m_packetWaits = true;
        const std::int64_t pts = m_packet->pts != noPts ? m_packet->pts : m_packet->dts;
        if (pts == wanted.pts)
            return true;
        const std::int64_t at = m_index.find(pts);
        return (m_packet->flags & AV_PKT_FLAG_KEY) && at >= 0 &&
               m_index.at(at).order < wanted.order;
    }
    return false;
}

Status StreamDecoder::seekFor(std::int64_t frame) {
    const std::int64_t first = m_index.isCounted() ? -1 : m_index.keyFor(m_index.at(frame).pts);
    std::int64_t step = 1;
    for (std::int64_t key = first; key >= 0; key -= step, step *= 2) {
        const PacketIndex::Key& target = m_index.keys()[std::size_t(key)];
        if (!landsBefore(key, target.pts) && !landsBefore(key, target.dts))
            continue;
        avcodec_flush_buffers(m_codec.get());
        m_drained = false;
        m_positioned = true;
        m_position = m_index.lowerBound(m_packet->pts);
        m_current.index = m_ahead.index = -1;
        return ok();
    }
    return rewind();
}

/// Gives the decoder one more packet, or tells it that there are no more.
bool StreamDecoder::feed(std::int64_t wantedPts) {
    while (!m_drained) {
        if (!m_packetWaits) {
            av_packet_unref(m_packet.get());
            if (av_read_frame(m_file.get(), m_packet.get()) < 0) {
                m_drained = true;
                avcodec_send_packet(m_codec.get(), nullptr);
                return true;
            }
        }
        m_packetWaits = false;
        if (m_packet->stream_index != m_stream)
            continue;
        if (m_index.isTruncated() && (m_packet->flags & AV_PKT_FLAG_CORRUPT))
            continue;
        const bool passing =
            m_canSkip && wantedPts != noPts && m_packet->pts != noPts && m_packet->pts < wantedPts;
        m_codec->skip_frame = passing ? AVDISCARD_NONREF : AVDISCARD_DEFAULT;
        if (avcodec_send_packet(m_codec.get(), m_packet.get()) == AVERROR(EAGAIN))
            m_packetWaits = true;
        return true;
    }
    return false;
}

bool StreamDecoder::next(std::int64_t wantedPts) {
    for (;;) {
        const int status = avcodec_receive_frame(m_codec.get(), m_ahead.frame.get());
        if (status == 0)
            return true;
        if (status == AVERROR_EOF)
            return false;
        // A damaged packet costs its frame, not the ones after it.
        if (status == AVERROR(EAGAIN) && !feed(wantedPts))
            return false;
    }
}

Result<const AVFrame*> StreamDecoder::decode(std::int64_t frame) {
    if (frame == m_current.index)
        return m_current.frame.get();
    const std::int64_t wantedPts = m_index.isCounted() ? noPts : m_index.at(frame).pts;
    if (m_ahead.index < 0 || frame < m_ahead.index) {
        if (m_ahead.index >= 0 && frame >= m_position && m_current.index >= 0)
            return conceal(frame);
        if (mustSeek(frame))
            STRATA_TRY(seekFor(frame));
    }
    for (;;) {
        if (m_ahead.index < 0) {
            if (!next(wantedPts)) {
                m_positioned = false;
                return conceal(frame);
            }
            m_ahead.index = m_index.isCounted() ? m_position : m_index.find(timeOf(*m_ahead.frame));
            if (m_ahead.index < 0)
                continue; // shown outside the edit list, or unknown
        }
        if (m_ahead.index > frame)
            return conceal(frame);
        std::swap(m_current, m_ahead);
        m_ahead.index = -1;
        m_position = m_current.index + 1;
        if (m_current.index == frame)
            return m_current.frame.get();
    }
}

/// The frame is damaged in the file: the one before it stands for it, or the next at the very
/// beginning.
Result<const AVFrame*> StreamDecoder::conceal(std::int64_t frame) {
    ++m_damaged;
    if (m_current.index >= 0)
        return m_current.frame.get();
    if (m_ahead.index >= 0)
        return m_ahead.frame.get();
    return Error{ErrorCode::BadFormat, "Frame " + std::to_string(frame) + " of " + m_path.string() +
                                           " cannot be decoded."};
}

} // namespace strata::media
