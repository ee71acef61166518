// SPDX-License-Identifier: Apache-2.0
#include "engine/decompose/subject/plate_cue.h"

#include "engine/decompose/subject/body_geometry.h"
#include "engine/decompose/subject/cv_view.h"
#include "engine/decompose/subject/frame_registration.h"
#include "engine/decompose/subject/picture_compare.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <deque>
#include <map>
#include <vector>

namespace strata {
namespace {

constexpr float kBoxMargin = 0.12f; // of the box's larger side: hands and hair beyond the landmarks
constexpr float kBodyMargin = 0.05f; // round the body mask, of the same
constexpr float kBodyLevel = 60.f;
constexpr float kStillCamera = 4.f; // mean difference in levels below which no motion is looked for
constexpr float kNothingKnown = 1e6f;
constexpr std::int64_t kGrid =
    4; // compared frames are multiples of this, so that few frames are prepared
constexpr std::size_t kKept = 32; // of them, in memory
constexpr float kRoom = 0.3f;     // round the person's box, of its larger side, that is compared
constexpr double kShadow = 9;     // levels that the scene in a shadow counts as, at least
constexpr double kDarkest = 0.25; // share of the light that a shadow leaves
constexpr int kFarWindow = 7;     // pixels that must agree together with the far scene
constexpr int kNearWindow = 11;   // and with a nearer thing, whose motion is less sure

struct Reduced {
    std::int64_t index = 0;
    cv::Mat color; // CV_8UC3, slightly blurred
    cv::Mat free;  // CV_8U, 255 away from the person
    FrameFeatures features;
    bool usable = true; // whether the person's place is known, or the person is away
};

std::int64_t onGrid(std::int64_t index) { return index < 0 ? -1 : index / kGrid * kGrid; }

/// Frames compared with frame t: dense near it, sparse far away.
std::vector<std::int64_t> comparedWith(std::int64_t index, std::int64_t count, int reach) {
    std::vector<std::int64_t> frames;
    for (const int step : {4, 8, 14, 22, 32, 48})
        for (const std::int64_t other : {onGrid(index - step), onGrid(index + step)})
            if (step <= reach && other >= 0 && other < count && other != index &&
                !std::ranges::count(frames, other))
                frames.push_back(other);
    return frames;
}

/// Raises distances that are small by chance: only where a whole window round or beside a pixel
/// agrees does the pixel agree. `valid` is 255 where `distance` means something.
void demandWindows(cv::Mat& distance, const cv::Mat& valid, int side) {
    constexpr double kMost = 60; // one pixel cannot spoil its window
    cv::Mat weight, sum, mean;
    valid.convertTo(weight, CV_32F, 1.0 / 255);
    cv::Mat(cv::min(distance, kMost)).copyTo(sum);
    sum = sum.mul(weight);
    cv::boxFilter(sum, sum, CV_32F, {side, side}, {-1, -1}, false);
    cv::boxFilter(weight, weight, CV_32F, {side, side}, {-1, -1}, false);
    mean = (sum + 4.0) / (weight + 0.25);
    cv::erode(mean, mean, cv::getStructuringElement(cv::MORPH_RECT, {side, side}));
    distance = cv::max(distance, mean);
}

/// `scene` as dark as `picture` is around each pixel: what it would look like in a shadow.
cv::Mat shadedLike(const cv::Mat& picture, const cv::Mat& scene) {
    cv::Mat here, there, share;
    const cv::Matx13f mean(1 / 3.f, 1 / 3.f, 1 / 3.f);
    cv::transform(picture, here, mean);
    cv::transform(scene, there, mean);
    cv::boxFilter(here, here, CV_32F, {kFarWindow, kFarWindow});
    cv::boxFilter(there, there, CV_32F, {kFarWindow, kFarWindow});
    share = cv::min(cv::max(here / (there + 1.0), kDarkest), 1.0);
    cv::cvtColor(share, share, cv::COLOR_GRAY2BGR);
    cv::Mat shaded;
    scene.convertTo(shaded, CV_32F);
    shaded = shaded.mul(share);
    shaded.convertTo(shaded, CV_8U);
    return shaded;
}

} // namespace

struct PlateCue::Impl {
    ColorSource& color;
    PeopleAt people;
    int personId;
    PlateCueOptions options;
    std::deque<Reduced> kept;
    std::map<std::pair<std::int64_t, std::int64_t>, std::optional<cv::Matx33d>> ways;

