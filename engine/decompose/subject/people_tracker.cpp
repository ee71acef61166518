// SPDX-License-Identifier: Apache-2.0
#include "engine/decompose/subject/people_tracker.h"

#include "engine/decompose/subject/body_geometry.h"
#include "engine/decompose/subject/track.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>

namespace strata {
namespace {

constexpr float kSameBody = 0.45f;   // pose distance below which two observations are one person
constexpr float kSameLook = 0.86f;   // a newcomer this similar to somebody who left is that person
constexpr float kSharedParts = 0.7f; // both must show the same parts of the body
constexpr float kOtherLook =
    0.45f; // below this the region has slipped to somebody else or to a thing
constexpr float kSureLook = 0.75f; // above it, and near enough, nothing else is tried
constexpr float kSureOverlap = 0.4f;
constexpr float kLeastOverlap = 0.1f; // nobody leaps farther between two frames
constexpr float kNewVagueness =
    0.25f; // of a newcomer's body mask at most; things are vaguer than people
constexpr float kYoungVagueness = 0.35f; // in the first frames
constexpr float kMostVagueness = 0.45f;  // and later, when the landmarks are in doubt as well
constexpr float kDoubt = 0.8f;
constexpr float kSmallestRegion =
    0.2f; // of the frame's height; smaller people are not worth following
constexpr float kLeastJoints = 0.6f; // share of the joints that lie in the body mask
constexpr float kLeastMask = 0.02f;  // share of the region that a body covers at least
constexpr int kSearch = 36;          // frames that a well known person is searched for after loss
constexpr int kGone = 1000;          // misses of somebody who is known to have left
constexpr std::size_t kMostDeparted = 64;

float maskShare(const ImageU8& mask) {
    std::int64_t inside = 0;
    for (std::size_t i = 0; i < mask.count(); ++i)
        inside += mask.data()[i] > 127;
    return mask.empty() ? 0.f : float(inside) / float(mask.count());
}

bool touchesSide(const RectF& box, Size frame) {
    const float margin = 0.01f * float(frame.width);
    return box.x0 <= margin || box.y1 >= float(frame.height) - margin ||
           box.x1 >= float(frame.width) - margin;
}

/// Is `lost` somebody else, who passes behind `front` and will be seen again?
bool hides(const Track& front, const Track& lost) {
    return lost.misses > 0 && lost.age >= 10 && similarity(front.look, lost.look) < kSureLook;
}

/// Is the one a part of the other's body, an arm taken for a small person, say?
bool isPartOf(const PersonObservation& part, const PersonObservation& whole) {
    if (part.box.area() >= 0.6f * whole.box.area())
        return false;
    const RectF both{std::max(part.box.x0, whole.box.x0), std::max(part.box.y0, whole.box.y0),
                     std::min(part.box.x1, whole.box.x1), std::min(part.box.y1, whole.box.y1)};
    if (part.box.area() < 0.25f * whole.box.area() && both.area() > 0.7f * part.box.area())
        return true;
    int all = 0, shared = 0;
    for (int y = 0; y < part.mask.height(); y += 4)
        for (int x = 0; x < part.mask.width(); x += 4)
            if (part.mask.at(x, y) > 127) {
                const glm::vec2 uv = (glm::vec2(x, y) + 0.5f) / float(kPersonMaskSide);
                ++all;
                shared += regionMaskAt(whole, regionToFrame(part.region, uv)) > 127.f;
            }
    return shared * 2 > all;
}

/// Does the detection show the body of `person`? By the hips, which the detector gives as its
/// first keypoint.
bool shows(const PersonDetection& detection, const PersonObservation& person) {
    const glm::vec2 hips =
        (glm::vec2(person.pose.landmarks[23]) + glm::vec2(person.pose.landmarks[24])) * 0.5f;
    return glm::length(detection.keypoints[0] - hips) < 0.6f * bodyScale(person.pose);
}

} // namespace

struct PeopleTracker::Impl {
    PersonSensor& sensor;
    PeopleTrackerOptions options;
    TrackerState state;

