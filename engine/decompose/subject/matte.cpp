// SPDX-License-Identifier: Apache-2.0
#include "engine/decompose/subject/matte.h"

#include "engine/decompose/subject/body_geometry.h"
#include "engine/decompose/subject/color_model.h"
#include "engine/decompose/subject/cv_view.h"
#include "engine/decompose/subject/graph_cut.h"
#include "engine/decompose/subject/guided_filter.h"
#include "engine/decompose/subject/matte_fusion.h"
#include "engine/decompose/subject/picture_compare.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>
#include <utility>

namespace strata {
namespace {

constexpr int kStateSide = 288;  // shorter side of what is kept from frame to frame
constexpr float kMargin = 0.18f; // of the larger side of the box, round the crop
constexpr int kFusionSide = 256; // shorter side of the crop while the sources are joined
constexpr float kCoupling = 4.f; // of neighbours while they are
constexpr int kEdgeSide = 640;   // and while the edges are refined

// Limbs: pairs of landmarks that surely lie inside the body when both are seen.
constexpr std::pair<int, int> kBones[] = {{11, 12}, {23, 24}, {11, 23}, {12, 24}, {11, 13},
                                          {12, 14}, {13, 15}, {14, 16}, {23, 25}, {24, 26},
                                          {25, 27}, {26, 28}, {11, 24}, {12, 23}};

cv::Rect toRect(const RectF& box, float margin, cv::Size frame) {
    const float m = margin * std::max(box.width(), box.height());
    const cv::Rect rect(cv::Point(int(std::floor(box.x0 - m)), int(std::floor(box.y0 - m))),
                        cv::Point(int(std::ceil(box.x1 + m)), int(std::ceil(box.y1 + m))));
    return rect & cv::Rect({}, frame);
}

cv::Mat resized(const cv::Mat& picture, cv::Size size) {
    cv::Mat out;
    cv::resize(picture, out, size, 0, 0,
               size.width < picture.cols ? cv::INTER_AREA : cv::INTER_LINEAR);
    return out;
}

/// The part of a map of the whole frame (at any size) that lies under `crop`, at `size`.
cv::Mat cropOf(const cv::Mat& map, const cv::Rect& crop, cv::Size frame, cv::Size size) {
    const double sx = double(map.cols) / frame.width, sy = double(map.rows) / frame.height;
    const cv::Matx23d toMap(
        sx * crop.width / size.width, 0, sx * (crop.x + 0.5 * crop.width / size.width) - 0.5, 0,
        sy * crop.height / size.height, sy * (crop.y + 0.5 * crop.height / size.height) - 0.5);
    cv::Mat out;
    cv::warpAffine(map, out, toMap, size, cv::INTER_LINEAR | cv::WARP_INVERSE_MAP,
                   cv::BORDER_REPLICATE);
    return out;
}

} // namespace

struct SubjectMatte::Impl {
    MattingFunction matting;
    int personId;
    MatteOptions options;

    // State: the frame before at kStateSide, in whole levels so that it is stored exactly.
    cv::Mat lastGray;  // CV_8U, empty before the first frame
    cv::Mat lastAlpha; // CV_8U
    float lastConfidence = 0;
    int sinceSeen = 1 << 20; // frames since the tracker measured the person
    ColorModel colors;

    cv::Mat carryPrior(const cv::Mat& gray) const {
        if (lastGray.empty() || lastGray.size() != gray.size() ||
            cv::countNonZero(lastAlpha > 127) == 0)
            return {};
        const cv::Mat back = samplingMap(opticalFlow(gray, lastGray));
        cv::Mat prior;
        cv::remap(lastAlpha, prior, back, cv::noArray(), cv::INTER_LINEAR, cv::BORDER_CONSTANT, 0);
        return prior;
    }

