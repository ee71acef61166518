// SPDX-License-Identifier: Apache-2.0
#include "engine/protocol/request_checks.h"

#include <algorithm>
#include <initializer_list>
#include <string_view>

namespace strata::protocol {
namespace {

Error usage(std::string sentence) { return {ErrorCode::Usage, std::move(sentence)}; }

bool oneOf(std::string_view value, std::initializer_list<std::string_view> choices) {
    return std::find(choices.begin(), choices.end(), value) != choices.end();
}

template <typename T>
bool within(T value, T low, T high) {
    return value >= low && value <= high; // false for NaN
}

Status checkFrames(const char* name, FrameRange frames) {
    if (frames.begin < 0 || frames.empty())
        return usage(std::string("'") + name + "' must begin at 0 or later and end after that.");
    return ok();
}

Status check(const ClipChoice& clip) {
    if (clip.frames)
        STRATA_TRY(checkFrames("frames", *clip.frames));
    if (clip.person && *clip.person < 0)
        return usage("A person's number is not negative.");
    return ok();
}

Status check(const ExportChoice& settings) {
    if (!oneOf(settings.codec, {"h264", "h265"}))
        return usage("The codec must be h264 or h265.");
    if (!within(settings.crf, 0., 51.))
        return usage("'crf' must be from 0 to 51.");
    if (!oneOf(settings.preset, {"ultrafast", "superfast", "veryfast", "faster", "fast", "medium",
                                 "slow", "slower", "veryslow"}))
        return usage("'preset' must be one of x264's, from ultrafast to veryslow.");
    return ok();
}

Status check(const GeneratorChoice& generator) {
    if (!within(generator.size, 64, 1536))
        return usage("'size' must be from 64 to 1536.");
    if (!within(generator.steps, 1, 1000))
        return usage("'steps' must be from 1 to 1000.");
    if (!within(generator.guidance, 1., 30.))
        return usage("'guidance' must be from 1 to 30.");
    if (!within(generator.guideFrom, 0., generator.guideTo) || !(generator.guideTo <= 1))
        return usage("The part that is guided must lie between 0 and 1.");
    if (!oneOf(generator.precision, {"auto", "float", "half", "bfloat16"}))
        return usage("'precision' must be auto, float, half or bfloat16.");
    return ok();
}

Status check(const EditChoice& edit) {
    if (edit.clip.video.empty() == edit.templateFolder.empty())
        return usage("An edit needs either 'video' or 'template'.");
    if (edit.identity.empty() && edit.motion.empty() && edit.scene.empty())
        return usage("An edit needs 'identity', 'motion' or 'scene'.");
    STRATA_TRY(check(edit.clip));
    if (edit.generator)
        STRATA_TRY(check(*edit.generator));
    return check(edit.settings);
}

struct Check {
    Status operator()(const Decompose& request) const {
        if (request.clip.video.empty())
            return usage("'video' is empty.");
        return check(request.clip);
    }
    Status operator()(const Preview& request) const {
        STRATA_TRY(check(request.edit));
        return checkFrames("show", request.show);
    }
    Status operator()(const Edit& request) const {
        if (request.out.empty())
            return usage("'out' is empty.");
        return check(request.edit);
    }
    Status operator()(const FetchModels& request) const {
        return request.what.empty() ? Status(usage("'what' is empty.")) : ok();
    }
    template <typename T>
    Status operator()(const T&) const {
        return ok();
    }
};

} // namespace

Status check(const Request& request) { return std::visit(Check{}, request); }

} // namespace strata::protocol
