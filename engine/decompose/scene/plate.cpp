// SPDX-License-Identifier: Apache-2.0
#include "engine/decompose/scene/plate.h"

#include "engine/decompose/scene/background_fetch.h"
#include "engine/decompose/scene/clean_frame.h"
#include "engine/decompose/scene/cv_view.h"
#include "engine/decompose/scene/smooth_fill.h"
#include "engine/decompose/scene/state_arrays.h"
#include "engine/decompose/scene/with_border.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>

namespace strata {
namespace {

constexpr double anchorShift =
    0.06; // of the frame's width: how far the camera goes between clean frames

void mix(cv::Mat& into, const cv::Mat& source, const cv::Mat& fill, const cv::Mat& share) {
    for (int y = 0; y < into.rows; ++y) {
        const auto* s = source.ptr<std::uint8_t>(y);
        const auto* f = fill.ptr<std::uint8_t>(y);
        const auto* w = share.ptr<std::uint8_t>(y);
        auto* out = into.ptr<std::uint8_t>(y);
        for (int x = 0; x < into.cols * 3; ++x) {
            const int a = w[x / 3];
            out[x] = std::uint8_t((s[x] * (255 - a) + f[x] * a + 127) / 255);
        }
    }
}

} // namespace

struct PlateBuilder::Impl {
    Impl(PlateInputs in, PlateOptions how)
        : inputs(std::move(in))
        , options(how)
        , reader(inputs, options)
        , fetcher(inputs, options)
        , maker(inputs, options, fetcher) {}

    PlateInputs inputs;
    PlateOptions options;
    SceneReader reader;
    BackgroundFetch fetcher; // for moving cameras
    CleanFrameMaker maker;
    CleanFrame left, right; // clean frames at or before, and after, the next frame
    std::int64_t due = -1;

