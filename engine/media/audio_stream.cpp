// SPDX-License-Identifier: Apache-2.0
#include "engine/media/audio_stream.h"

#include "engine/media/input_file.h"

#include <algorithm>

namespace strata::media {

std::int64_t AudioStream::sampleAt(std::int64_t time, int rate, Rational start) const {
    const AVRational perSample{1, rate};
    const AVRational zero = toAv(start);
    const std::int64_t sample = av_rescale_q(time, stream().time_base, perSample);
    constexpr std::int64_t kFar = 1LL << 60;
    return std::clamp(sample, -kFar, kFar) - av_rescale_q(zero.num, {1, zero.den}, perSample);
}

Result<AudioStream> openAudioStream(const std::filesystem::path& path) {
    AudioStream result;
    STRATA_ASSIGN(result.file, openInput(path));
    result.index = findAudioStream(result.file.get());
    if (result.index < 0)
        return Error{ErrorCode::NothingToDo, path.string() + " has no sound."};
    for (unsigned i = 0; i < result.file->nb_streams; ++i)
        if (int(i) != result.index)
            result.file->streams[i]->discard = AVDISCARD_ALL;
    const AVCodecParameters& parameters = *result.stream().codecpar;
    const AVCodec* codec = avcodec_find_decoder(parameters.codec_id);
    if (codec)
        result.codec.reset(avcodec_alloc_context3(codec));
    if (!result.codec || avcodec_parameters_to_context(result.codec.get(), &parameters) < 0)
        return Error{ErrorCode::BadFormat, "The sound of " + path.string() + " is " +
                                               avcodec_get_name(parameters.codec_id) +
                                               ", which this FFmpeg cannot decode."};
    result.codec->pkt_timebase = result.stream().time_base;
    result.codec->thread_count = 1; // reading along beside the pictures must not slow them down
    if (avcodec_open2(result.codec.get(), codec, nullptr) < 0)
        return Error{ErrorCode::BadFormat, "The sound of " + path.string() + " cannot be decoded."};
    return result;
}

} // namespace strata::media
