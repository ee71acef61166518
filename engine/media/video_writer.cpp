// SPDX-License-Identifier: Apache-2.0
#include "engine/media/video_writer.h"

#include "engine/media/frame_packer.h"
#include "engine/media/output_file.h"

extern "C" {
#include <libavutil/opt.h>
}

#include <deque>
#include <utility>

namespace strata {
namespace {

using media::FramePtr;

/// With an odd side the chroma of 4:2:0 has no exact size, so it is stored in full.
AVPixelFormat yuvFormat(Size size, int bitDepth) {
    const bool odd = size.width % 2 || size.height % 2;
    if (bitDepth == 10)
        return odd ? AV_PIX_FMT_YUV444P10LE : AV_PIX_FMT_YUV420P10LE;
    return odd ? AV_PIX_FMT_YUV444P : AV_PIX_FMT_YUV420P;
}

AVPixelFormat storeFormat(PixelStore store) {
    switch (store) {
    case PixelStore::Rgb8:
        return AV_PIX_FMT_BGR0;
    case PixelStore::Rgba8:
        return AV_PIX_FMT_BGRA;
    case PixelStore::Gray8:
        return AV_PIX_FMT_GRAY8;
    case PixelStore::Gray16:
        return AV_PIX_FMT_GRAY16LE;
    }
    return AV_PIX_FMT_NONE;
}

const AVCodec* findEncoder(VideoCodec codec) {
    switch (codec) {
    case VideoCodec::H264:
        return avcodec_find_encoder_by_name("libx264");
    case VideoCodec::H265:
        return avcodec_find_encoder_by_name("libx265");
    case VideoCodec::Ffv1:
        return avcodec_find_encoder(AV_CODEC_ID_FFV1);
    }
    return nullptr;
}

/// x264's AVX-512 code lets what happens to lie behind its buffers decide (its macroblock tree), so
/// the same frames would not always give the same file.
std::string x264Options() {
    std::string options = "open-gop=0";
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512f"))
        options += ":asm=avx2";
#endif
    return options;
}

void setCodecOptions(AVCodecContext* c, const VideoWriterOptions& options) {
    if (options.codec == VideoCodec::Ffv1) {
        c->level = 3;
        c->gop_size = 1;
        // A checksum per slice finds damage; four slices keep both decoding and encoding parallel.
        av_opt_set_int(c->priv_data, "slicecrc", 1, 0);
        c->slices = options.size.height >= 64 && options.size.width >= 64 ? 4 : 0;
        return;
    }
    av_opt_set(c->priv_data, "preset", options.preset.c_str(), 0);
    av_opt_set_double(c->priv_data, "crf", options.crf, 0);
    if (options.codec == VideoCodec::H264) {
        av_opt_set(c->priv_data, "x264-params", x264Options().c_str(), 0);
        return;
    }
    // x265 sizes its pool by the machine, and frame threads change its decisions.
    av_opt_set(c->priv_data, "x265-params",
               ("log-level=none:open-gop=0:frame-threads=1:info=0:pools=" +
                std::to_string(options.threads))
                   .c_str(),
               0);
    c->codec_tag = MKTAG('h', 'v', 'c', '1');
}

Status checkOptions(const VideoWriterOptions& o, const std::filesystem::path& path) {
    const auto refuse = [&](const std::string& why) {
        return Error{ErrorCode::Usage, "Cannot write " + path.string() + ": " + why + "."};
    };
    if (o.size.width < 1 || o.size.height < 1 || o.size.width > 16384 || o.size.height > 16384)
        return refuse("the picture size " + std::to_string(o.size.width) + "x" +
                      std::to_string(o.size.height) + " is not possible");
    if (o.fps.num <= 0)
        return refuse("the frame rate must be positive");
    if (o.bitDepth != 8 && o.bitDepth != 10)
        return refuse("colour can have 8 or 10 bits");
    if (o.timing && (o.timing->pts.empty() || o.timing->timeBase.num <= 0))
        return refuse("the frame times are missing");
    return ok();
}

} // namespace

struct VideoWriter::Impl {
    explicit Impl(std::filesystem::path target, VideoWriterOptions o)
        : path(std::move(target))
        , options(std::move(o))
        , file(path) {}

    Status openEncoder();
    Status add(std::int64_t index, Result<FramePtr> frame);
    Status drain();
    std::int64_t ptsOf(std::int64_t frame) const;
    std::int64_t durationOf(std::int64_t frame) const;