    Result<Reduced> prepare(std::int64_t index) {
        STRATA_ASSIGN(const ColorSource::Frame frame, color.frame(index));
        Reduced small;
        small.index = index;
        const cv::Size size = reducedSize(frame->size(), options.side);
        cv::resize(viewOf(*frame), small.color, size, 0, 0, cv::INTER_AREA);
        cv::GaussianBlur(small.color, small.color, {3, 3}, 0);
        STRATA_TRY(markFree(small, float(size.width) / float(frame->width())));
        cv::Mat gray;
        cv::cvtColor(small.color, gray, cv::COLOR_RGB2GRAY);
        small.features = featuresOf(gray, small.free);
        return small;
    }

    Result<const Reduced*> reduced(std::int64_t index) {
        for (const Reduced& frame : kept)
            if (frame.index == index)
                return &frame;
        STRATA_ASSIGN(Reduced small, prepare(index));
        if (kept.size() >= kKept)
            kept.pop_front();
        kept.push_back(std::move(small));
        return &kept.back();
    }

    /// Takes the person away from `free`: the body mask with a margin for what it misses, or the
    /// whole box without one.
    static void hide(cv::Mat& free, const PersonObservation& person, float scale) {
        const RectF& box = person.box;
        const float larger = std::max(box.width(), box.height());
        const float margin = kBoxMargin * larger;
        const cv::Rect rect =
            cv::Rect(cv::Point(int((box.x0 - margin) * scale), int((box.y0 - margin) * scale)),
                     cv::Point(int((box.x1 + margin) * scale), int((box.y1 + margin) * scale))) &
            cv::Rect({}, free.size());
        if (person.mask.empty() || !person.measured) {
            free(rect) = cv::Scalar(0);
            return;
        }
        cv::Mat body(free.size(), CV_8U, cv::Scalar(0));
        for (int y = rect.y; y < rect.br().y; ++y)
            for (int x = rect.x; x < rect.br().x; ++x)
                if (regionMaskAt(person, (glm::vec2(x, y) + 0.5f) / scale) > kBodyLevel)
                    body.at<std::uint8_t>(y, x) = 255;
        const int reach = 2 * std::max(1, int(kBodyMargin * larger * scale)) + 1;
        cv::dilate(body, body, cv::getStructuringElement(cv::MORPH_ELLIPSE, {reach, reach}));
        free.setTo(0, body);
    }

    Status markFree(Reduced& small, float scale) {
        small.free = cv::Mat(small.color.size(), CV_8U, cv::Scalar(255));
        STRATA_ASSIGN(const PeopleFrame frame, people(small.index));
        const PersonObservation* person = frame.find(personId);
        if (!person) {
            // Lost, or away? Away when there is no trace of the person in the frames around.
            for (const std::int64_t near :
                 {small.index - 6, small.index - 2, small.index + 2, small.index + 6})
                if (near >= 0 && near < color.frameCount()) {
                    STRATA_ASSIGN(const PeopleFrame around, people(near));
                    small.usable = small.usable && !around.find(personId);
                }
            return ok();
        }
        hide(small.free, *person, scale);
        return ok();
    }

    static bool standsStill(const Reduced& from, const Reduced& to) {
        cv::Mat difference, both = from.free & to.free;
        cv::absdiff(from.color, to.color, difference);
        const cv::Scalar mean = cv::mean(difference, both);
        return (mean[0] + mean[1] + mean[2]) / 3 < kStillCamera &&
               cv::countNonZero(both) > int(both.total() / 10);
    }

    /// The rough motion from the grid's frame `other` to `now`, by way of the grid's frame beside
    /// `now`: ways on the grid serve several frames and are kept.
    Result<std::optional<cv::Matx33d>> roughly(std::int64_t other, const Reduced& now,
                                               const std::optional<cv::Matx33d>& last) {
        const std::int64_t beside = onGrid(now.index);
        if (last && other != beside) {
            const auto [at, isNew] = ways.try_emplace({other, beside});
            if (isNew) {
                STRATA_ASSIGN(const Reduced* const to, reduced(beside));
                STRATA_ASSIGN(const Reduced* const from, reduced(other));
                at->second = roughMotion(from->features, to->features);
            }
            if (at->second)
                return std::optional(*last * *at->second);
        }
        STRATA_ASSIGN(const Reduced* const from, reduced(other));
        return roughMotion(from->features, now.features);
    }

    /// Where the person may be in a reduced frame; all of it when that is not known.
    Result<cv::Rect> placeOf(const Reduced& now) {
        const cv::Rect all({}, now.color.size());
        STRATA_ASSIGN(const PeopleFrame frame, people(now.index));
        const PersonObservation* person = frame.find(personId);
        if (!person)
            return all;
        const float scale = float(all.width) / float(color.frameSize().width);
        const RectF& box = person->box;
        const float room = kRoom * std::max(box.width(), box.height());
        const cv::Rect place(
            cv::Point(int((box.x0 - room) * scale), int((box.y0 - room) * scale)),
            cv::Point(int((box.x1 + room) * scale) + 1, int((box.y1 + room) * scale) + 1));
        return (place & all).empty() ? all : place & all;
    }