    std::int64_t anchorAfter(std::int64_t index) const;
    Status reach(std::int64_t index, const JobContext& job);
    cv::Mat fill(const PlateFrame& frame, std::int64_t index, cv::Rect region) const;
    Result<cv::Mat> background(const PlateFrame& frame, std::int64_t index, cv::Rect region,
                               const JobContext& job);
};

/// The next frame to be made clean: not too far in time or in the camera's path, never beyond a
/// shot's last frame.
std::int64_t PlateBuilder::Impl::anchorAfter(std::int64_t index) const {
    const auto& camera = *inputs.camera;
    const auto last = camera.frameCount() - 1;
    if (index >= last || camera.step(index + 1).isCut)
        return std::min(index + 1, last);
    Homography map;
    auto next = index + 1;
    for (; next < std::min(last, index + options.anchorSpacing); ++next) {
        map = camera.step(next).toPrevious.then(map);
        const Size size = inputs.rgb->frameSize();
        if (camera.step(next + 1).isCut || largestShift(map, size) > anchorShift * size.width)
            break;
    }
    return next;
}

Status PlateBuilder::Impl::reach(std::int64_t index, const JobContext& job) {
    if (left.index < 0) {
        STRATA_ASSIGN(left, maker.make(index, nullptr, job));
    }
    const auto last = inputs.camera->frameCount() - 1;
    while (right.index < index && left.index < last) {
        const CleanFrame& before = right.index < 0 ? left : right;
        if (before.index == last)
            break;
        const auto next = anchorAfter(before.index);
        const bool newShot = inputs.camera->step(next).isCut;
        STRATA_ASSIGN(auto made, maker.make(next, newShot ? nullptr : &before, job));
        if (right.index >= 0)
            left = std::move(right);
        right = std::move(made);
    }
    return ok();
}

cv::Mat PlateBuilder::Impl::fill(const PlateFrame& frame, std::int64_t index,
                                 cv::Rect region) const {
    const ViewAligner aligner(frame.view, region);
    cv::Mat sum(region.size(), CV_32FC3, cv::Scalar::all(0));
    cv::Mat weight(region.size(), CV_32F, cv::Scalar(0));
    const double span = double(std::max<std::int64_t>(1, right.index - left.index));
    for (const CleanFrame* clean : {&left, &right}) {
        if (clean->index < 0 || !inputs.camera->sameShot(index, clean->index))
            continue;
        const double distance = double(std::abs(index - clean->index));
        const double share = std::max(1e-3, 1 - distance / span);
        const SceneView source{clean->rgb, clean->known > 0};
        const auto seen = aligner.aligned(source, inputs.camera->between(index, clean->index));
        cv::Mat w, w3, values;
        seen.valid.convertTo(w, CV_32F, share / 255);
        cv::merge(std::vector<cv::Mat>(3, w), w3);
        seen.rgb.convertTo(values, CV_32F);
        sum += values.mul(w3);
        weight += w;
    }
    cv::Mat values, result;
    cv::Mat norm;
    cv::merge(std::vector<cv::Mat>(3, cv::max(weight, 1e-6)), norm);
    cv::divide(sum, norm, values);
    const cv::Mat unseen = (weight < 1e-5) & (frame.removal(region) > 0);
    if (cv::countNonZero(unseen)) {
        // A strip that the camera shows only between two clean frames: carried on from beside it.
        cv::Mat known;
        cv::Mat(weight >= 1e-5).convertTo(known, CV_32F, 1.0 / 255);
        smoothFill(values, known, 3, 30).copyTo(values, unseen);
    }
    values.convertTo(result, CV_8U);
    return result;
}

/// What is behind the people of a frame: straight from other frames where they show it, else as the
/// clean frames have it.
Result<cv::Mat> PlateBuilder::Impl::background(const PlateFrame& frame, std::int64_t index,
                                               cv::Rect region, const JobContext& job) {
    if (!fetcher.isMoving(index))
        return fill(frame, index, region);
    const cv::Mat wanted = frame.removal(region) > 0;
    STRATA_ASSIGN(SweptView seen, fetcher.fetch(index, frame.view, region, wanted, job));
    const cv::Mat unseen = wanted & (seen.count == 0);
    if (cv::countNonZero(unseen))
        fill(frame, index, region).copyTo(seen.rgb, unseen);
    return seen.rgb;
}

PlateBuilder::PlateBuilder(std::unique_ptr<Impl> impl)
    : m_impl(std::move(impl)) {}
PlateBuilder::PlateBuilder(PlateBuilder&&) noexcept = default;
PlateBuilder& PlateBuilder::operator=(PlateBuilder&&) noexcept = default;
PlateBuilder::~PlateBuilder() = default;

Result<PlateBuilder> PlateBuilder::create(PlateInputs inputs, PlateOptions options) {
    if (!inputs.rgb || !inputs.people || !inputs.camera)
        return Error{ErrorCode::Usage,
                     "A clean plate needs frames, the people's mask and the camera."};
    const auto n = inputs.rgb->frameCount();
    if (inputs.people->frameCount() != n || inputs.camera->frameCount() != n ||
        (inputs.occluder && inputs.occluder->frameCount() != n) ||
        (inputs.silhouette && inputs.silhouette->frameCount() != n))
        return Error{
            ErrorCode::ShapeMismatch,
            "The clean plate's frames, masks and camera differ in their number of frames."};
    if (options.anchorSpacing < 1 || options.nearStride < 1)
        return Error{ErrorCode::Usage, "The clean plate's frame spacings must be at least 1."};
    return PlateBuilder(std::make_unique<Impl>(std::move(inputs), options));
}

Result<ImageU8> PlateBuilder::next(std::int64_t index, const JobContext& job) {
    auto& d = *m_impl;
    if (job.stopRequested())
        return cancelled();
    if (index < 0 || index >= d.inputs.rgb->frameCount() || (d.due >= 0 && index != d.due))
        return Error{ErrorCode::Usage, "The clean plate was asked for frame " +
                                           std::to_string(index) + " out of order."};
    STRATA_TRY(d.reach(index, job));
    STRATA_ASSIGN(const auto frame, d.reader.read(index));
    ImageU8 result = *frame.owner;
    const cv::Rect tight = cv::boundingRect(frame.removal);
    if (!tight.empty()) {
        const int border = std::max(frame.removal.cols, frame.removal.rows) / 28;
        const cv::Rect region = withBorder(tight, border, frame.removal.size());
        STRATA_ASSIGN(const cv::Mat fill, d.background(frame, index, region, job));
        cv::Mat out = view(result)(region);
        mix(out, frame.view.rgb(region), fill, frame.removal(region));
    }
    d.due = index + 1;
    return result;
}

ArrayMap PlateBuilder::saveState() const {
    const auto& d = *m_impl;
    return {{"left_rgb", packMat(d.left.rgb)},
            {"left_known", packMat(d.left.known)},
            {"right_rgb", packMat(d.right.rgb)},
            {"right_known", packMat(d.right.known)},
            {"frames", packDoubles({double(d.left.index), double(d.right.index), double(d.due)})}};
}

Status PlateBuilder::restoreState(const ArrayMap& state) {
    auto& d = *m_impl;
    CleanFrame left, right;
    STRATA_ASSIGN(left.rgb, unpackMat(state, "left_rgb", CV_8UC3, d.reader.size()));
    STRATA_ASSIGN(left.known, unpackMat(state, "left_known", CV_8U, d.reader.size()));
    STRATA_ASSIGN(right.rgb, unpackMat(state, "right_rgb", CV_8UC3, d.reader.size()));
    STRATA_ASSIGN(right.known, unpackMat(state, "right_known", CV_8U, d.reader.size()));
    STRATA_ASSIGN(const auto frames, unpackDoubles(state, "frames", 3));
    const auto count = double(d.inputs.rgb->frameCount());
    for (const double frame : frames)
        if (!(frame >= -1 && frame <= count))
            return Error{ErrorCode::BadFormat, "The saved state of the clean plate is damaged."};
    left.index = std::int64_t(frames[0]);
    right.index = std::int64_t(frames[1]);
    for (const auto* clean : {&left, &right})
        if ((clean->index >= 0) == clean->rgb.empty() ||
            clean->rgb.empty() != clean->known.empty() ||
            clean->index >= d.inputs.rgb->frameCount())
            return Error{ErrorCode::BadFormat, "The saved state of the clean plate is incomplete."};
    d.left = std::move(left);
    d.right = std::move(right);
    d.due = std::int64_t(frames[2]);
    return ok();
}

} // namespace strata