    Result<std::optional<PersonObservation>> observe(const ImageU8& rgb, const PoseRegion& region) {
        if (!(region.side > 4.f) || !std::isfinite(region.center.x) ||
            !std::isfinite(region.center.y))
            return std::optional<PersonObservation>{};
        STRATA_ASSIGN(const PoseEstimator::Output output, sensor.estimate(rgb, region));
        PersonObservation person;
        person.pose = output.pose;
        person.region = output.region;
        person.mask = reduceRegionMask(output.mask);
        if (person.pose.score < options.minPose || maskShare(person.mask) < kLeastMask)
            return std::optional<PersonObservation>{};
        person.box = bodyBox(person, rgb.size());
        person.fullBody = seesFullBody(person.pose, rgb.size());
        if (person.box.area() <= 0 || jointsInMask(person, rgb.size()) < kLeastJoints)
            return std::optional<PersonObservation>{};
        return std::optional<PersonObservation>(std::move(person));
    }

    /// Looks for the track's person where it should be, then more widely and at other angles.
    Result<std::optional<PersonObservation>> follow(const Track& track, const ImageU8& rgb) {
        const PoseRegion base = track.seen.pose.nextRegion;
        std::vector<PoseRegion> places{base};
        if (track.age >= 3) {
            PoseRegion moved = base;
            moved.center += track.velocity;
            moved.side *= 1.15f;
            places.push_back(moved);
            // A body that turns over can be at any angle; a few are tried in each frame.
            for (const int turn : {1, 7, 2 * track.misses + 2, 2 * track.misses + 3}) {
                places.push_back(base);
                places.back().angle += float(turn % 8) * float(std::numbers::pi / 4);
                places.back().side *= track.misses > 1 ? 1.2f : 1.f;
            }
        }
        for (const PoseRegion& place : places) {
            STRATA_ASSIGN(std::optional<PersonObservation> person, observe(rgb, place));
            if (!person)
                continue;
            if (track.age < 3 || similarity(track.look, appearanceOf(rgb, *person)) >= kOtherLook)
                return person;
        }
        return std::optional<PersonObservation>{};
    }

    void update(Track& track, std::optional<PersonObservation> person, const ImageU8& rgb) {
        if (!person) {
            track.seen = shifted(std::move(track.seen), track.velocity);
            track.velocity *= 0.7f;
            track.seen.measured = false;
            // Somebody who was at the side of the frame has walked out of it: nothing to wait
            // for.
            track.misses += touchesSide(track.seen.box, rgb.size()) ? kGone : 1;
            return;
        }
        person->id = track.seen.id;
        person->measured = true;
        const glm::vec2 step = person->pose.nextRegion.center - track.seen.pose.nextRegion.center;
        track.velocity = track.age == 0 ? glm::vec2(0.f) : 0.5f * (track.velocity + step);
        const Appearance look = appearanceOf(rgb, *person);
        if (track.age < 10 || similarity(track.look, look) >= kSureLook)
            track.look.blend(look, track.age < 10 ? 0.3f : 0.05f);
        track.seen = std::move(*person);
        track.misses = 0;
        ++track.age;
    }

    /// Follows every track. Where two end on one body, it belongs to the one it looks more
    /// like; the other has slipped and counts as not found here.
    Status followAll(const ImageU8& rgb) {
        auto& tracks = state.tracks;
        std::vector<std::optional<PersonObservation>> found(tracks.size());
        std::vector<float> claim(tracks.size(), 0.f);
        for (std::size_t i = 0; i < tracks.size(); ++i) {
            STRATA_ASSIGN(found[i], follow(tracks[i], rgb));
            if (found[i])
                claim[i] = similarity(tracks[i].look, appearanceOf(rgb, *found[i])) +
                           0.5f * boxOverlap(tracks[i].seen.box, found[i]->box);
        }
        for (std::size_t i = 0; i < tracks.size(); ++i)
            for (std::size_t k = i + 1; k < tracks.size(); ++k)
                if (found[i] && found[k] &&
                    poseDistance(found[i]->pose, found[k]->pose) < kSameBody)
                    found[claim[i] < claim[k] ? i : k].reset();
        for (std::size_t i = 0; i < tracks.size(); ++i)
            update(tracks[i], std::move(found[i]), rgb);
        return ok();
    }

