// SPDX-License-Identifier: Apache-2.0
#include "app/cli/clip_options.h"

#include <charconv>
#include <limits>

namespace strata::cli {
namespace {

bool readNumber(std::string_view text, std::int64_t& value) {
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
    return failed == std::errc() && end == text.data() + text.size() && value >= 0;
}

} // namespace

Result<FrameRange> parseFrames(const std::string& text) {
    const auto dash = text.find('-');
    FrameRange range{0, std::numeric_limits<std::int64_t>::max()};
    std::int64_t last = 0;
    const std::string_view first = std::string_view(text).substr(0, dash);
    bool good = !text.empty() && text != "-";
    if (!first.empty())
        good = good && readNumber(first, range.begin);
    if (dash == std::string::npos)
        range.end = range.begin + 1;
    else if (dash + 1 < text.size()) {
        good = good && readNumber(std::string_view(text).substr(dash + 1), last);
        range.end = last + 1;
    }
    if (!good || range.empty())
        return Error{ErrorCode::Usage,
                     "'" + text + "' is not a range of frames; write 10-99, 10- or -99."};
    return range;
}

void ClipOptions::addTo(CLI::App& app) {
    app.add_option("--frames", frames,
                   "Only these frames of the clip, counted from 0, both ends included: 10-99");
    app.add_option("--person", person, "Which person, by the number that 'strata decompose' lists")
        ->check(CLI::NonNegativeNumber);
    app.add_option("--body", body, "Your own SMPL or SMPL-H file instead of the free body");
}

Result<ClipRequest> ClipOptions::request() const {
    ClipRequest clip;
    clip.video = video;
    clip.body = body;
    if (person >= 0)
        clip.person = person;
    if (!frames.empty()) {
        STRATA_ASSIGN(clip.frames, parseFrames(frames));
    }
    return clip;
}

} // namespace strata::cli
