// SPDX-License-Identifier: Apache-2.0
#include "engine/media/segment_joiner.h"

#include "engine/media/input_file.h"
#include "engine/media/output_file.h"

#include <algorithm>
#include <cstring>
#include <functional>

namespace strata {
namespace fs = std::filesystem;
namespace {

using media::InputPtr;

struct OpenSegment {
    InputPtr file;
    int stream = -1;
    const AVCodecParameters& parameters() const { return *file->streams[stream]->codecpar; }
};

struct SegmentShape {
    std::vector<std::int64_t> shown; // times in the order of showing
    std::int64_t reorder = 0;        // by how many frames the first shown ones are coded late
};

Result<OpenSegment> openSegment(const fs::path& path) {
    OpenSegment segment;
    STRATA_ASSIGN(segment.file, media::openInput(path));
    STRATA_ASSIGN(segment.stream, media::findVideoStream(segment.file.get(), path));
    return segment;
}

/// Hands the video packets in the order of the file to `visit`, which may stop by an error.
Status forEachPacket(const OpenSegment& segment, const std::function<Status(AVPacket*)>& visit) {
    const media::PacketPtr packet = media::newPacket();
    while (av_read_frame(segment.file.get(), packet.get()) >= 0) {
        if (packet->stream_index == segment.stream)
            STRATA_TRY(visit(packet.get()));
        av_packet_unref(packet.get());
    }
    return ok();
}

std::int64_t rankOf(const std::vector<std::int64_t>& shown, std::int64_t pts) {
    return std::lower_bound(shown.begin(), shown.end(), pts) - shown.begin();
}

Result<SegmentShape> shapeOf(const fs::path& path, const OpenSegment& segment) {
    const Error unusable{ErrorCode::BadFormat,
                         "The segment " + path.string() + " cannot be joined: it is damaged."};
    std::vector<std::int64_t> coded;
    STRATA_TRY(forEachPacket(segment, [&](AVPacket* packet) -> Status {
        const bool broken = packet->pts == AV_NOPTS_VALUE || (packet->flags & AV_PKT_FLAG_CORRUPT);
        if (broken || (coded.empty() && !(packet->flags & AV_PKT_FLAG_KEY)))
            return unusable;
        coded.push_back(packet->pts);
        return ok();
    }));
    SegmentShape shape;
    shape.shown = coded;
    std::sort(shape.shown.begin(), shape.shown.end());
    if (coded.empty() ||
        std::adjacent_find(shape.shown.begin(), shape.shown.end()) != shape.shown.end())
        return unusable;
    for (std::size_t i = 0; i < coded.size(); ++i)
        shape.reorder = std::max(shape.reorder, std::int64_t(i) - rankOf(shape.shown, coded[i]));
    return shape;
}

bool sameCoding(const AVCodecParameters& a, const AVCodecParameters& b) {
    return a.codec_id == b.codec_id && a.width == b.width && a.height == b.height &&
           a.format == b.format && a.extradata_size == b.extradata_size &&
           (a.extradata_size == 0 ||
            std::memcmp(a.extradata, b.extradata, std::size_t(a.extradata_size)) == 0);
}

/// One pass over all segments: checks that they fit together, and how far coding order runs ahead.
Result<std::int64_t> reorderDepth(const std::vector<fs::path>& segments, const OpenSegment& first,
                                  std::int64_t& frames) {
    std::int64_t depth = 0;
    for (const auto& path : segments) {
        STRATA_ASSIGN(const OpenSegment segment, openSegment(path));
        if (!sameCoding(first.parameters(), segment.parameters()))
            return Error{ErrorCode::BadFormat,
                         "The segment " + path.string() +
                             " was encoded with other settings than the first."};
        STRATA_ASSIGN(const SegmentShape shape, shapeOf(path, segment));
        depth = std::max(depth, shape.reorder);
        frames += std::int64_t(shape.shown.size());
    }
    return depth;
}

/// Time of a frame of the whole in ticks; frames before the first continue at the first frame's
/// pace.
std::int64_t timeOf(const JoinOptions& options, std::int64_t frame) {
    if (!options.timing)
        return frame;
    const FrameTiming& timing = *options.timing;
    const auto count = std::int64_t(timing.pts.size());
    if (frame >= count)
        return timing.end + (frame - count);
    if (frame >= 0)
        return timing.pts[std::size_t(frame)];
    const std::int64_t pace = std::max<std::int64_t>(1, timeOf(options, 1) - timing.pts.front());
    return frame * pace;
}

Status copySegment(const fs::path& path, std::int64_t origin, std::int64_t depth,
                   const JoinOptions& options, media::OutputFile& out, std::int64_t& frames) {
    STRATA_ASSIGN(const OpenSegment scanned, openSegment(path));
    STRATA_ASSIGN(const SegmentShape shape, shapeOf(path, scanned));
    STRATA_ASSIGN(const OpenSegment segment, openSegment(path));
    frames = std::int64_t(shape.shown.size());
    std::int64_t coded = origin;
    return forEachPacket(segment, [&](AVPacket* packet) {
        const std::int64_t frame = origin + rankOf(shape.shown, packet->pts);
        packet->pts = timeOf(options, frame);
        packet->dts = timeOf(options, coded++ - depth);
        packet->duration =
            std::max<std::int64_t>(1, timeOf(options, frame + 1) - timeOf(options, frame));
        return out.write(packet);
    });
}

} // namespace

Result<JoinResult> joinSegments(const std::vector<fs::path>& segments, const fs::path& target,
                                const JoinOptions& options, const JobContext& context) {
    if (segments.empty())
        return Error{ErrorCode::NothingToDo, "There are no segments for " + target.string() + "."};
    if (!options.timing && options.fps.num <= 0)
        return Error{ErrorCode::Usage,
                     "The frame rate of " + target.string() + " must be positive."};
    STRATA_ASSIGN(const OpenSegment first, openSegment(segments.front()));
    JoinResult result;
    STRATA_ASSIGN(const std::int64_t depth, reorderDepth(segments, first, result.frames));
    if (options.timing && std::int64_t(options.timing->pts.size()) != result.frames)
        return Error{ErrorCode::Internal, "The segments of " + target.string() + " have " +
                                              std::to_string(result.frames) +
                                              " frames, but there are times for " +
                                              std::to_string(options.timing->pts.size()) + "."};

    const AVRational fps = media::toAv(options.fps);
    const AVRational timeBase =
        options.timing ? media::toAv(options.timing->timeBase) : av_inv_q(fps);
    media::OutputFile out(target);
    STRATA_TRY(out.open(first.parameters(), timeBase, fps, options.audio));
    std::int64_t origin = 0;
    for (const auto& path : segments) {
        if (context.stopRequested())
            return cancelled();
        std::int64_t frames = 0;
        STRATA_TRY(copySegment(path, origin, depth, options, out, frames));
        origin += frames;
        context.progress("join", origin, result.frames);
    }
    STRATA_TRY(out.finish(double(timeOf(options, origin)) * av_q2d(timeBase)));
    result.audioNote = out.audioNote();
    return result;
}

} // namespace strata