    std::filesystem::path path;
    VideoWriterOptions options;
    media::OutputFile file;
    media::CodecPtr encoder;
    std::optional<media::FramePacker> packer;
    media::PacketPtr packet = media::newPacket();
    std::deque<std::pair<std::int64_t, std::int64_t>> durations; // by pts, of frames in the encoder
    std::int64_t first = 0;
    std::int64_t written = 0;
    bool finished = false;
};

Status VideoWriter::Impl::openEncoder() {
    const AVCodec* codec = findEncoder(options.codec);
    if (!codec)
        return Error{ErrorCode::Usage, "This FFmpeg has no encoder for the wanted kind of video."};
    encoder.reset(avcodec_alloc_context3(codec));
    AVCodecContext* c = encoder.get();
    const bool lossless = options.codec == VideoCodec::Ffv1;
    c->width = options.size.width;
    c->height = options.size.height;
    c->pix_fmt = lossless ? storeFormat(options.store) : yuvFormat(options.size, options.bitDepth);
    c->framerate = media::toAv(options.fps);
    c->time_base = options.timing ? media::toAv(options.timing->timeBase) : av_inv_q(c->framerate);
    c->sample_aspect_ratio = media::toAv(options.sampleAspect);
    c->thread_count = options.threads;
    c->flags |= AV_CODEC_FLAG_BITEXACT;
    if (options.keyframeInterval > 0)
        c->gop_size = options.keyframeInterval;
    else if (!lossless)
        c->gop_size = -1;
    ColorTags color = options.color;
    if (lossless)
        color.fullRange = true;
    if (lossless && options.store <= PixelStore::Rgba8)
        color.matrix = AVCOL_SPC_RGB;
    c->color_range = color.fullRange ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG;
    c->colorspace = AVColorSpace(color.matrix);
    c->color_primaries = AVColorPrimaries(color.primaries);
    c->color_trc = AVColorTransferCharacteristic(color.transfer);
    if (c->pix_fmt == AV_PIX_FMT_YUV420P || c->pix_fmt == AV_PIX_FMT_YUV420P10LE)
        c->chroma_sample_location = AVCHROMA_LOC_LEFT;
    setCodecOptions(c, options);
    STRATA_ASSIGN(const bool global, file.wantsGlobalHeader());
    if (global)
        c->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
    if (const int status = avcodec_open2(c, codec, nullptr); status < 0)
        return Error{ErrorCode::Usage,
                     "The encoder for " + path.string() +
                         " does not accept these settings: " + media::avText(status) + "."};
    packer.emplace(options.size, c->pix_fmt, color);

    AVCodecParameters* parameters = avcodec_parameters_alloc();
    avcodec_parameters_from_context(parameters, c);
    const Status opened = file.open(*parameters, c->time_base, c->framerate, options.audio);
    avcodec_parameters_free(&parameters);
    return opened;
}

std::int64_t VideoWriter::Impl::ptsOf(std::int64_t frame) const {
    if (!options.timing)
        return frame;
    const auto& times = options.timing->pts;
    return frame < std::int64_t(times.size()) ? times[std::size_t(frame)] : options.timing->end;
}

std::int64_t VideoWriter::Impl::durationOf(std::int64_t frame) const {
    return std::max<std::int64_t>(1, ptsOf(frame + 1) - ptsOf(frame));
}

Status VideoWriter::Impl::add(std::int64_t index, Result<FramePtr> frame) {
    if (!frame)
        return frame.error();
    if (finished)
        return Error{ErrorCode::Internal, path.string() + " is finished already."};
    if (written == 0)
        first = index;
    if (index != first + written)
        return Error{ErrorCode::Internal, "Frame " + std::to_string(index) + " of " +
                                              path.string() + " is written out of order."};
    if (options.timing && written >= std::int64_t(options.timing->pts.size()))
        return Error{ErrorCode::Internal, path.string() + " gets more frames than it has times."};
    (*frame)->pts = ptsOf(written);
    durations.emplace_back((*frame)->pts, durationOf(written));
    ++written;
    if (const int status = avcodec_send_frame(encoder.get(), frame->get()); status < 0)
        return Error{ErrorCode::Internal,
                     "Encoding " + path.string() + " failed: " + media::avText(status) + "."};
    return drain();
}

Status VideoWriter::Impl::drain() {
    for (;;) {
        const int status = avcodec_receive_packet(encoder.get(), packet.get());
        if (status == AVERROR(EAGAIN) || status == AVERROR_EOF)
            return ok();
        if (status < 0)
            return Error{ErrorCode::Internal,
                         "Encoding " + path.string() + " failed: " + media::avText(status) + "."};
        for (auto it = durations.begin(); it != durations.end(); ++it)
            if (it->first == packet->pts) {
                packet->duration = it->second;
                durations.erase(it);
                break;
            }
        STRATA_TRY(file.write(packet.get()));
    }
}

VideoWriter::VideoWriter(std::unique_ptr<Impl> impl)
    : m_impl(std::move(impl)) {}

VideoWriter::~VideoWriter() = default;

Result<std::unique_ptr<VideoWriter>> VideoWriter::open(const std::filesystem::path& path,
                                                       VideoWriterOptions options) {
    STRATA_TRY(checkOptions(options, path));
    auto impl = std::make_unique<Impl>(path, std::move(options));
    STRATA_TRY(impl->openEncoder());
    return std::unique_ptr<VideoWriter>(new VideoWriter(std::move(impl)));
}

Status VideoWriter::write(std::int64_t index, const ImageU8& frame) {
    return m_impl->add(index, m_impl->packer->pack(frame));
}

Status VideoWriter::write(std::int64_t index, const ImageU16& frame) {
    return m_impl->add(index, m_impl->packer->pack(frame));
}

Status VideoWriter::finish() {
    if (m_impl->finished)
        return ok();
    if (m_impl->written == 0)
        return Error{ErrorCode::NothingToDo,
                     "No frame was written to " + m_impl->path.string() + "."};
    m_impl->finished = true;
    avcodec_send_frame(m_impl->encoder.get(), nullptr);
    STRATA_TRY(m_impl->drain());
    const double end = double(m_impl->ptsOf(m_impl->written)) * av_q2d(m_impl->encoder->time_base);
    return m_impl->file.finish(end);
}

std::int64_t VideoWriter::framesWritten() const { return m_impl->written; }

const std::string& VideoWriter::audioNote() const { return m_impl->file.audioNote(); }

VideoWriterOptions writerOptionsFor(const VideoInfo& source, const FrameTiming& timing,
                                    FrameRange range) {
    VideoWriterOptions options;
    options.size = source.size;
    options.fps = source.fps;
    options.sampleAspect = source.sampleAspect;
    if (source.isVariable)
        options.timing = timing.cut(range);
    return options;
}

} // namespace strata
