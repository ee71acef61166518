// SPDX-License-Identifier: Apache-2.0
#include "engine/decompose/scene/thing_bridge.h"

#include "engine/decompose/scene/disc.h"
#include "engine/decompose/scene/thing_look.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

namespace strata {
namespace {

constexpr std::ptrdiff_t fewestSights = 3; // in a row: less may be an error of single mattes
constexpr std::size_t longestBridge =
    bridgeReach - fewestSights + 2;   // all its frames see both ends
constexpr double mostOfBody = 0.2;    // of the body's area: larger things are no ball
constexpr double mostApart = 24;      // Lab levels between the mean colours of two sights
constexpr double searchReach = 3;     // diameters round the straight way between two sights
constexpr double leastFit = 0.4;      // of a place that may be the thing
constexpr std::size_t mostSpots = 12; // such places per frame
constexpr std::size_t mostHidden = 3; // frames in a row without such a place
constexpr double hiddenCost = 0.7;    // of each of them, against 1 - fit where it is seen
constexpr double fastest = 1.6;       // diameters per frame
constexpr double moveCost = 0.15;     // of one diameter per frame
constexpr double mostCost = 0.5;      // per frame, of a way that is believed

using Around = std::vector<std::shared_ptr<const LayerEvidence>>;

/// A thing in the last frame, seen from `here`, in which it stands alone.
struct Sight {
    std::size_t at = 0;
    std::vector<const Thing*> row; // in that frame and those farther away
};

const Thing* aloneLike(const Thing& thing, const LayerEvidence& evidence) {
    const Thing* found = partnerOf(thing, evidence.things);
    return found && found->alone ? found : nullptr;
}

/// The last sights on one side of `here`: -1 before, 1 after.
std::vector<Sight> lastSights(const Around& around, std::size_t here, std::ptrdiff_t side) {
    std::vector<Sight> sights;
    const auto count = std::ptrdiff_t(around.size());
    const auto frame = [&](std::ptrdiff_t at) -> const LayerEvidence& {
        return *around[std::size_t(at)];
    };
    for (auto at = std::ptrdiff_t(here) + side;; at += side) {
        const auto farthest = at + side * (fewestSights - 1);
        if (farthest < 0 || farthest >= count)
            return sights;
        for (const auto& thing : frame(at).things) {
            if (!thing.alone || thing.area > mostOfBody * frame(at).bodyArea ||
                aloneLike(thing, frame(at - side)))
                continue;
            Sight sight{std::size_t(at), {&thing}};
            for (auto next = at + side; next != farthest + side && sight.row.back(); next += side)
                sight.row.push_back(aloneLike(*sight.row.back(), frame(next)));
            if (sight.row.back())
                sights.push_back(std::move(sight));
        }
    }
}

cv::Point middleOf(const Thing& thing) { return (thing.box.tl() + thing.box.br()) / 2; }
double diameterOf(const Thing& thing) { return std::sqrt(thing.area); }

bool sameThing(const Thing& a, const Thing& b) {
    const auto apart = cv::mean(a.look, a.mask) - cv::mean(b.look, b.mask);
    const double ratio = a.area / b.area;
    return ratio > 0.5 && ratio < 2 &&
           cv::norm(cv::Vec3d(apart[0], apart[1], apart[2])) < mostApart;
}

/// A place where the thing may be in one frame.
struct Spot {
    cv::Point at; // of the middle
    double fit = 1;
    double cost = std::numeric_limits<double>::infinity(); // of the best way here
    std::size_t frame = 0, spot = 0;                       // that it came from
};

std::vector<Spot> spotsIn(const cv::Mat& fit, cv::Point origin, double diameter) {
    cv::Mat best;
    cv::dilate(fit, best, disc(std::max(1, int(0.2 * diameter))));
    std::vector<Spot> spots;
    for (int y = 0; y < fit.rows; ++y)
        for (int x = 0; x < fit.cols; ++x)
            if (const float here = fit.at<float>(y, x);
                double(here) > leastFit && here >= best.at<float>(y, x))
                spots.push_back({origin + cv::Point(x, y), double(here)});
    std::ranges::stable_sort(spots, [](const Spot& a, const Spot& b) { return a.fit > b.fit; });
    if (spots.size() > mostSpots)
        spots.resize(mostSpots);
    return spots;
}

/// One way of a thing from the last sight before to the first after.
class Bridge {
public:
    Bridge(const Around& around, const Sight& before, const Sight& after)
        : m_around(&around)
        , m_before(&before)
        , m_after(&after)
        , m_shape(shapeOf(before, after))
        , m_diameter(diameterOf(*m_shape)) {
        for (const auto* sight : {&before, &after})
            for (std::size_t k = 0; k < sight->row.size(); ++k) {
                const auto at = sight == &before ? sight->at - k : sight->at + k;
                m_look.learn(*sight->row[k], around[at]->lab);
            }
        findSpots();
        findWay();
    }

    /// Per frame; above mostCost no way is believed.
    double cost() const { return m_spots.back()[0].cost / double(m_spots.size() - 1); }
    const Sight* before() const { return m_before; }
    const Sight* after() const { return m_after; }
    Thing thingAt(std::size_t frame) const;

private:
    static const Thing* shapeOf(const Sight& before, const Sight& after);
    void findSpots();
    void findWay();
    cv::Point placeAt(std::size_t step) const;

