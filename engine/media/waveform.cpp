// SPDX-License-Identifier: Apache-2.0
#include "engine/media/waveform.h"

#include "engine/media/audio_stream.h"

#include <algorithm>
#include <cmath>
#include <optional>

namespace strata {
namespace {

using namespace media;
namespace fs = std::filesystem;

constexpr std::int64_t kGroup = 8;        // peaks of one level in one of the next
constexpr AudioPeak kNothing{127, -127};  // no sample yet
constexpr int kMaxSampleRate = 1'000'000; // also keeps the products below within 64 bits

void widen(AudioPeak& peak, AudioPeak other) {
    peak.low = std::min(peak.low, other.low);
    peak.high = std::max(peak.high, other.high);
}

std::int8_t quantized(double sample) {
    return std::int8_t(std::lround(std::clamp(sample, -1.0, 1.0) * 127));
}

/// Samples of one channel, `stride` apart; full scale is `scale` around `center`.
template <typename T>
void widenBy(AudioPeak& peak, const std::uint8_t* bytes, std::int64_t first, std::int64_t end,
             int stride, double scale, double center = 0) {
    const auto* samples = reinterpret_cast<const T*>(bytes);
    T low = samples[first * stride];
    T high = low;
    for (std::int64_t i = first; i < end; ++i) {
        const T sample = samples[i * stride];
        low = sample < low ? sample : low;
        high = sample > high ? sample : high;
    }
    const double from = (double(low) - center) / scale;
    const double to = (double(high) - center) / scale;
    if (from <= to) // not so for samples that are no numbers
        widen(peak, {quantized(from), quantized(to)});
}

/// Samples [first, end) of one channel.
void addChannel(AudioPeak& peak, const AVFrame& frame, int channel, std::int64_t first,
                std::int64_t end) {
    const auto format = AVSampleFormat(frame.format);
    const bool planar = av_sample_fmt_is_planar(format);
    const int stride = planar ? 1 : frame.ch_layout.nb_channels;
    const std::uint8_t* data =
        planar ? frame.extended_data[channel]
               : frame.extended_data[0] + std::ptrdiff_t(channel) * av_get_bytes_per_sample(format);
    switch (av_get_packed_sample_fmt(format)) {
    case AV_SAMPLE_FMT_U8:
        return widenBy<std::uint8_t>(peak, data, first, end, stride, 128, 128);
    case AV_SAMPLE_FMT_S16:
        return widenBy<std::int16_t>(peak, data, first, end, stride, 0x1p15);
    case AV_SAMPLE_FMT_S32:
        return widenBy<std::int32_t>(peak, data, first, end, stride, 0x1p31);
    case AV_SAMPLE_FMT_S64:
        return widenBy<std::int64_t>(peak, data, first, end, stride, 0x1p63);
    case AV_SAMPLE_FMT_FLT:
        return widenBy<float>(peak, data, first, end, stride, 1);
    case AV_SAMPLE_FMT_DBL:
        return widenBy<double>(peak, data, first, end, stride, 1);
    default:
        return;
    }
}

/// Decodes one sound stream into buckets.
class PeakReader {
public:
    PeakReader(const fs::path& path, const WaveformOptions& options)
        : m_path(path)
        , m_options(options) {}

    Status open();
    Status read(const JobContext& job);
    Result<Waveform> result();

private:
    void drain();
    void add(const AVFrame& frame);
    /// The first sample of a bucket.
    std::int64_t sampleOf(std::int64_t bucket) const {
        const std::int64_t perSecond = m_options.bucketsPerSecond;
        return (bucket * m_rate + perSecond - 1) / perSecond;
    }

