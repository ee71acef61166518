// SPDX-License-Identifier: Apache-2.0
// Internal to engine/media: owners of FFmpeg's objects.
#pragma once

#include "engine/core/time.h"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/pixdesc.h>
#include <libswscale/swscale.h>
}

#include <memory>
#include <string>

namespace strata::media {

struct AvDeleter {
    void operator()(AVFrame* p) const { av_frame_free(&p); }
    void operator()(AVPacket* p) const { av_packet_free(&p); }
    void operator()(AVCodecContext* p) const { avcodec_free_context(&p); }
    void operator()(SwsContext* p) const { sws_freeContext(p); }
};
struct InputDeleter {
    void operator()(AVFormatContext* p) const { avformat_close_input(&p); }
};

using FramePtr = std::unique_ptr<AVFrame, AvDeleter>;
using PacketPtr = std::unique_ptr<AVPacket, AvDeleter>;
using CodecPtr = std::unique_ptr<AVCodecContext, AvDeleter>;
using SwsPtr = std::unique_ptr<SwsContext, AvDeleter>;
using InputPtr = std::unique_ptr<AVFormatContext, InputDeleter>;

inline FramePtr newFrame() { return FramePtr(av_frame_alloc()); }
inline PacketPtr newPacket() { return PacketPtr(av_packet_alloc()); }

inline Rational toRational(AVRational r) { return r.den ? Rational(r.num, r.den) : Rational(); }
/// The nearest fraction that fits FFmpeg's 32 bits; the same one for anything of this world.
inline AVRational toAv(Rational r) {
    AVRational out{0, 1};
    av_reduce(&out.num, &out.den, r.num, r.den, INT32_MAX);
    return out;
}

/// FFmpeg's text for an error code.
std::string avText(int code);

/// Keeps FFmpeg from writing to stderr: what matters comes back as an Error.
void silenceFfmpeg();

} // namespace strata::media