    /// Difference of `now` to what `seen` shows, carried over by each motion: the far scene's
    /// first.
    static cv::Mat difference(const Reduced& now, const Reduced& seen, const cv::Rect& place,
                              const std::vector<cv::Matx33d>& motions) {
        cv::Mat best;
        const cv::Matx33d toPlace(1, 0, -place.x, 0, 1, -place.y, 0, 0, 1);
        for (const cv::Matx33d& motion : motions) {
            const cv::Matx33d way = toPlace * motion;
            cv::Mat warped, free;
            cv::warpPerspective(seen.color, warped, way, place.size(), cv::INTER_LINEAR,
                                cv::BORDER_REPLICATE);
            cv::warpPerspective(seen.free, free, way, place.size(), cv::INTER_NEAREST);
            cv::Mat distance = colorDistance(now.color(place), warped);
            demandWindows(distance, free, best.empty() ? kFarWindow : kNearWindow);
            if (best.empty()) { // a shadow on the far scene says nothing
                cv::Mat shadow =
                    colorDistance(now.color(place), shadedLike(now.color(place), warped));
                demandWindows(shadow, free, kNearWindow);
                distance = cv::min(distance, shadow + kShadow);
            }
            distance.setTo(kNothingKnown, free == 0);
            best = best.empty() ? distance : cv::Mat(cv::min(best, distance));
        }
        return best;
    }

    /// Differences of frame `now` to each comparable frame, kNothingKnown where that shows nothing.
    Result<std::vector<cv::Mat>> differences(const Reduced& now, const cv::Rect& place) {
        std::vector<cv::Mat> all;
        std::optional<cv::Matx33d> last; // from the grid's frame beside this one
        if (const std::int64_t beside = onGrid(now.index); beside == now.index) {
            last = cv::Matx33d::eye();
        } else {
            STRATA_ASSIGN(const Reduced* const from, reduced(beside));
            last = roughMotion(from->features, now.features);
        }
        std::erase_if(ways, [&](const auto& way) { // those that are too far back to be used
            return std::abs(way.first.second - now.index) > 2 * kGrid;
        });
        for (const std::int64_t other :
             comparedWith(now.index, color.frameCount(), options.reach)) {
            STRATA_ASSIGN(const Reduced* seen, reduced(other));
            if (!seen->usable)
                continue;
            std::vector<cv::Matx33d> motions{cv::Matx33d::eye()};
            if (!standsStill(*seen, now)) {
                STRATA_ASSIGN(const auto guess, roughly(other, now, last));
                if (!guess)
                    continue;
                STRATA_ASSIGN(seen, reduced(other));
                motions = motionsBetween(seen->features, now.features, *guess);
            }
            if (!motions.empty())
                all.push_back(difference(now, *seen, place, motions));
        }
        return all;
    }
};

PlateCue::PlateCue(ColorSource& color, PeopleAt people, int personId, PlateCueOptions options)
    : m_impl(std::make_unique<Impl>(Impl{color, std::move(people), personId, options, {}, {}})) {}
PlateCue::PlateCue(PlateCue&&) noexcept = default;
PlateCue::~PlateCue() = default;

Result<PlateEvidence> PlateCue::frame(std::int64_t index) {
    STRATA_ASSIGN(const Reduced now, m_impl->prepare(index));
    STRATA_ASSIGN(const cv::Rect place, m_impl->placeOf(now));
    STRATA_ASSIGN(const std::vector<cv::Mat> all, m_impl->differences(now, place));
    PlateEvidence evidence;
    evidence.difference = ImageF(now.color.cols, now.color.rows, 1);
    evidence.known = evidence.difference;
    std::vector<float> values(all.size());
    for (int y = 0; y < place.height; ++y)
        for (int x = 0; x < place.width; ++x) {
            std::size_t n = 0;
            for (const cv::Mat& difference : all)
                if (const float d = difference.at<float>(y, x); d < kNothingKnown)
                    values[n++] = d;
            if (n == 0)
                continue;
            // Not the best match, which may be chance, but one that a quarter of the frames reach.
            const auto rank = values.begin() + std::ptrdiff_t(n / 4);
            std::nth_element(values.begin(), rank, values.begin() + std::ptrdiff_t(n));
            evidence.difference.at(place.x + x, place.y + y) = *rank;
            evidence.known.at(place.x + x, place.y + y) = std::min(1.f, float(n) / 3.f);
        }
    return evidence;
}

} // namespace strata
