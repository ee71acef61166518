// SPDX-License-Identifier: Apache-2.0
#include "engine/media/output_file.h"

namespace strata::media {
namespace fs = std::filesystem;

OutputFile::~OutputFile() {
    if (!m_context)
        return;
    if (m_context->pb)
        avio_closep(&m_context->pb);
    avformat_free_context(m_context);
}

Error OutputFile::failure(int code) const {
    return {ErrorCode::Io, "Cannot write " + m_file.target().string() + ": " + avText(code) + "."};
}

Status OutputFile::allocate() {
    silenceFfmpeg();
    if (m_context)
        return ok();
    const std::string url = "file:" + m_file.path().string();
    avformat_alloc_output_context2(&m_context, nullptr, nullptr, url.c_str());
    if (!m_context)
        return Error{ErrorCode::Usage, "The name " + m_file.target().string() +
                                           " has no ending of a known kind of video file."};
    // Same input, same bytes: no version numbers, no dates.
    m_context->flags |= AVFMT_FLAG_BITEXACT;
    return ok();
}

Result<bool> OutputFile::wantsGlobalHeader() {
    STRATA_TRY(allocate());
    return (m_context->oformat->flags & AVFMT_GLOBALHEADER) != 0;
}

Status OutputFile::open(const AVCodecParameters& video, AVRational timeBase, AVRational fps,
                        const std::optional<AudioCopy>& audio) {
    STRATA_TRY(allocate());
    AVStream* stream = avformat_new_stream(m_context, nullptr);
    if (!stream || avcodec_parameters_copy(stream->codecpar, &video) < 0)
        return Error{ErrorCode::OutOfMemory, "There is not enough memory to write a file."};
    m_timeBase = timeBase;
    stream->time_base = timeBase;
    stream->avg_frame_rate = stream->r_frame_rate = fps;
    stream->sample_aspect_ratio = video.sample_aspect_ratio;
    if (audio) {
        STRATA_TRY(m_audio.open(*audio, *m_context));
        STRATA_TRY(m_audio.addStream(m_context));
    }
    if (const int status = avio_open(&m_context->pb, m_context->url, AVIO_FLAG_WRITE); status < 0)
        return failure(status);
    AVDictionary* options = nullptr;
    av_dict_set(&options, "movflags", "+faststart", 0);
    av_dict_set(&options, "use_editlist", "1", 0);
    const int status = avformat_write_header(m_context, &options);
    av_dict_free(&options);
    if (status < 0)
        return failure(status);
    m_started = true;
    return ok();
}

Status OutputFile::write(AVPacket* packet) {
    AVStream* stream = m_context->streams[0];
    const double seconds = double(packet->dts) * av_q2d(m_timeBase);
    if (const int status = m_audio.copyUntil(m_context, seconds); status < 0)
        return failure(status);
    packet->stream_index = 0;
    packet->pos = -1;
    av_packet_rescale_ts(packet, m_timeBase, stream->time_base);
    if (const int status = av_interleaved_write_frame(m_context, packet); status < 0)
        return failure(status);
    if (m_context->pb->error < 0)
        return failure(m_context->pb->error);
    return ok();
}

Status OutputFile::finish(double seconds) {
    if (const int status = m_audio.copyUntil(m_context, seconds); status < 0)
        return failure(status);
    int status = av_write_trailer(m_context);
    if (m_context->pb->error < 0)
        status = m_context->pb->error;
    const int closed = avio_closep(&m_context->pb);
    if (status < 0 || closed < 0)
        return failure(status < 0 ? status : closed);
    return m_file.commit();
}

} // namespace strata::media