    cv::Rect cropFor(const PersonObservation* person, const cv::Mat& prior, cv::Size frame) const {
        cv::Rect crop;
        if (person)
            crop = toRect(person->box, kMargin, frame);
        if (prior.empty())
            return crop;
        const cv::Rect found = cv::boundingRect(prior > 127);
        if (found.empty())
            return crop;
        const float s = float(frame.width) / float(prior.cols);
        const RectF box{float(found.x) * s, float(found.y) * s, float(found.br().x) * s,
                        float(found.br().y) * s};
        return crop | toRect(box, person ? 0.06f : kMargin, frame);
    }

    static cv::Mat bodyMask(const PersonObservation& person, const cv::Rect& crop, cv::Size size) {
        cv::Mat out(size, CV_32F);
        for (int y = 0; y < size.height; ++y)
            for (int x = 0; x < size.width; ++x) {
                const glm::vec2 p(
                    crop.x + (float(x) + 0.5f) * float(crop.width) / float(size.width),
                    crop.y + (float(y) + 0.5f) * float(crop.height) / float(size.height));
                out.at<float>(y, x) = regionMaskAt(person, p) / 255.f;
            }
        return out;
    }

    /// Where the person surely is: bones between landmarks that are seen, and the core of the
    /// prior.
    static cv::Mat seedOf(const PersonObservation* person, const MatteEvidence& evidence,
                          const cv::Rect& crop) {
        const cv::Size size = evidence.network.size();
        cv::Mat seed(size, CV_8U, cv::Scalar(0));
        if (!evidence.prior.empty())
            cv::erode(evidence.prior > 0.6, seed,
                      cv::getStructuringElement(cv::MORPH_RECT, {5, 5}));
        if (!person || !person->measured)
            return seed;
        if (!evidence.body.empty())
            seed |= evidence.body > 0.8;
        const auto place = [&](int i) {
            const glm::vec3& p = person->pose.landmarks[i];
            return cv::Point(int((p.x - float(crop.x)) * float(size.width) / float(crop.width)),
                             int((p.y - float(crop.y)) * float(size.height) / float(crop.height)));
        };
        for (const auto& [a, b] : kBones)
            if (person->pose.visibility[a] > 0.6f && person->pose.visibility[b] > 0.6f)
                cv::line(seed, place(a), place(b), cv::Scalar(255), 3);
        return seed;
    }

    Result<MatteEvidence> gather(const cv::Mat& frame, const cv::Rect& crop,
                                 const PersonObservation* person, const cv::Mat& prior,
                                 const MatteCues& cues, const cv::Mat& small) {
        MatteEvidence evidence;
        STRATA_ASSIGN(const ImageF alpha, matting(imageOf(frame(crop)), options.networkSide));
        const cv::Size size = small.size();
        evidence.network = resized(viewOf(alpha), size);
        if (person && person->measured && !person->mask.empty())
            evidence.body = bodyMask(*person, crop, size);
        if (!prior.empty()) {
            cropOf(prior, crop, frame.size(), size).convertTo(evidence.prior, CV_32F, 1.0 / 255);
            evidence.priorTrust = lastConfidence;
        }
        if (cues.depth && cues.depth->size() == Size{frame.cols, frame.rows}) {
            const cv::Mat depth(frame.size(), CV_16U,
                                const_cast<std::uint16_t*>(cues.depth->data()));
            cv::Mat local;
            cropOf(depth, crop, frame.size(), size).convertTo(local, CV_32F);
            evidence.nearness = depthOdds(local, seedOf(person, evidence, crop));
        }
        evidence.color = colors.logOdds(small);
        if (cues.plate && !cues.plate->difference.empty()) {
            evidence.difference = cropOf(viewOf(cues.plate->difference), crop, frame.size(), size);
            evidence.known = cropOf(viewOf(cues.plate->known), crop, frame.size(), size);
        }
        return evidence;
    }

