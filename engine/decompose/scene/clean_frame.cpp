// SPDX-License-Identifier: Apache-2.0
#include "engine/decompose/scene/clean_frame.h"

#include "engine/decompose/scene/cv_view.h"
#include "engine/decompose/scene/disc.h"
#include "engine/decompose/scene/smooth_fill.h"
#include "engine/decompose/scene/with_border.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <array>

namespace strata {
namespace {

constexpr int mostSamples = 5; // the nearest in time that show a pixel; their median is taken
constexpr int invented = 128;
constexpr int enoughAsked = 8; // frames, to expect that background is seen in two

/// Up to `mostSamples` colours per pixel of a region.
class SampleStack {
public:
    explicit SampleStack(cv::Size size)
        : m_count(cv::Mat::zeros(size, CV_8U)) {
        for (auto& layer : m_layers)
            layer.create(size, CV_8UC3);
    }

    void add(const cv::Mat& rgb, const cv::Mat& valid, const cv::Mat& wanted) {
        ++m_asked;
        for (int y = 0; y < rgb.rows; ++y) {
            const auto* show = valid.ptr<std::uint8_t>(y);
            const auto* want = wanted.ptr<std::uint8_t>(y);
            auto* count = m_count.ptr<std::uint8_t>(y);
            for (int x = 0; x < rgb.cols; ++x)
                if (show[x] && want[x] && count[x] < mostSamples)
                    m_layers[count[x]++].at<cv::Vec3b>(y, x) = rgb.at<cv::Vec3b>(y, x);
        }
    }

    /// Where fewer than the most samples are there.
    cv::Mat open() const { return m_count < mostSamples; }
    /// What is seen once only, though several frames were asked, may be the rim of a person that
    /// the mask missed there.
    cv::Mat filled() const { return m_count >= (m_asked < enoughAsked ? 1 : 2); }

    void median(cv::Mat& rgb) const {
        for (int y = 0; y < rgb.rows; ++y)
            for (int x = 0; x < rgb.cols; ++x)
                if (const int n = m_count.at<std::uint8_t>(y, x); n > 0)
                    rgb.at<cv::Vec3b>(y, x) = medianAt(x, y, n);
    }

private:
    cv::Vec3b medianAt(int x, int y, int n) const {
        cv::Vec3b result;
        std::array<std::uint8_t, mostSamples> values{};
        for (int c = 0; c < 3; ++c) {
            for (std::size_t i = 0; i < std::size_t(n); ++i) {
                const auto value = m_layers[i].at<cv::Vec3b>(y, x)[c];
                std::size_t place = i;
                for (; place > 0 && values[place - 1] > value; --place)
                    values[place] = values[place - 1];
                values[place] = value;
            }
            const int low = values[std::size_t((n - 1) / 2)];
            const int high = values[std::size_t(n / 2)];
            result[c] = std::uint8_t((low + high + 1) / 2);
        }
        return result;
    }

