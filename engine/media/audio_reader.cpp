// SPDX-License-Identifier: Apache-2.0
#include "engine/media/audio_reader.h"

#include "engine/media/audio_stream.h"

extern "C" {
#include <libswresample/swresample.h>
}

#include <algorithm>
#include <cmath>
#include <vector>

namespace strata {

using namespace media;

namespace {

constexpr int kGap = 200;     // of a second: a smaller gap between frames is none
constexpr double kLead = 0.1; // seconds decoded before a goal: codecs need a run-up

struct SwrDeleter {
    void operator()(SwrContext* p) const { swr_free(&p); }
};
using SwrPtr = std::unique_ptr<SwrContext, SwrDeleter>;

/// What a converter was made for.
struct Layout {
    int format = AV_SAMPLE_FMT_NONE, rate = 0, channels = 0;
    bool operator==(const Layout&) const = default;
};

} // namespace

struct AudioReader::Impl {
    AudioStream audio;
    int rate = 0;
    Rational start;
    FramePtr frame = newFrame();
    PacketPtr packet = newPacket();
    SwrPtr converter;
    Layout layout;
    std::int64_t next = 0;      // sample pair that the next read() begins with, from `start`
    std::int64_t at = 0;        // of the first pair in `pending`
    std::vector<float> pending; // converted, not yet read
    std::size_t used = 0;       // of it, in values
    bool drained = false;

    bool convert();
    bool more();
    std::int64_t waiting() const { return std::int64_t(pending.size() - used) / channels; }
};

/// The decoded frame as pairs of the wanted rate, behind those that are pending.
bool AudioReader::Impl::convert() {
    const Layout of{frame->format, frame->sample_rate, frame->ch_layout.nb_channels};
    const bool fresh = !(of == layout);
    if (fresh) {
        AVChannelLayout stereo;
        av_channel_layout_default(&stereo, channels);
        SwrContext* made = nullptr;
        swr_alloc_set_opts2(&made, &stereo, AV_SAMPLE_FMT_FLT, rate, &frame->ch_layout,
                            AVSampleFormat(frame->format), frame->sample_rate, 0, nullptr);
        converter.reset(made);
        layout = of;
        if (!converter || swr_init(converter.get()) < 0) {
            converter.reset();
            layout = {};
            return false;
        }
    }
    const int room = swr_get_out_samples(converter.get(), frame->nb_samples);
    if (room <= 0)
        return room == 0;
    if (pending.size() == used) {
        pending.clear();
        used = 0;
        if (frame->best_effort_timestamp != AV_NOPTS_VALUE) {
            const std::int64_t told = audio.sampleAt(frame->best_effort_timestamp, rate, start) -
                                      swr_get_delay(converter.get(), rate); // held, comes first
            if (fresh || std::abs(told - at) > rate / kGap)
                at = told; // else rounded times would tear the sound
        }
    }
    const std::size_t before = pending.size();
    pending.resize(before + std::size_t(room) * channels);
    auto* out = reinterpret_cast<std::uint8_t*>(pending.data() + before);
    const int got =
        swr_convert(converter.get(), &out, room,
                    const_cast<const std::uint8_t**>(frame->extended_data), frame->nb_samples);
    pending.resize(before + std::size_t(std::max(0, got)) * channels);
    return got >= 0;
}

/// Decodes on until there is more to read; false at the end.
bool AudioReader::Impl::more() {
    while (!drained) {
        const int got = avcodec_receive_frame(audio.codec.get(), frame.get());
        if (got >= 0) {
            const bool usable = frame->nb_samples > 0 && frame->sample_rate > 0 && convert();
            av_frame_unref(frame.get());
            if (usable && waiting() > 0)
                return true;
            continue;
        }
        if (got != AVERROR(EAGAIN)) {
            drained = true;
            break;
        }
        if (av_read_frame(audio.file.get(), packet.get()) < 0) {
            avcodec_send_packet(audio.codec.get(), nullptr);
            continue;
        }
        if (packet->stream_index == audio.index)
            avcodec_send_packet(audio.codec.get(), packet.get()); // a damaged one is silence
        av_packet_unref(packet.get());
    }
    return false;
}

AudioReader::AudioReader(std::unique_ptr<Impl> impl)
    : m_impl(std::move(impl)) {}
AudioReader::AudioReader(AudioReader&&) noexcept = default;
AudioReader& AudioReader::operator=(AudioReader&&) noexcept = default;
AudioReader::~AudioReader() = default;

Result<AudioReader> AudioReader::open(const std::filesystem::path& path, int sampleRate,
                                      Rational start) {
    if (sampleRate < 8000 || sampleRate > 384000)
        return Error{ErrorCode::Usage, "Sound is read at 8000 to 384000 samples a second."};
    auto impl = std::make_unique<Impl>();
    STRATA_ASSIGN(impl->audio, openAudioStream(path));
    impl->rate = sampleRate;
    impl->start = start;
    return AudioReader(std::move(impl));
}

Status AudioReader::seek(double seconds) {
    auto& d = *m_impl;
    const AVStream& stream = d.audio.stream();
    const double goal = std::max(0.0, seconds) + d.start.value() - kLead;
    const auto time = std::int64_t(std::floor(goal / av_q2d(stream.time_base)));
    if (avformat_seek_file(d.audio.file.get(), d.audio.index, INT64_MIN, time, time, 0) < 0 &&
        av_seek_frame(d.audio.file.get(), d.audio.index, time, AVSEEK_FLAG_BACKWARD) < 0)
        return Error{ErrorCode::BadFormat, "The sound cannot be read from there on."};
    avcodec_flush_buffers(d.audio.codec.get());
    d.converter.reset();
    d.layout = {};
    d.pending.clear();
    d.used = 0;
    d.drained = false;
    d.next = std::int64_t(std::llround(seconds * d.rate));
    return ok();
}

std::int64_t AudioReader::read(std::span<float> samples) {
    auto& d = *m_impl;
    const auto wanted = std::int64_t(samples.size()) / channels;
    std::int64_t done = 0;
    while (done < wanted) {
        if (d.waiting() == 0 && !d.more())
            break;
        const std::int64_t early = d.next - d.at;
        if (early > 0) { // before what is asked for
            const std::int64_t skip = std::min(early, d.waiting());
            d.used += std::size_t(skip) * channels;
            d.at += skip;
            continue;
        }
        std::int64_t count = std::min(wanted - done, early < 0 ? -early : d.waiting());
        float* out = samples.data() + done * channels;
        if (early < 0) {
            std::fill_n(out, count * channels, 0.f);
        } else {
            std::copy_n(d.pending.data() + d.used, count * channels, out);
            d.used += std::size_t(count) * channels;
            d.at += count;
        }
        done += count;
        d.next += count;
    }
    return done;
}

} // namespace strata
