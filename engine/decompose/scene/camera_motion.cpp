// SPDX-License-Identifier: Apache-2.0
#include "engine/decompose/scene/camera_motion.h"

#include "engine/decompose/scene/background_registration.h"
#include "engine/decompose/scene/cv_view.h"
#include "engine/decompose/scene/state_arrays.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>

namespace strata {
namespace {

/// Mean difference of two pictures after both were made very small.
double thumbnailDifference(const cv::Mat& a, const cv::Mat& b) {
    cv::Mat smallA, smallB;
    cv::resize(a, smallA, {32, 18}, 0, 0, cv::INTER_AREA);
    cv::resize(b, smallB, {32, 18}, 0, 0, cv::INTER_AREA);
    return cv::norm(smallA, smallB, cv::NORM_L1) / double(smallA.total());
}

/// Share of the frame that lies inside the other frame.
double overlap(const Homography& map, Size size) {
    constexpr int grid = 12;
    int inside = 0;
    for (int j = 0; j < grid; ++j)
        for (int i = 0; i < grid; ++i) {
            const auto p =
                map.apply({(i + 0.5) * size.width / grid, (j + 0.5) * size.height / grid});
            inside += p.x >= 0 && p.y >= 0 && p.x < size.width && p.y < size.height;
        }
    return double(inside) / (grid * grid);
}

/// Largest distance between where the two maps put the corners.
double disagreement(const Homography& a, const Homography& b, Size size) {
    const auto inverse = b.inverse();
    return inverse ? largestShift(a.then(*inverse), size) : 1e9;
}

} // namespace

struct CameraTracker::Impl {
    Size frame;
    CameraTrackerOptions options;
    Size work;
    BackgroundView previous;
    BackgroundView key;
    Homography previousToKey; // work pixels
    Homography lastStep;      // work pixels
    float lastConfidence = 0;
    bool standing = true; // the camera did not move at the last step