    std::array<cv::Mat, mostSamples> m_layers;
    cv::Mat m_count;
    int m_asked = 0;
};

} // namespace

/// What is known about one clean frame while it is made.
struct CleanFrameMaker::Work {
    std::int64_t index = 0;
    PlateFrame frame;
    cv::Rect region; // round all that is wanted, with a border to compare colours in
    cv::Mat wanted;  // region: 255 where the colour must be found
    cv::Mat missing; // region: still to be found
    CleanFrame clean;
    std::unique_ptr<ViewAligner> aligner;
};

CleanFrameMaker::CleanFrameMaker(const PlateInputs& inputs, const PlateOptions& options,
                                 BackgroundFetch& fetcher)
    : m_inputs(inputs)
    , m_options(options)
    , m_fetcher(fetcher)
    , m_reader(inputs, options) {}

Result<CleanFrame> CleanFrameMaker::make(std::int64_t index, const CleanFrame* before,
                                         const JobContext& job) {
    Work work;
    work.index = index;
    STRATA_ASSIGN(work.frame, m_reader.read(index));
    work.clean = {index, work.frame.view.rgb.clone(),
                  cv::Mat(m_reader.size(), CV_8U, cv::Scalar(255))};
    const cv::Mat hole = work.frame.view.valid == 0;
    const cv::Rect tight = cv::boundingRect(hole);
    if (tight.empty())
        return std::move(work.clean);
    const int side = std::max(m_reader.size().width, m_reader.size().height);
    work.region = withBorder(tight, side / 12, m_reader.size());
    // A little more than the hole: a mask that missed the rim of a person is outvoted by other
    // frames.
    const int reach = std::max(2, side / 80);
    cv::dilate(hole(work.region), work.wanted, disc(reach));
    work.missing = hole(work.region).clone();
    work.aligner = std::make_unique<ViewAligner>(work.frame.view, work.region);

    bool fetched = false;
    if (m_fetcher.isMoving(index)) {
        STRATA_ASSIGN(fetched, gatherMoving(work, job));
    }
    if (!fetched)
        STRATA_TRY(gatherNear(work, job));
    if (before)
        takeFromBefore(work, *before, 255);
    cv::Mat unexplored = work.missing.clone();
    if (before && cv::countNonZero(unexplored)) {
        takeFromBefore(work, *before, invented);
        unexplored = work.missing.clone();
    }
    if (cv::countNonZero(unexplored) > cv::countNonZero(work.wanted) / 200)
        STRATA_TRY(gatherFar(work, before == nullptr, job));
    STRATA_TRY(invent(work));
    return std::move(work.clean);
}

/// Behind a moving camera: exact, and only round the people; false when nothing was found.
Result<bool> CleanFrameMaker::gatherMoving(Work& work, const JobContext& job) {
    const int reach = std::max(m_reader.size().width, m_reader.size().height) / 10;
    cv::Mat zone;
    cv::dilate(work.frame.removal(work.region) > 0, zone,
               cv::Mat::ones(2 * reach + 1, 2 * reach + 1, CV_8U));
    const cv::Mat wanted = work.missing & zone;
    const cv::Rect tight = cv::boundingRect(wanted);
    if (tight.empty())
        return false;
    const cv::Rect part = withBorder(tight, reach / 3, work.region.size());
    STRATA_ASSIGN(const SweptView seen,
                  m_fetcher.fetch(work.index, work.frame.view, part + work.region.tl(),
                                  wanted(part).clone(), job));
    const cv::Mat found = seen.count > 0;
    if (!cv::countNonZero(found))
        return false;
    seen.rgb.copyTo(work.clean.rgb(work.region)(part), found);
    work.clean.known(work.region).setTo(0, work.missing & (zone == 0));
    work.missing = wanted;
    work.missing(part).setTo(0, found);
    return true;
}

Status CleanFrameMaker::gatherNear(Work& work, const JobContext& job) {
    SampleStack samples(work.region.size());
    const cv::Mat own = work.frame.view.rgb(work.region);
    samples.add(own, work.frame.view.valid(work.region), work.wanted);
    const auto last = m_inputs.camera->frameCount() - 1;
    for (int offset = m_options.nearStride; offset <= m_options.nearReach;
         offset += m_options.nearStride)
        for (const std::int64_t index : {work.index - offset, work.index + offset}) {
            if (job.stopRequested())
                return cancelled();
            if (index < 0 || index > last || !m_inputs.camera->sameShot(index, work.index))
                continue;
            const cv::Mat wanted = work.wanted & samples.open();
            if (!cv::countNonZero(wanted))
                break;
            STRATA_ASSIGN(const auto other, m_reader.read(index));
            const auto map = m_inputs.camera->between(work.index, index);
            if (map.isIdentity() && !cv::countNonZero(other.view.valid(work.region) & wanted))
                continue;
            const auto seen = work.aligner->aligned(other.view, map);
            samples.add(seen.rgb, seen.valid, wanted);
        }
    cv::Mat rgb = work.clean.rgb(work.region);
    samples.median(rgb);
    work.missing.setTo(0, samples.filled());
    return ok();
}

void CleanFrameMaker::takeFromBefore(Work& work, const CleanFrame& before, int knownAtLeast) {
    if (!cv::countNonZero(work.missing))
        return;
    const auto map = m_inputs.camera->between(work.index, before.index);
    const SceneView source{before.rgb, before.known >= knownAtLeast};
    const auto seen = work.aligner->aligned(source, map);
    const cv::Mat take = seen.valid & work.missing;
    seen.rgb.copyTo(work.clean.rgb(work.region), take);
    work.clean.known(work.region).setTo(knownAtLeast, take);
    work.missing.setTo(0, take);
}

Status CleanFrameMaker::gatherFar(Work& work, bool backwards, const JobContext& job) {
    const auto last = m_inputs.camera->frameCount() - 1;
    for (std::int64_t offset = m_options.nearReach * 3 / 2; offset <= m_options.farReach;
         offset = offset * 3 / 2)
        for (const std::int64_t index : {work.index + offset, work.index - offset}) {
            if (job.stopRequested())
                return cancelled();
            if (index < 0 || index > last || (index < work.index && !backwards) ||
                !m_inputs.camera->sameShot(index, work.index) || !cv::countNonZero(work.missing))
                continue;
            const auto map = m_inputs.camera->between(work.index, index);
            const Size size{m_reader.size().width, m_reader.size().height};
            if (largestShift(map, size) > 0.9 * size.width)
                continue;
            STRATA_ASSIGN(const auto other, m_reader.read(index));
            const auto seen = work.aligner->aligned(other.view, map);
            const cv::Mat take = seen.valid & work.missing;
            seen.rgb.copyTo(work.clean.rgb(work.region), take);
            work.missing.setTo(0, take);
        }
    return ok();
}

Status CleanFrameMaker::invent(Work& work) {
    if (!cv::countNonZero(work.missing))
        return ok();
    cv::Mat hole = cv::Mat::zeros(m_reader.size(), CV_8U);
    work.missing.copyTo(hole(work.region));
    work.clean.known.setTo(invented, hole);
    if (m_inputs.inpaint) {
        const Size size{hole.cols, hole.rows};
        ImageU8 rgb(size.width, size.height, 3), mask(size.width, size.height, 1);
        work.clean.rgb.copyTo(view(rgb));
        hole.copyTo(view(mask));
        STRATA_ASSIGN(const auto filled, m_inputs.inpaint(rgb, mask));
        if (filled.size() != size || filled.channels() != 3)
            return Error{ErrorCode::ShapeMismatch,
                         "The inpainter returned a picture of another size."};
        view(filled).copyTo(work.clean.rgb, hole);
        return ok();
    }
    cv::Mat values, weight, smooth;
    work.clean.rgb(work.region).convertTo(values, CV_32F);
    cv::Mat(work.missing == 0).convertTo(weight, CV_32F, 1.0 / 255);
    smoothFill(values, weight, 4, 40).convertTo(smooth, CV_8U);
    smooth.copyTo(work.clean.rgb(work.region), work.missing);
    return ok();
}

} // namespace strata
