// SPDX-License-Identifier: Apache-2.0
#include "engine/media/audio_copier.h"

#include "engine/media/input_file.h"

#include <cmath>
#include <string_view>

namespace strata::media {
namespace {

std::int64_t inTicks(Rational seconds, AVRational timeBase) {
    return std::llround(double(seconds.num) * timeBase.den / (double(seconds.den) * timeBase.num));
}

} // namespace

Status AudioCopier::open(const AudioCopy& copy, const AVFormatContext& target) {
    STRATA_ASSIGN(m_source, openInput(copy.from));
    m_from = findAudioStream(m_source.get());
    if (m_from < 0) {
        m_source.reset();
        m_note = copy.from.string() + " has no audio to copy.";
        return ok();
    }
    const AVStream& stream = *m_source->streams[m_from];
    if (avformat_query_codec(target.oformat, stream.codecpar->codec_id, FF_COMPLIANCE_NORMAL) !=
        1) {
        m_note = "The audio of " + copy.from.string() + " is " +
                 avcodec_get_name(stream.codecpar->codec_id) +
                 ", which this kind of file cannot hold.";
        m_source.reset();
        return ok();
    }
    for (unsigned i = 0; i < m_source->nb_streams; ++i)
        if (int(i) != m_from)
            m_source->streams[i]->discard = AVDISCARD_ALL;
    const std::string_view container(target.oformat->name);
    m_skipsStart = container == "mp4" || container == "mov";
    m_origin = inTicks(copy.start, stream.time_base);
    if (copy.stop)
        m_stop = inTicks(*copy.stop, stream.time_base);
    // Going a little further back than needed costs nothing: earlier packets are dropped by their
    // time.
    if (copy.start.value() > 2.0)
        av_seek_frame(m_source.get(), m_from,
                      inTicks({copy.start.num - copy.start.den, copy.start.den}, stream.time_base),
                      AVSEEK_FLAG_BACKWARD);
    return ok();
}

Status AudioCopier::addStream(AVFormatContext* target) {
    if (!active())
        return ok();
    AVStream* stream = avformat_new_stream(target, nullptr);
    const AVStream& source = *m_source->streams[m_from];
    if (!stream || avcodec_parameters_copy(stream->codecpar, source.codecpar) < 0)
        return Error{ErrorCode::OutOfMemory, "There is not enough memory to write a file."};
    stream->codecpar->codec_tag = 0;
    stream->time_base = source.time_base;
    m_to = stream->index;
    return ok();
}

bool AudioCopier::readNext() {
    while (!m_ended) {
        av_packet_unref(m_packet.get());
        if (av_read_frame(m_source.get(), m_packet.get()) < 0)
            break;
        if (m_packet->stream_index != m_from || m_packet->pts == AV_NOPTS_VALUE)
            continue;
        if (m_stop && m_packet->pts >= *m_stop)
            break;
        // A packet that straddles the start stays where the container can have its part before time
        // 0 skipped; elsewhere it would push the pictures back.
        const std::int64_t counts =
            m_skipsStart ? m_packet->pts + std::max<std::int64_t>(m_packet->duration, 1) - 1
                         : m_packet->pts;
        if (counts >= m_origin)
            return true;
    }
    m_ended = true;
    return false;
}

int AudioCopier::copyUntil(AVFormatContext* target, double seconds) {
    while (active() && !m_ended) {
        if (!m_waiting && !readNext())
            break;
        m_waiting = true;
        const AVRational from = m_source->streams[m_from]->time_base;
        if (double(m_packet->pts - m_origin) * av_q2d(from) >= seconds)
            break;
        m_packet->pts -= m_origin;
        m_packet->dts = m_packet->dts == AV_NOPTS_VALUE ? m_packet->pts : m_packet->dts - m_origin;
        m_packet->stream_index = m_to;
        m_packet->pos = -1;
        av_packet_rescale_ts(m_packet.get(), from, target->streams[m_to]->time_base);
        m_waiting = false;
        if (const int status = av_interleaved_write_frame(target, m_packet.get()); status < 0)
            return status;
    }
    return 0;
}

} // namespace strata::media