    /// The person as the sources and the borders of colours have it, CV_32F 0 or 1. Twice: the
    /// first answer teaches the colours of this very frame.
    cv::Mat split(const cv::Mat& small, MatteEvidence& evidence) const {
        cv::Mat inside = graphCut(small, fuse(evidence), kCoupling), probability;
        inside.convertTo(probability, CV_32F, 1.0 / 255);
        ColorModel current = colors;
        current.learn(small, probability, 0.25f);
        evidence.color = current.logOdds(small);
        graphCut(small, fuse(evidence), kCoupling).convertTo(probability, CV_32F, 1.0 / 255);
        return probability;
    }

    /// The edges at (up to) full resolution: the joined probability follows the picture's edges;
    /// where MODNet agrees on what is inside, its softer alpha (hair, motion blur) is taken.
    static cv::Mat edges(const cv::Mat& frameCrop, const cv::Mat& probability,
                         const cv::Mat& network) {
        const cv::Size size = reducedSize({frameCrop.cols, frameCrop.rows}, kEdgeSide);
        const cv::Mat picture = resized(frameCrop, size);
        const cv::Mat p = resized(probability, size), net = resized(network, size);
        cv::Mat hard;
        cv::Mat(p > 0.5).convertTo(hard, CV_32F, 1.0 / 255);
        const int radius = std::max(2, std::min(size.width, size.height) / 100);
        cv::Mat soft = guidedFilter(picture, hard, radius, 1e-4f);
        soft = cv::max(cv::min((soft - 0.1) / 0.8, 1.0), 0.0);
        cv::Mat netHard, disagree;
        cv::Mat(net > 0.5).convertTo(netHard, CV_32F, 1.0 / 255);
        cv::absdiff(hard, netHard, disagree);
        cv::boxFilter(disagree, disagree, CV_32F, {4 * radius + 1, 4 * radius + 1});
        const cv::Mat trust = cv::max(1.0 - 5.0 * disagree, 0.0);
        cv::Mat alpha = soft + trust.mul(net - soft);
        // Nothing of MODNet far from the person.
        cv::Mat near;
        cv::dilate(hard, near,
                   cv::getStructuringElement(cv::MORPH_ELLIPSE, {8 * radius + 1, 8 * radius + 1}));
        alpha = alpha.mul(near);
        return resized(alpha, frameCrop.size());
    }

    /// Agreement of MODNet and the body mask with the joined result.
    static float confidenceOf(const MatteEvidence& evidence, const cv::Mat& probability) {
        const cv::Mat inside = probability > 0.5;
        const double area = cv::countNonZero(inside);
        if (area < 16)
            return 0.f;
        const auto agreement = [&](const cv::Mat& source) {
            const cv::Mat other = source > 0.5;
            return double(cv::countNonZero(inside & other)) /
                   std::max(1, cv::countNonZero(inside | other));
        };
        const double network = double(cv::countNonZero(inside & (evidence.network > 0.5))) / area;
        const double body =
            evidence.body.empty() ? 0.5 : std::min(1.0, 1.2 * agreement(evidence.body));
        return float(0.5 * network + 0.5 * body);
    }

