// SPDX-License-Identifier: Apache-2.0
#include "engine/decompose/scene/layers.h"

#include "engine/decompose/scene/cv_view.h"
#include "engine/decompose/scene/disc.h"
#include "engine/decompose/scene/guided_filter.h"
#include "engine/decompose/scene/layer_evidence.h"
#include "engine/decompose/scene/layer_sharing.h"
#include "engine/decompose/scene/with_border.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>
#include <optional>

namespace strata {
namespace {

constexpr double solidShare = 3; // times the smallest area: what is worth following
constexpr double wholeShare =
    0.75; // of its area: less is only a piece of the thing that is followed

using Evidence = std::shared_ptr<const LayerEvidence>;

/// Evidence round one frame, by distance: element 0 is the frame itself.
struct Neighbours {
    std::vector<Evidence> before, after;
};

/// A thing of the frame that is there in neighbouring frames too, with what they know of it: an
/// error of a matte comes and goes. Nothing when it does not last.
std::optional<Thing> lasting(const Thing& thing, const Neighbours& around) {
    std::optional<Thing> result;
    bool asked = false;
    for (const auto* side : {&around.before, &around.after}) {
        if (side->size() < 2)
            continue;
        asked = true;
        const auto& now = *(*side)[0];
        if (const auto* other = partnerOf(thing, (*side)[1]->things))
            result = completed(result.value_or(thing), *other, now.lab, now.human);
    }
    return asked ? result : thing;
}

bool isAmong(const std::vector<Thing>& things, const Thing& thing) {
    return std::ranges::any_of(things, [&](const Thing& t) { return t.centre == thing.centre; });
}

/// Things followed towards the frame from the far end of one side. Where a thing is found by
/// itself, that replaces what was carried on; where it is lost (a white ball at a white shoe) its
/// look is searched for.
std::vector<Thing> followed(const std::vector<Evidence>& side, double leastArea) {
    std::vector<Thing> carried;
    for (std::size_t k = side.size() - 1; k + 1 > 0; --k) {
        const auto& evidence = *side[k];
        std::vector<Thing> next;
        for (const auto& thing : carried) {
            const auto* found = partnerOf(thing, evidence.things);
            if (!found || found->area < wholeShare * thing.area) {
                if (auto there = carriedOn(thing, evidence.lab, evidence.human))
                    next.push_back(std::move(*there));
            } else {
                Thing whole = completed(*found, thing, evidence.lab, evidence.human);
                whole.velocity = found->centre - thing.centre;
                if (!isAmong(next, whole))
                    next.push_back(std::move(whole));
            }
        }
        carried = std::move(next);
        if (k == 0 || k + 2 >= side.size())
            continue;
        for (const auto& thing : evidence.things) {
            // Seen three times in a row: its velocity is known, and it is no error of one matte.
            const auto* once =
                thing.area > leastArea ? partnerOf(thing, side[k + 1]->things) : nullptr;
            const auto* twice = once ? partnerOf(*once, side[k + 2]->things) : nullptr;
            if (!twice || isAmong(carried, thing))
                continue;
            carried.push_back(thing);
            carried.back().velocity = thing.centre - once->centre;
        }
    }
    return carried;
}

} // namespace

struct LayerSplitter::Impl {
    Impl(const LayerInputs& in, const LayerOptions& how)
        : inputs(in)
        , options(how)
        , collector(inputs, options) {}

    LayerInputs inputs;
    LayerOptions options;
    EvidenceCollector collector;