    BackgroundView look(const ImageU8& rgb, const ImageU8& moving) const;
    CameraStep advance(BackgroundView current);
    Homography follow(const BackgroundView& current, const std::vector<cv::Point2f>& points,
                      const Registration& direct, bool& keepKey);
    bool stands(const Registration& direct, const Registration* viaKey) const;
    ArrayMap save() const;
};

BackgroundView CameraTracker::Impl::look(const ImageU8& rgb, const ImageU8& moving) const {
    const cv::Size size(work.width, work.height);
    BackgroundView result;
    cv::Mat reduced;
    cv::resize(view(rgb), reduced, size, 0, 0, cv::INTER_AREA);
    cv::cvtColor(reduced, result.gray, cv::COLOR_RGB2GRAY);
    result.trackable = cv::Mat(size, CV_8U, cv::Scalar(255));
    if (moving.empty())
        return result;
    cv::Mat mask;
    cv::resize(view(moving), mask, size, 0, 0, cv::INTER_AREA);
    const int reach = std::max(3, work.width / 100) | 1;
    cv::dilate(mask, mask,
               cv::getStructuringElement(cv::MORPH_RECT, {reach * 2 + 1, reach * 2 + 1}));
    result.trackable.setTo(0, mask > 60);
    return result;
}

/// A standing camera goes on standing until a good part of the background says otherwise, against
/// the last frame or against the key frame; noise and slow shadows do not set it in motion.
bool CameraTracker::Impl::stands(const Registration& direct, const Registration* viaKey) const {
    const double share = standing ? 0.8 : 0.94;
    const double distance = options.staticShift * (standing ? 2.5 : 1.2);
    if (explainedBy(direct, Homography{}, distance) <
        share * explainedBy(direct, direct.map, distance))
        return false;
    return !viaKey || explainedBy(*viaKey, previousToKey, distance) >=
                          share * explainedBy(*viaKey, viaKey->map, distance);
}

/// The map from the current frame to the key frame, and whether the key frame can stay.
Homography CameraTracker::Impl::follow(const BackgroundView& current,
                                       const std::vector<cv::Point2f>& points,
                                       const Registration& direct, bool& keepKey) {
    const Homography predicted = direct.map.then(previousToKey);
    const auto viaKey = registerBackground(current, key, points, predicted);
    // Two independent ways to the key frame must agree, else the chain is safer.
    const bool agrees = viaKey.found && viaKey.inliers >= 30 &&
                        disagreement(viaKey.map, predicted, work) < 4.0 + 0.01 * work.width;
    const Homography toKey = agrees ? viaKey.map : predicted;
    keepKey = agrees && viaKey.followedShare > 0.25f && overlap(toKey, work) > 0.6;

    standing = stands(direct, agrees ? &viaKey : nullptr);
    return standing ? previousToKey : toKey;
}

CameraStep CameraTracker::Impl::advance(BackgroundView current) {
    CameraStep step;
    const auto points = backgroundPoints(current, options.maxPoints);
    const auto direct = registerBackground(current, previous, points, Homography{});
    const bool lost = !direct.found;
    if (lost && direct.followedShare < 0.2f &&
        thumbnailDifference(current.gray, previous.gray) > 16.0) {
        step.isCut = true;
        key = current;
        previousToKey = lastStep = Homography{};
        standing = true;
        lastConfidence = 0;
    } else if (lost) {
        // Nothing to go by: a camera that was moving most likely moves on for a moment.
        lastConfidence *= 0.5f;
        lastStep = lastConfidence > 0.2f ? lastStep : Homography{};
        step.toPrevious = rescaled(lastStep, work, frame);
        step.confidence = 0.1f * lastConfidence;
        key = current;
        previousToKey = Homography{};
    } else {
        bool keepKey = false;
        const Homography toKey = follow(current, points, direct, keepKey);
        const auto back = previousToKey.inverse();
        lastStep = standing ? Homography{} : back ? toKey.then(*back) : direct.map;
        if (!standing && disagreement(lastStep, direct.map, work) > 4.0)
            lastStep = direct.map;
        previousToKey = toKey;
        if (!keepKey && !standing) {
            key = current;
            previousToKey = Homography{};
        }
        step.toPrevious = rescaled(lastStep, work, frame);
        step.confidence = direct.inlierShare * std::min(1.f, float(direct.inliers) / 60.f);
        lastConfidence = step.confidence;
    }
    previous = std::move(current);
    return step;
}

ArrayMap CameraTracker::Impl::save() const {
    ArrayMap state{{"previous_gray", packMat(previous.gray)},
                   {"previous_trackable", packMat(previous.trackable)},
                   {"key_gray", packMat(key.gray)},
                   {"key_trackable", packMat(key.trackable)}};
    std::vector<double> numbers(previousToKey.m.begin(), previousToKey.m.end());
    numbers.insert(numbers.end(), lastStep.m.begin(), lastStep.m.end());
    numbers.push_back(double(lastConfidence));
    numbers.push_back(standing ? 1.0 : 0.0);
    state["numbers"] = packDoubles(numbers);
    return state;
}

CameraTracker::CameraTracker(Size frame, CameraTrackerOptions options)
    : m_impl(std::make_unique<Impl>()) {
    m_impl->frame = frame;
    m_impl->options = options;
    m_impl->work = reducedSize(frame, options.workSide);
}

CameraTracker::CameraTracker(CameraTracker&&) noexcept = default;
CameraTracker& CameraTracker::operator=(CameraTracker&&) noexcept = default;
CameraTracker::~CameraTracker() = default;

Result<CameraStep> CameraTracker::add(const ImageU8& rgb, const ImageU8& moving) {
    if (rgb.empty() || rgb.size() != m_impl->frame || rgb.channels() != 3 ||
        (!moving.empty() && (moving.size() != m_impl->frame || moving.channels() != 1)))
        return Error{ErrorCode::ShapeMismatch,
                     "The camera tracker was given a frame or mask of another size."};
    auto current = m_impl->look(rgb, moving);
    if (m_impl->previous.gray.empty()) {
        m_impl->key = m_impl->previous = std::move(current);
        return CameraStep{};
    }
    return m_impl->advance(std::move(current));
}

ArrayMap CameraTracker::saveState() const { return m_impl->save(); }

Status CameraTracker::restoreState(const ArrayMap& state) {
    auto next = std::make_unique<Impl>();
    next->frame = m_impl->frame;
    next->options = m_impl->options;
    next->work = m_impl->work;
    const cv::Size size(next->work.width, next->work.height);
    STRATA_ASSIGN(next->previous.gray, unpackMat(state, "previous_gray", CV_8U, size));
    STRATA_ASSIGN(next->previous.trackable, unpackMat(state, "previous_trackable", CV_8U, size));
    STRATA_ASSIGN(next->key.gray, unpackMat(state, "key_gray", CV_8U, size));
    STRATA_ASSIGN(next->key.trackable, unpackMat(state, "key_trackable", CV_8U, size));
    STRATA_ASSIGN(const auto numbers, unpackDoubles(state, "numbers", 20));
    if (next->previous.gray.empty() != next->key.gray.empty() ||
        next->previous.gray.empty() != next->previous.trackable.empty() ||
        next->key.gray.empty() != next->key.trackable.empty())
        return Error{ErrorCode::BadFormat, "The saved state of the camera tracker is incomplete."};
    std::copy_n(numbers.begin(), 9, next->previousToKey.m.begin());
    std::copy_n(numbers.begin() + 9, 9, next->lastStep.m.begin());
    next->lastConfidence = float(numbers[18]);
    next->standing = numbers[19] != 0;
    m_impl = std::move(next);
    return ok();
}

} // namespace strata
