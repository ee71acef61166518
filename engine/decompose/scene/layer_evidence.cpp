// SPDX-License-Identifier: Apache-2.0
#include "engine/decompose/scene/layer_evidence.h"

#include "engine/decompose/scene/cv_view.h"
#include "engine/decompose/scene/disc.h"
#include "engine/decompose/scene/front_depth.h"
#include "engine/decompose/scene/lone_pieces.h"
#include "engine/decompose/scene/mask_pieces.h"
#include "engine/decompose/scene/near_objects.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>

namespace strata {
namespace {

constexpr std::size_t rememberedEvidence = 2 * trackReach + 1;
constexpr std::size_t rememberedLooks = 2;
constexpr double leastThickness =
    0.012;                           // of the body's height: thinner strips are errors of the matte
constexpr double touching = 0.006;   // share of the depth range: a thing held before the body
constexpr double ahead = 0.03;       // the same for what has the person's own colours
constexpr double ownColours = 0.6;   // share of a thing's pixels that have them
constexpr double flat = 0.02;        // share of the depth range: lies on the ground
constexpr double behind = 0.04;      // share of the depth range: clearly behind the person
constexpr double swell = 0.02;       // of the frame's longer side: as far as soft depth reaches
constexpr double onBody = 0.5;       // of what has swollen over the person
constexpr double besideBody = 0.05;  // of the body's height
constexpr double strayColours = 0.4; // as ownColours, for what the matte has found by its colours
constexpr double farAhead = 0.1;     // the same: what touches such a thing and is not is another

/// Closes the holes of one thing: marks on a ball, its shaded side. The reach follows the thing's
/// own thickness.
cv::Mat closedThing(const cv::Mat& component, double thickness) {
    const int radius = std::max(1, int(thickness * 0.6));
    cv::Mat padded, result;
    cv::copyMakeBorder(component, padded, radius, radius, radius, radius, cv::BORDER_CONSTANT);
    cv::morphologyEx(padded, padded, cv::MORPH_CLOSE, disc(radius));
    padded(cv::Rect({radius, radius}, component.size())).copyTo(result);
    std::vector<std::vector<cv::Point>> outlines;
    cv::findContours(result, outlines, cv::RETR_EXTERNAL, cv::CHAIN_APPROX_NONE);
    cv::drawContours(result, outlines, -1, cv::Scalar(255), cv::FILLED);
    return result;
}

/// Pieces of the matte right beside the expected body in the person's colours: a foot that comes
/// out from behind something is fitted a little off its place.
cv::Mat strays(const LayerView& view, const PersonLook& look) {
    cv::Mat result = cv::Mat::zeros(view.body.size(), CV_8U), around;
    cv::dilate(view.body, around, disc(int(besideBody * view.box.height)));
    for (const cv::Mat& piece : piecesOf(view.human > 127)) {
        const double most = onBody * cv::countNonZero(piece);
        if (cv::countNonZero(piece & view.body) <= most &&
            cv::countNonZero(piece & around) > most &&
            look.likeSomePart(view, piece) > strayColours)
            result |= piece;
    }
    return result;
}

/// Where near things have swollen over the person, as the soft edge of a depth lets them: pieces no
/// wider than that edge which matte, body and colours say are the person.
cv::Mat swollenOver(const cv::Mat& near, const LayerView& view, const PersonLook& look) {
    cv::Mat result = cv::Mat::zeros(near.size(), CV_8U), distance;
    const cv::Mat both = near & (view.human > 127);
    const double widest = swell * std::max(near.cols, near.rows);
    cv::distanceTransform(both, distance, cv::DIST_L2, cv::DIST_MASK_5);
    for (const cv::Mat& piece : piecesOf(both)) {
        double width = 0;
        cv::minMaxLoc(distance, nullptr, &width, nullptr, nullptr, piece);
        if (width < widest &&
            cv::countNonZero(piece & view.body) > onBody * cv::countNonZero(piece) &&
            look.likeSomePart(view, piece) > ownColours)
            result |= piece;
    }
    return result;
}

/// The connected pieces of a mask. Where something touches a thing that is far ahead of the person
/// without being so itself (a leg at the bush that it comes out from), it is a piece of its own.
/// Fewer pixels than `least` are the thing's soft edge.
std::vector<cv::Mat> piecesByLead(const cv::Mat& mask, const cv::Mat& nearer, double least) {
    std::vector<cv::Mat> result;
    for (cv::Mat& whole : piecesOf(mask)) {
        const double lead = medianInside(nearer, whole);
        if (lead > farAhead)
            for (cv::Mat& other : piecesOf(whole & (nearer < ownLead * lead), least)) {
                whole.setTo(0, other);
                result.push_back(std::move(other));
            }
        result.push_back(std::move(whole));
    }
    return result;
}

} // namespace

EvidenceCollector::EvidenceCollector(const LayerInputs& inputs, const LayerOptions& options)
    : m_inputs(inputs)
    , m_options(options)
    , m_work(reducedSize(inputs.rgb->frameSize(), options.workSide)) {}

std::vector<std::int64_t> EvidenceCollector::samplesFor(std::int64_t index) const {
    const std::int64_t block = m_options.blockFrames;
    const auto begin = index / block * block;
    const auto last = m_inputs.rgb->frameCount() - 1;
    std::vector<std::int64_t> samples;
    for (auto at = begin - block / 2; at <= begin + block + block / 2; at += m_options.sampleStride)
        if (at >= 0 && at <= last && m_inputs.camera->sameShot(at, index))
            samples.push_back(at);
    if (samples.empty())
        samples.push_back(index);
    return samples;
}

Result<std::shared_ptr<const EvidenceCollector::Looks>>
EvidenceCollector::looksFor(std::int64_t index, const JobContext& job) {
    const auto samples = samplesFor(index);
    for (const auto& looks : m_looks)
        if (looks->samples == samples)
            return looks;
    auto looks = std::make_shared<Looks>();
    looks->samples = samples;
    looks->background = BackgroundLook(samples[samples.size() / 2]);
    std::vector<LayerView> views;
    for (const auto at : samples) {
        if (job.stopRequested())
            return cancelled();
        STRATA_ASSIGN(auto view, readLayerView(m_inputs, at, m_work));
        view.ahead = aheadOfPerson(view);
        const auto map = m_inputs.camera->between(looks->background.home(), at);
        looks->background.add(view, rescaled(map, m_inputs.rgb->frameSize(), m_work));
        views.push_back(std::move(view));
    }
    looks->background.finish();
    findObjects(views, *looks);
    learnPerson(views, *looks);
    m_looks.push_front(looks);
    if (m_looks.size() > rememberedLooks)
        m_looks.pop_back();
    return std::shared_ptr<const Looks>(looks);
}

/// Objects nearer than the person that stand at the body in one of the views, in all views:
/// followed from view to view, since they move against the background while the camera does.
void EvidenceCollector::findObjects(const std::vector<LayerView>& views, Looks& looks) const {
    for (const auto& view : views)
        looks.personDepth.push_back(personDepth(view));
    std::vector<NearObjects> objects(views.size());
    looks.objects.resize(views.size());
    for (std::size_t i = 0; i < views.size(); ++i) {
        const auto person = depthOfPerson(looks, views[i].index);
        if (!person || views[i].depth.empty())
            return;
        objects[i] = nearObjects(views[i], *person, m_options);
        looks.objects[i] = atTheBody(objects[i], views[i]);
    }
    const auto follow = [&](std::size_t from, std::size_t to) {
        const cv::Mat there = carried(looks.objects[from], views[from].index, views[to].index);
        looks.objects[to] |= alsoIn(objects[to], there);
    };
    for (std::size_t i = 1; i < views.size(); ++i)
        follow(i - 1, i);
    for (std::size_t i = views.size() - 1; i > 0; --i)
        follow(i, i - 1);
}

/// The middle of what the samples nearby say: in single frames the matte may lie on the occluder.
std::optional<double> EvidenceCollector::depthOfPerson(const Looks& looks,
                                                       std::int64_t index) const {
    std::vector<double> nearby;
    for (std::int64_t reach = 3 * m_options.sampleStride;
         nearby.empty() && reach <= 4 * m_options.blockFrames; reach *= 2)
        for (std::size_t i = 0; i < looks.samples.size(); ++i)
            if (looks.personDepth[i] && std::abs(looks.samples[i] - index) <= reach)
                nearby.push_back(*looks.personDepth[i]);
    if (nearby.empty())
        return std::nullopt;
    const auto middle = nearby.begin() + std::ptrdiff_t(nearby.size() / 2);
    std::nth_element(nearby.begin(), middle, nearby.end());
    return *middle;
}

/// A mask of one frame as the background carries it to another.
cv::Mat EvidenceCollector::carried(const cv::Mat& mask, std::int64_t from, std::int64_t to) const {
    const auto map =
        rescaled(m_inputs.camera->between(to, from), m_inputs.rgb->frameSize(), m_work);
    if (map.isIdentity())
        return mask;
    cv::Mat result;
    cv::warpPerspective(mask, result, toCv(map), mask.size(),
                        cv::INTER_NEAREST | cv::WARP_INVERSE_MAP);
    return result;
}

/// The frame's own objects that stand at the body now or, by the samples beside it, at another
/// time.
cv::Mat EvidenceCollector::frontObjects(const LayerView& view, const Looks& looks) const {
    const auto person = depthOfPerson(looks, view.index);
    cv::Mat result = cv::Mat::zeros(view.human.size(), CV_8U);
    if (!person || view.depth.empty())
        return result;
    const NearObjects objects = nearObjects(view, *person, m_options);
    result = atTheBody(objects, view);
    for (std::size_t i = 0; i < looks.samples.size(); ++i)
        if (std::abs(looks.samples[i] - view.index) <= m_options.sampleStride &&
            !looks.objects[i].empty())
            result |= alsoIn(objects, carried(looks.objects[i], looks.samples[i], view.index));
    if (!view.bodyFits) // where the body is wrong, its depth is too: limbs come nearer
        result.setTo(0, view.human > 127);
    return result;
}

/// In rounds: what one look finds strange is left out of the next, so that a thing that is in front
/// of the same part for long does not become part of the person.
void EvidenceCollector::learnPerson(const std::vector<LayerView>& views, Looks& looks) const {
    std::vector<cv::Mat> strange(views.size());
    for (int round = 0; round < 3; ++round) {
        PersonLook look;
        for (std::size_t i = 0; i < views.size(); ++i)
            if (views[i].bodyFits)
                look.add(views[i], strange[i]);
        look.finish();
        looks.person = std::move(look);
        for (std::size_t i = 0; i < views.size() && round < 2; ++i)
            if (!views[i].box.empty())
                strange[i] = strangeThings(views[i], looks);
    }
}

/// Pixels round the body that are neither explained by it nor by the background, as whole things.
cv::Mat EvidenceCollector::strangeThings(const LayerView& view, const Looks& looks) const {
    if (!view.bodyFits)
        return cv::Mat::zeros(view.human.size(), CV_8U);
    const auto home = m_inputs.camera->between(view.index, looks.background.home());
    const cv::Mat like =
        looks.background.explains(view, rescaled(home, m_inputs.rgb->frameSize(), m_work));
    cv::Mat strange = view.zone.clone();
    strange.setTo(0, looks.person.explains(view));
    // Inside the matte a colour of the background is no excuse: the person hides the background
    // there.
    strange.setTo(0, (like == 255) & (view.human < 128));
    // Outside the body nothing is said about places whose background was never seen.
    strange.setTo(0, (like == 128) & (view.human < 128) & ~view.body);
    strange.setTo(0, view.others > 60);
    cv::medianBlur(strange, strange, 3);
    const double height = view.box.height;
    const int opening = std::max(1, int(std::lround(leastThickness * height)));
    cv::morphologyEx(strange, strange, cv::MORPH_OPEN, disc(opening));

    cv::Mat labels, stats, centres, distance, result = cv::Mat::zeros(strange.size(), CV_8U);
    const int n = cv::connectedComponentsWithStats(strange, labels, stats, centres);
    cv::distanceTransform(strange, distance, cv::DIST_L2, cv::DIST_MASK_5);
    const double least = double(m_options.minAreaShare) * cv::countNonZero(view.body);
    for (int i = 1; i < n; ++i) {
        if (stats.at<int>(i, cv::CC_STAT_AREA) < least)
            continue;
        const cv::Mat component = labels == i;
        double thickness = 0;
        cv::minMaxLoc(distance, nullptr, &thickness, nullptr, nullptr, component);
        result |= closedThing(component, thickness);
    }
    return result;
}

cv::Mat EvidenceCollector::nearPeople(const LayerView& view, const cv::Mat& nearer) const {
    cv::Mat result = cv::Mat::zeros(view.others.size(), CV_8U);
    if (nearer.empty())
        return result;
    for (const cv::Mat& component : piecesOf(view.others > 127)) {
        if (medianInside(nearer, component) > double(m_options.nearMargin) * 0.5)
            result |= component;
    }
    return result;
}

Result<std::shared_ptr<const LayerEvidence>> EvidenceCollector::collect(std::int64_t index,
                                                                        const JobContext& job) {
    const auto known =
        std::ranges::find_if(m_evidence, [&](const auto& e) { return e->index == index; });
    if (known != m_evidence.end()) {
        m_evidence.splice(m_evidence.begin(), m_evidence, known); // the least used goes first
        return m_evidence.front();
    }
    STRATA_ASSIGN(const auto looks, looksFor(index, job));
    STRATA_ASSIGN(auto view, readLayerView(m_inputs, index, m_work));
    view.ahead = aheadOfPerson(view);
    auto evidence = std::make_shared<LayerEvidence>();
    evidence->index = index;
    const cv::Size size(m_work.width, m_work.height);
    evidence->near = evidence->people = cv::Mat::zeros(size, CV_8U);
    evidence->lab = view.lab;
    evidence->human = view.human;
    evidence->body = view.body;
    evidence->bodyArea = cv::countNonZero(view.body);
    evidence->near = frontObjects(view, *looks);
    if (!view.box.empty()) {
        const cv::Mat beside = strays(view, looks->person);
        evidence->body = view.body | beside;
        evidence->near.setTo(0, swollenOver(evidence->near, view, looks->person) | beside);
        const double least = double(m_options.minAreaShare) * evidence->bodyArea;
        const cv::Mat pieces = lonePieces(view, evidence->near | (view.others > 60), least);
        cv::Mat strange = strangeThings(view, *looks) | pieces;
        const cv::Mat nearer = nearerThanPerson(view, strange);
        if (!nearer.empty()) {
            const cv::Mat overGround = aboveTheGround(view);
            for (const cv::Mat& component : piecesByLead(strange, nearer, least)) {
                if (cv::countNonZero(component & pieces))
                    continue; // so small a thing in the air has the depth of what is behind it
                const int onPerson = cv::countNonZero(component & (view.human > 127));
                const bool onIt = 2 * onPerson > cv::countNonZero(component);
                // On the person a thing is at least a little nearer; beside it, not clearly behind
                // and not flat on the ground, as shadows are.
                const bool likeIt =
                    onIt && looks->person.likeSomePart(view, component) > ownColours;
                const double lead = likeIt ? ahead : onIt ? touching : -behind;
                if (medianInside(nearer, component) < lead ||
                    (!onIt && !overGround.empty() &&
                     std::abs(medianInside(overGround, component)) < flat))
                    strange.setTo(0, component);
            }
        }
        evidence->things = thingsIn(strange, view.lab);
        evidence->people = nearPeople(view, nearer);
    }
    m_evidence.push_front(evidence);
    if (m_evidence.size() > rememberedEvidence)
        m_evidence.pop_back();
    return std::shared_ptr<const LayerEvidence>(evidence);
}

} // namespace strata