    Result<Neighbours> neighbours(std::int64_t index, const JobContext& job);
    Result<cv::Mat> occluder(std::int64_t index, const JobContext& job);
    cv::Mat refined(const cv::Mat& small, const ImageU8& rgb) const;
};

Result<Neighbours> LayerSplitter::Impl::neighbours(std::int64_t index, const JobContext& job) {
    Neighbours around;
    for (int k = 0; k <= trackReach; ++k) {
        const auto add = [&](std::vector<Evidence>& side, std::int64_t at) -> Status {
            if (at < 0 || at >= inputs.rgb->frameCount() || !inputs.camera->sameShot(at, index))
                return ok();
            STRATA_ASSIGN(auto evidence, collector.collect(at, job));
            side.push_back(std::move(evidence));
            return ok();
        };
        STRATA_TRY(add(around.before, index - k));
        STRATA_TRY(add(around.after, index + k));
    }
    return around;
}

/// The occluder at work size: near things by majority over three frames, strange things when they
/// last, and those that are only lost from sight for a moment.
Result<cv::Mat> LayerSplitter::Impl::occluder(std::int64_t index, const JobContext& job) {
    STRATA_ASSIGN(const auto around, neighbours(index, job));
    const auto& now = *around.before[0];
    cv::Mat votes = now.near / 255;
    int voters = 1;
    for (const auto* side : {&around.before, &around.after}) {
        if (side->size() < 2)
            continue;
        const auto& there = *(*side)[1];
        const auto map = rescaled(inputs.camera->between(index, there.index),
                                  inputs.rgb->frameSize(), collector.workSize());
        cv::Mat near = there.near;
        if (!map.isIdentity())
            cv::warpPerspective(there.near, near, toCv(map), near.size(),
                                cv::INTER_NEAREST | cv::WARP_INVERSE_MAP);
        votes += near / 255;
        ++voters;
    }
    cv::Mat result = votes > voters / 2;
    for (const auto& thing : now.things)
        if (const auto whole = lasting(thing, around))
            draw(*whole, result);
    const double solid = solidShare * double(options.minAreaShare) * now.bodyArea;
    for (const auto* side : {&around.before, &around.after})
        for (const auto& thing : followed(*side, solid))
            draw(thing, result);
    result |= now.people;
    return result;
}

cv::Mat LayerSplitter::Impl::refined(const cv::Mat& small, const ImageU8& rgb) const {
    cv::Mat large, result = cv::Mat::zeros(rgb.height(), rgb.width(), CV_8U);
    cv::resize(small, large, result.size(), 0, 0, cv::INTER_LINEAR);
    const cv::Rect tight = cv::boundingRect(large);
    if (tight.empty())
        return result;
    const int radius = std::max(2, std::max(rgb.width(), rgb.height()) / 220);
    const cv::Rect region = withBorder(tight, 3 * radius, result.size());
    guidedMask(large(region), view(rgb)(region), radius, 1e-3).copyTo(result(region));
    return result;
}

LayerSplitter::LayerSplitter(std::unique_ptr<Impl> impl)
    : m_impl(std::move(impl)) {}
LayerSplitter::LayerSplitter(LayerSplitter&&) noexcept = default;
LayerSplitter& LayerSplitter::operator=(LayerSplitter&&) noexcept = default;
LayerSplitter::~LayerSplitter() = default;

Result<LayerSplitter> LayerSplitter::create(const LayerInputs& inputs, LayerOptions options) {
    if (!inputs.rgb || !inputs.human || !inputs.camera)
        return Error{ErrorCode::Usage,
                     "The layers need frames, the person's alpha and the camera."};
    const auto n = inputs.rgb->frameCount();
    bool equal = inputs.human->frameCount() == n && inputs.camera->frameCount() == n &&
                 (!inputs.depth || inputs.depth->frameCount() == n);
    for (const auto* mask : {inputs.silhouette, inputs.bodyParts, inputs.otherPeople})
        equal = equal && (!mask || mask->frameCount() == n);
    if (!equal)
        return Error{ErrorCode::ShapeMismatch,
                     "The inputs of the layers differ in their number of frames."};
    if (options.blockFrames < 2 || options.sampleStride < 1 || options.workSide < 32)
        return Error{ErrorCode::Usage, "The options of the layers are out of range."};
    return LayerSplitter(std::make_unique<Impl>(inputs, options));
}

Result<LayerFrame> LayerSplitter::split(std::int64_t index, const JobContext& job) {
    auto& d = *m_impl;
    if (job.stopRequested())
        return cancelled();
    if (index < 0 || index >= d.inputs.rgb->frameCount())
        return Error{ErrorCode::Usage, "The layers were asked for frame " + std::to_string(index) +
                                           ", which is not there."};
    STRATA_ASSIGN(const auto rgb, d.inputs.rgb->frame(index));
    STRATA_ASSIGN(const auto human, d.inputs.human->frame(index));
    if (human->size() != rgb->size() || human->channels() != 1)
        return Error{ErrorCode::ShapeMismatch, "The person's alpha and the frame differ in size."};
    STRATA_ASSIGN(const cv::Mat small, d.occluder(index, job));
    LayerFrame result{*human, ImageU8(rgb->width(), rgb->height(), 1)};
    d.refined(small, *rgb).copyTo(view(result.occluder));
    shareBetween(view(result.human), view(result.occluder), *rgb);
    if (d.inputs.silhouette) {
        STRATA_ASSIGN(const auto expected, d.inputs.silhouette->frame(index));
        STRATA_ASSIGN(const auto evidence, d.collector.collect(index, job));
        cv::Mat body;
        cv::resize(evidence->body, body, view(*expected).size(), 0, 0, cv::INTER_NEAREST);
        body |= view(*expected) > 127;
        giveScraps(view(result.human), view(result.occluder), body);
    }
    return result;
}

} // namespace strata