    void remember(const cv::Mat& gray, const cv::Mat& alpha, float confidence) {
        lastGray = gray;
        lastAlpha = alpha;
        lastConfidence = confidence;
    }
};

SubjectMatte::SubjectMatte(MattingFunction matting, int personId, MatteOptions options)
    : m_impl(std::make_unique<Impl>()) {
    m_impl->matting = std::move(matting);
    m_impl->personId = personId;
    m_impl->options = options;
}
SubjectMatte::SubjectMatte(SubjectMatte&&) noexcept = default;
SubjectMatte::~SubjectMatte() = default;

Result<PersonMatte> SubjectMatte::process(std::int64_t, const ImageU8& rgb,
                                          const PeopleFrame& people, const MatteCues& cues,
                                          const JobContext& context) {
    if (context.stopRequested())
        return cancelled();
    if (rgb.channels() != 3 || rgb.empty())
        return Error{ErrorCode::ShapeMismatch, "Mattes are made from colour frames only."};
    Impl& d = *m_impl;
    const cv::Mat frame = viewOf(rgb);
    cv::Mat gray;
    cv::cvtColor(resized(frame, reducedSize(rgb.size(), kStateSide)), gray, cv::COLOR_RGB2GRAY);
    const PersonObservation* person = people.find(d.personId);
    d.sinceSeen = person && person->measured ? 0 : d.sinceSeen + 1;
    constexpr int kLongestBlind = 12; // frames that the prior alone carries the matte
    const cv::Mat prior = d.sinceSeen <= kLongestBlind ? d.carryPrior(gray) : cv::Mat();
    const cv::Rect crop = d.cropFor(person, prior, frame.size());
    PersonMatte result;
    result.alpha = ImageU8(rgb.width(), rgb.height(), 1);
    if (crop.width < 16 || crop.height < 16 || d.sinceSeen > kLongestBlind) {
        d.remember(gray, cv::Mat(gray.size(), CV_8U, cv::Scalar(0)), 0.f);
        return result;
    }
    const cv::Mat small = resized(frame(crop), reducedSize({crop.width, crop.height}, kFusionSide));
    STRATA_ASSIGN(MatteEvidence evidence, d.gather(frame, crop, person, prior, cues, small));
    cv::Mat probability = d.split(small, evidence);
    keepPerson(probability, Impl::seedOf(person, evidence, crop), int(small.total() / 800));
    const cv::Mat alpha = Impl::edges(frame(crop), probability, evidence.network);
    alpha.convertTo(viewOf(result.alpha)(crop), CV_8U, 255.0);
    result.confidence = Impl::confidenceOf(evidence, probability);
    d.colors.learn(small, probability, 0.08f * result.confidence);
    cv::Mat kept;
    cv::resize(viewOf(result.alpha), kept, gray.size(), 0, 0, cv::INTER_AREA);
    d.remember(gray, kept, std::round(result.confidence * 255.f) / 255.f);
    return result;
}

ArrayMap SubjectMatte::saveState() const {
    const Impl& d = *m_impl;
    const auto bytes = [](const cv::Mat& m) {
        return Array::of({m.rows, m.cols}, std::span<const std::uint8_t>(m.data, m.total()));
    };
    const std::vector<float> numbers{d.lastConfidence, float(std::min(d.sinceSeen, 1 << 20))};
    return {{"gray", bytes(d.lastGray)},
            {"alpha", bytes(d.lastAlpha)},
            {"numbers", Array::of({2}, std::span<const float>(numbers))},
            {"colors", d.colors.pack()}};
}

Status SubjectMatte::restoreState(const ArrayMap& state) {
    const std::string where = "the state of the matte";
    STRATA_ASSIGN(const Array gray, require(state, "gray", where, {-1, -1}));
    STRATA_ASSIGN(const Array alpha, require(state, "alpha", where, gray.shape));
    STRATA_ASSIGN(const Array numbers, require(state, "numbers", where, {2}));
    STRATA_ASSIGN(const Array colors, require(state, "colors", where));
    if (gray.type != DType::U8 || alpha.type != DType::U8)
        return Error{ErrorCode::BadFormat, "The pictures in " + where + " are not 8-bit."};
    STRATA_TRY(m_impl->colors.unpack(colors));
    const auto mat = [](const Array& a) {
        cv::Mat m(int(a.shape[0]), int(a.shape[1]), CV_8U);
        std::copy_n(reinterpret_cast<const std::uint8_t*>(a.bytes.data()), m.total(), m.data);
        return m;
    };
    m_impl->lastGray = mat(gray);
    m_impl->lastAlpha = mat(alpha);
    const std::vector<float> values = numbers.toFloats();
    m_impl->lastConfidence = values[0];
    m_impl->sinceSeen = int(values[1]);
    return ok();
}

} // namespace strata