    /// Of two tracks on one body the one that was measured and is older stays.
    void dropDuplicates() {
        auto& tracks = state.tracks;
        std::ranges::stable_sort(tracks, [](const Track& a, const Track& b) {
            return a.misses != b.misses ? a.misses < b.misses : a.age > b.age;
        });
        for (std::size_t i = 0; i < tracks.size(); ++i)
            for (std::size_t k = tracks.size(); --k > i;)
                if (poseDistance(tracks[i].seen.pose, tracks[k].seen.pose) < kSameBody &&
                    !hides(tracks[i], tracks[k]))
                    tracks.erase(tracks.begin() + std::ptrdiff_t(k));
        std::erase_if(tracks, [&](const Track& part) {
            return std::ranges::any_of(tracks, [&](const Track& whole) {
                return whole.misses == 0 && isPartOf(part.seen, whole.seen);
            });
        });
    }

    void retire() {
        std::erase_if(state.tracks, [this](const Track& track) {
            if (track.misses < (track.age >= 10 ? kSearch : options.maxMisses))
                return false;
            if (track.age >= 3) {
                std::erase_if(state.departed,
                              [&](const Departed& d) { return d.id == track.seen.id; });
                state.departed.push_back({track.seen.id, track.look, track.seen.box});
                if (state.departed.size() > kMostDeparted)
                    state.departed.erase(state.departed.begin());
            }
            return true;
        });
    }

    /// Who a newly found person is: a track that lost its person, somebody who left, or
    /// somebody new.
    void admit(PersonObservation person, const ImageU8& rgb) {
        const Appearance look = appearanceOf(rgb, person);
        Track* lost = nullptr;
        Departed* known = nullptr;
        float best = kSameLook;
        for (Track& track : state.tracks)
            if (track.misses > 0)
                if (const float s = similarity(track.look, look) +
                                    0.2f * boxOverlap(track.seen.box, person.box);
                    s > best) {
                    best = s;
                    lost = &track;
                }
        // A head that enters below looks like many people: only who left cut off like this is
        // meant.
        const float lowest = 0.99f * float(rgb.height());
        for (Departed& departed : state.departed)
            if (const float s = similarity(departed.look, look);
                s > best && sharedParts(departed.look, look) > kSharedParts &&
                (person.box.y1 < lowest || departed.box.y1 >= lowest)) {
                best = s;
                known = &departed;
            }
        if (lost && !known) {
            update(*lost, std::move(person), rgb);
            return;
        }
        if (!known && int(state.tracks.size()) >= options.maxPeople)
            return; // looked at only in search of somebody lost
        Track track;
        track.look = known ? known->look : Appearance{};
        person.id = known ? known->id : state.nextId++;
        if (known)
            state.departed.erase(state.departed.begin() + (known - state.departed.data()));
        track.seen.id = person.id;
        update(track, std::move(person), rgb);
        state.tracks.push_back(std::move(track));
    }

    /// Makes room for a person of this size by letting the smallest go; false when all are
    /// larger.
    bool makeRoom(float side) {
        if (int(state.tracks.size()) < options.maxPeople)
            return true;
        const auto smallest = std::ranges::min_element(
            state.tracks, {}, [](const Track& track) { return track.seen.pose.nextRegion.side; });
        if (smallest->seen.pose.nextRegion.side * 1.3f > side)
            return false;
        smallest->misses = kGone;
        retire();
        return true;
    }