    fs::path m_path;
    WaveformOptions m_options;
    AudioStream m_audio;
    FramePtr m_frame = newFrame();
    std::int64_t m_rate = 0;
    std::int64_t m_next = 0; // sample after the last frame, counted from the start
    bool m_decoded = false;
    std::vector<AudioPeak> m_peaks;
};

Status PeakReader::open() {
    STRATA_ASSIGN(m_audio, openAudioStream(m_path));
    return ok();
}

Status PeakReader::read(const JobContext& job) {
    const PacketPtr packet = newPacket();
    const std::int64_t seconds = std::max<std::int64_t>(m_audio.file->duration, 0) / AV_TIME_BASE;
    while (av_read_frame(m_audio.file.get(), packet.get()) >= 0) {
        if (job.stopRequested())
            return cancelled();
        // A damaged packet is silence; what follows is placed by its own time.
        if (packet->stream_index == m_audio.index &&
            avcodec_send_packet(m_audio.codec.get(), packet.get()) >= 0)
            drain();
        av_packet_unref(packet.get());
        if (m_rate > 0)
            job.progress("sound", std::clamp<std::int64_t>(m_next / m_rate, 0, seconds), seconds);
    }
    avcodec_send_packet(m_audio.codec.get(), nullptr);
    drain();
    return ok();
}

void PeakReader::drain() {
    while (avcodec_receive_frame(m_audio.codec.get(), m_frame.get()) >= 0) {
        add(*m_frame);
        av_frame_unref(m_frame.get());
    }
}

void PeakReader::add(const AVFrame& frame) {
    if (m_rate == 0)
        m_rate = frame.sample_rate; // a stream that changes its rate is not followed
    if (m_rate <= 0 || m_rate > kMaxSampleRate || frame.sample_rate != m_rate)
        return;
    m_decoded = true;
    if (frame.best_effort_timestamp != AV_NOPTS_VALUE)
        m_next = m_audio.sampleAt(frame.best_effort_timestamp, int(m_rate), m_options.start);
    const std::int64_t begin = m_next;
    const std::int64_t limit = m_options.maxSeconds * m_rate;
    if (begin <= -limit || begin >= limit)
        return;
    m_next += frame.nb_samples;
    const std::int64_t end = std::min(m_next, limit);
    for (std::int64_t bucket =
             std::max<std::int64_t>(begin, 0) * m_options.bucketsPerSecond / m_rate;
         sampleOf(bucket) < end; ++bucket) {
        const std::int64_t from = std::max(sampleOf(bucket), begin);
        const std::int64_t to = std::min(sampleOf(bucket + 1), end);
        if (to <= from)
            continue;
        if (std::int64_t(m_peaks.size()) <= bucket)
            m_peaks.resize(std::size_t(bucket) + 1, kNothing);
        for (int channel = 0; channel < frame.ch_layout.nb_channels; ++channel)
            addChannel(m_peaks[std::size_t(bucket)], frame, channel, from - begin, to - begin);
    }
}

Result<Waveform> PeakReader::result() {
    if (!m_decoded)
        return Error{ErrorCode::BadFormat,
                     "The sound of " + m_path.string() + " is damaged beyond reading."};
    for (AudioPeak& peak : m_peaks)
        if (peak.high < peak.low)
            peak = {};
    return Waveform(std::move(m_peaks), m_options.bucketsPerSecond);
}

} // namespace

Waveform::Waveform(std::vector<AudioPeak> peaks, int bucketsPerSecond)
    : m_bucketsPerSecond(bucketsPerSecond) {
    if (peaks.empty())
        return;
    m_levels.push_back(std::move(peaks));
    while (m_levels.back().size() > 1) {
        const std::vector<AudioPeak>& below = m_levels.back();
        std::vector<AudioPeak> level((below.size() + kGroup - 1) / kGroup, kNothing);
        for (std::size_t i = 0; i < below.size(); ++i)
            widen(level[i / kGroup], below[i]);
        m_levels.push_back(std::move(level));
    }
}

double Waveform::seconds() const {
    return empty() ? 0.0 : double(peaks().size()) / m_bucketsPerSecond;
}

AudioPeak Waveform::between(double from, double to) const {
    if (empty() || !(from < seconds()) || !(to >= 0))
        return {};
    const double size = double(peaks().size());
    auto begin = std::int64_t(std::clamp(std::floor(from * m_bucketsPerSecond), 0.0, size - 1));
    auto end =
        std::int64_t(std::clamp(std::ceil(to * m_bucketsPerSecond), double(begin + 1), size));
    AudioPeak peak = kNothing;
    for (const std::vector<AudioPeak>& level : m_levels) {
        while (begin < end && begin % kGroup != 0)
            widen(peak, level[std::size_t(begin++)]);
        while (begin < end && end % kGroup != 0)
            widen(peak, level[std::size_t(--end)]);
        begin /= kGroup;
        end /= kGroup;
    }
    return peak;
}

Result<Waveform> readWaveform(const fs::path& path, const WaveformOptions& options,
                              const JobContext& job) {
    if (options.bucketsPerSecond <= 0 || options.maxSeconds <= 0)
        return Error{ErrorCode::Usage, "A waveform needs at least one bucket a second."};
    PeakReader reader(path, options);
    STRATA_TRY(reader.open());
    STRATA_TRY(reader.read(job));
    return reader.result();
}

} // namespace strata