    const Around* m_around;
    const Sight* m_before;
    const Sight* m_after;
    const Thing* m_shape;
    double m_diameter;
    ThingLook m_look;
    std::vector<std::vector<Spot>> m_spots; // per frame; one at each end
};

/// The sight of middle size: a thing is cut in some mattes and grows in others.
const Thing* Bridge::shapeOf(const Sight& before, const Sight& after) {
    std::vector<const Thing*> all = before.row;
    all.insert(all.end(), after.row.begin(), after.row.end());
    std::ranges::stable_sort(all, {}, [](const Thing* thing) { return thing->area; });
    return all[all.size() / 2];
}

void Bridge::findSpots() {
    const Thing &from = *m_before->row.front(), &to = *m_after->row.front();
    const int room = int(searchReach * m_diameter);
    const cv::Rect way = from.box | to.box;
    m_spots.assign(m_after->at - m_before->at + 1, {});
    m_spots.front() = {{middleOf(from), 1, 0}};
    m_spots.back() = {{middleOf(to)}};
    for (std::size_t step = 1; step + 1 < m_spots.size(); ++step) {
        const cv::Mat& lab = (*m_around)[m_before->at + step]->lab;
        const cv::Rect place =
            cv::Rect(way.x - room, way.y - room, way.width + 2 * room, way.height + 2 * room) &
            cv::Rect({0, 0}, lab.size());
        const cv::Mat fit = fitOf(m_shape->mask, m_look.likeness(lab(place)));
        m_spots[step] = spotsIn(fit, place.tl(), m_diameter);
    }
}

/// The cheapest way, frame by frame.
void Bridge::findWay() {
    for (std::size_t step = 1; step < m_spots.size(); ++step)
        for (auto& to : m_spots[step])
            for (std::size_t back = 1; back <= std::min(step, mostHidden + 1); ++back)
                for (std::size_t i = 0; i < m_spots[step - back].size(); ++i) {
                    const Spot& from = m_spots[step - back][i];
                    const double speed = cv::norm(to.at - from.at) / m_diameter / double(back);
                    const double cost = from.cost + hiddenCost * double(back - 1) + (1 - to.fit) +
                                        moveCost * speed * speed * double(back);
                    if (speed > fastest || !(cost < to.cost))
                        continue;
                    to.cost = cost;
                    to.frame = step - back;
                    to.spot = i;
                }
}

/// Between two places in frames where the thing is not seen: on the straight way.
cv::Point Bridge::placeAt(std::size_t step) const {
    std::size_t later = m_spots.size() - 1, spot = 0;
    while (true) {
        const Spot& to = m_spots[later][spot];
        if (later == step)
            return to.at;
        const Spot& from = m_spots[to.frame][to.spot];
        if (to.frame < step) {
            const double share = double(step - to.frame) / double(later - to.frame);
            return cv::Point(cv::Point2d(from.at) + share * cv::Point2d(to.at - from.at));
        }
        later = to.frame;
        spot = to.spot;
    }
}

Thing Bridge::thingAt(std::size_t frame) const {
    const cv::Mat& lab = (*m_around)[frame]->lab;
    Thing thing = *m_shape;
    const cv::Point moved = placeAt(frame - m_before->at) - middleOf(*m_shape);
    thing.box += moved;
    thing.centre += cv::Point2d(moved);
    const cv::Rect inside = thing.box & cv::Rect({0, 0}, lab.size());
    cv::Mat like = cv::Mat::zeros(thing.mask.size(), CV_8U), covered;
    if (!inside.empty())
        cv::Mat(m_look.likeness(lab(inside)) > 0.5)
            .copyTo(like(cv::Rect(inside.tl() - thing.box.tl(), inside.size())));
    // Marks on it are not like it, what covers it is not either but larger.
    const int mark = std::max(1, int(0.15 * m_diameter));
    cv::copyMakeBorder(like, covered, mark, mark, mark, mark, cv::BORDER_REPLICATE);
    cv::morphologyEx(covered, covered, cv::MORPH_CLOSE, disc(mark));
    thing.mask = thing.mask & covered(cv::Rect({mark, mark}, like.size()));
    thing.area = cv::countNonZero(thing.mask);
    return thing;
}

} // namespace

std::vector<Thing> bridgedThings(const Around& around, std::size_t here) {
    const auto before = lastSights(around, here, -1);
    const auto after = lastSights(around, here, 1);
    std::vector<Bridge> bridges;
    for (const auto& from : before)
        for (const auto& to : after)
            if (to.at - from.at <= longestBridge && sameThing(*from.row.front(), *to.row.front()))
                if (Bridge bridge(around, from, to); bridge.cost() <= mostCost)
                    bridges.push_back(std::move(bridge));
    std::ranges::stable_sort(bridges, {}, [](const Bridge& bridge) { return bridge.cost(); });
    std::vector<Thing> things;
    std::vector<const Sight*> used; // a sight is of one thing
    for (const auto& bridge : bridges) {
        if (std::ranges::count(used, bridge.before()) || std::ranges::count(used, bridge.after()))
            continue;
        used.insert(used.end(), {bridge.before(), bridge.after()});
        things.push_back(bridge.thingAt(here));
    }
    return things;
}

} // namespace strata