    Status look(const ImageU8& rgb) {
        ++state.sinceLook;
        ++state.sinceTiled;
        const bool anybody =
            std::ranges::any_of(state.tracks, [](const Track& t) { return t.misses == 0; });
        const bool lost =
            std::ranges::any_of(state.tracks, [](const Track& t) { return t.misses > 0; });
        // While somebody is lost the detector looks more often, with nobody there at all in
        // every frame.
        if (anybody && state.sinceLook < (lost ? std::min(3, options.keyEvery) : options.keyEvery))
            return ok();
        const bool tiled = (!anybody && state.sinceTiled >= options.tiledEvery) ||
                           (lost && state.sinceTiled >= options.tiledEvery / 4);
        STRATA_ASSIGN(std::vector<PersonDetection> found,
                      tiled ? sensor.detectTiled(rgb, options.minDetection)
                            : sensor.detect(rgb, options.minDetection));
        state.sinceLook = 0;
        if (tiled)
            state.sinceTiled = 0;
        std::ranges::stable_sort(found, std::greater{},
                                 [](const PersonDetection& d) { return d.region.side; });
        for (const PersonDetection& detection : found) {
            if (detection.region.side < kSmallestRegion * float(rgb.height()))
                break;
            const bool followed = std::ranges::any_of(state.tracks, [&](const Track& t) {
                return t.misses == 0 && shows(detection, t.seen);
            });
            if (followed || (!lost && !makeRoom(detection.region.side)))
                continue;
            STRATA_ASSIGN(std::optional<PersonObservation> person, observe(rgb, detection.region));
            if (!person || maskVagueness(*person) > kNewVagueness)
                continue;
            const bool again = std::ranges::any_of(state.tracks, [&](const Track& t) {
                return t.misses == 0 && (poseDistance(t.seen.pose, person->pose) < kSameBody ||
                                         isPartOf(*person, t.seen));
            });
            if (!again)
                admit(std::move(*person), rgb);
        }
        return ok();
    }

    PeopleFrame result() const {
        PeopleFrame frame;
        for (const Track& track : state.tracks)
            if (track.misses < options.maxMisses)
                frame.people.push_back(track.seen);
        std::ranges::sort(frame.people, {}, &PersonObservation::id);
        return frame;
    }

    /// Takes over what the forward run measured, so that the backward run starts from it where
    /// that ends.
    void adopt(const PeopleFrame& known, const ImageU8& rgb) {
        for (const PersonObservation& person : known.people) {
            if (!person.measured)
                continue;
            auto track = std::ranges::find(state.tracks, person.id,
                                           [](const Track& t) { return t.seen.id; });
            if (track == state.tracks.end())
                track = state.tracks.insert(state.tracks.end(), Track{});
            track->seen.id = person.id;
            update(*track, person, rgb);
        }
    }
};

PeopleTracker::PeopleTracker(PersonSensor& sensor, PeopleTrackerOptions options)
    : m_impl(std::make_unique<Impl>(Impl{sensor, options, {}})) {}
PeopleTracker::PeopleTracker(PeopleTracker&&) noexcept = default;
PeopleTracker::~PeopleTracker() = default;

Result<PeopleFrame> PeopleTracker::process(std::int64_t, const ImageU8& rgb,
                                           const JobContext& context) {
    if (context.stopRequested())
        return cancelled();
    if (rgb.channels() != 3 || rgb.empty())
        return Error{ErrorCode::ShapeMismatch, "People are looked for in colour frames only."};
    STRATA_TRY(m_impl->followAll(rgb));
    STRATA_TRY(m_impl->look(rgb));
    m_impl->dropDuplicates();
    m_impl->retire();
    return m_impl->result();
}

Result<PeopleFrame> PeopleTracker::processBackward(std::int64_t, const ImageU8& rgb,
                                                   const PeopleFrame& known,
                                                   const JobContext& context) {
    if (context.stopRequested())
        return cancelled();
    PeopleFrame result = known;
    for (Track& track : m_impl->state.tracks) {
        const PersonObservation* there = known.find(track.seen.id);
        if (there && there->measured)
            continue;
        STRATA_ASSIGN(std::optional<PersonObservation> person, m_impl->follow(track, rgb));
        const bool taken =
            person && std::ranges::any_of(known.people, [&](const PersonObservation& other) {
                return other.id != track.seen.id && other.measured &&
                       poseDistance(other.pose, person->pose) < kSameBody;
            });
        if (taken)
            person.reset();
        m_impl->update(track, std::move(person), rgb);
        if (track.misses > 0)
            continue;
        std::erase_if(result.people,
                      [&](const PersonObservation& p) { return p.id == track.seen.id; });
        result.people.push_back(track.seen);
    }
    m_impl->adopt(known, rgb);
    m_impl->retire();
    m_impl->state.departed.clear();
    std::ranges::sort(result.people, {}, &PersonObservation::id);
    return result;
}

ArrayMap PeopleTracker::saveState() const { return m_impl->state.pack(); }

Status PeopleTracker::restoreState(const ArrayMap& arrays) {
    STRATA_ASSIGN(m_impl->state, TrackerState::unpack(arrays));
    return ok();
}

} // namespace strata
