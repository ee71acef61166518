// SPDX-License-Identifier: Apache-2.0
#include "engine/synth/mistaken_parts.h"

#include "engine/synth/matte_tools.h"
#include "engine/synth/skin_color.h"

#include <algorithm>
#include <array>
#include <vector>

namespace strata {
namespace {

constexpr int kOfLimb = 4;         // stretches of an upper arm, a forearm, a thigh
constexpr int kOfTrunk = 12;       // and of the trunk, by height
constexpr int kArms = 2 * kOfLimb; // the first ones
constexpr int kStretches = kArms + kOfTrunk + kOfLimb;
constexpr std::size_t kFewest = 24;   // px: less tells nothing of a stretch
constexpr float kBareShare = 0.5f;    // of an arm's stretch, at least, is skin
constexpr float kClothedShare = 0.3f; // of the trunk's, at most
constexpr float kBesideIt = 0.2f;     // of its border, at least: what comes in from another part
constexpr float kLeastRed = 0.38f;    // share of red in any skin
constexpr float kDarkest = 0.3f; // times the stretch's middle: hair, and what is in deep shadow

float sum(const glm::vec3& c) { return c.r + c.g + c.b; }

/// Wider bounds than those for a hand's single pixels, since most of a stretch must keep them:
/// bright skin is paler.
bool likeSkin(const glm::vec3& color, const glm::vec3& skin) {
    return hasSkinHue(color, skin, 0.13f) && color.r > kLeastRed * sum(color) &&
           sum(color) > 0.1f * sum(skin);
}

/// The stretch of both arms, of the trunk or of both thighs that each vertex is in, or -1.
std::vector<int> stretchesOf(const ShapedBody& body) {
    const auto& model = body.model();
    const auto rest = body.restVertices();
    const auto joints = body.restJoints();
    std::vector<int> out(rest.size(), -1);
    const auto along = [&](std::size_t v, std::size_t from, std::size_t to, int count) {
        const glm::vec3 bone = joints[to] - joints[from];
        const float t = glm::dot(rest[v] - joints[from], bone) / glm::dot(bone, bone);
        return std::clamp(int(t * float(count)), 0, count - 1);
    };
    for (std::size_t v = 0; v < rest.size(); ++v) {
        const auto joint = std::size_t(model.bones[v][0]);
        if (joint == 16 || joint == 17)
            out[v] = along(v, joint, joint + 2, kOfLimb);
        else if (joint >= 18 && joint <= 21) // the wrist goes with the forearm
            out[v] = kOfLimb + along(v, 18 + joint % 2, 20 + joint % 2, kOfLimb);
        else if (joint == 1 || joint == 2)
            out[v] = kArms + kOfTrunk + along(v, joint, joint + 3, kOfLimb);
        else if (regionOfJoint(int(joint)) == BodyRegion::Torso)
            out[v] = kArms + along(v, 0, 12, kOfTrunk);
    }
    return out;
}

enum class Place : std::uint8_t { Outside, Other, Arm, StrangeOnArm, StrangeOnTrunk, Mistaken };

struct Pixels {
    std::vector<Place> places;
    std::array<std::vector<std::size_t>, kStretches> stretches;
};

Pixels sorted(const ShapedBody& body, const SubjectView& view, const PosedSurface& surface) {
    const auto& model = body.model();
    const auto stretchOf = stretchesOf(body);
    Pixels out;
    out.places.assign(view.alpha.count(), Place::Outside);
    for (std::size_t i = 0; i < out.places.size(); ++i) {
        const std::int32_t face = surface.raster.face[i];
        if (face < 0 || view.alpha.data()[i] < 0.5f)
            continue;
        const std::uint32_t vertex = model.faces[std::size_t(face)].x;
        out.places[i] = isArm(regionOfJoint(model.bones[vertex][0])) ? Place::Arm : Place::Other;
        if (stretchOf[vertex] >= 0)
            out.stretches[std::size_t(stretchOf[vertex])].push_back(i);
    }
    return out;
}

/// Marks what is unlike the rest of a stretch: all but skin on a bare arm, skin on clothes.
void markStrange(const std::vector<std::size_t>& stretch, bool arm, const ImageF& colors,
                 const glm::vec3& skin, std::vector<Place>& places) {
    const auto at = [&](std::size_t i) {
        const float* p = colors.data() + 3 * i;
        return glm::vec3(p[0], p[1], p[2]);
    };
    std::vector<float> like; // brightness of what may be skin
    for (const auto i : stretch)
        if (const auto c = at(i); likeSkin(c, skin))
            like.push_back(sum(c));
    const float share = float(like.size()) / float(std::max<std::size_t>(stretch.size(), 1));
    if (stretch.size() < kFewest || (arm ? share < kBareShare : share > kClothedShare))
        return;
    float darkest = 0;
    if (arm) {
        const auto middle = like.begin() + std::ptrdiff_t(like.size() / 2);
        std::nth_element(like.begin(), middle, like.end());
        darkest = kDarkest * *middle;
    }
    for (const auto i : stretch) {
        const auto c = at(i);
        const bool isSkin = likeSkin(c, skin) && sum(c) >= darkest;
        if (isSkin != arm)
            places[i] = arm ? Place::StrangeOnArm : Place::StrangeOnTrunk;
    }
}

/// Decides for one connected strange patch: mistaken when enough of its border is at the other
/// part.
void judge(std::vector<Place>& places, std::size_t start, Size size) {
    const Place kind = places[start];
    const bool onArm = kind == Place::StrangeOnArm;
    std::vector<std::size_t> patch{start};
    int beside = 0, border = 0;
    const auto look = [&](std::size_t side) {
        Place& place = places[side];
        if (place == kind) {
            place = Place::Mistaken;
            patch.push_back(side);
        } else if (place != Place::Mistaken && place != Place::Outside) {
            const bool arm = place == Place::Arm || place == Place::StrangeOnArm;
            ++border;
            beside += arm != onArm;
        }
    };
    places[start] = Place::Mistaken;
    const auto width = std::size_t(size.width);
    for (std::size_t k = 0; k < patch.size(); ++k) {
        const std::size_t i = patch[k], x = i % width;
        if (x > 0)
            look(i - 1);
        if (x + 1 < width)
            look(i + 1);
        if (i >= width)
            look(i - width);
        if (i + width < places.size())
            look(i + width);
    }
    if (float(beside) < kBesideIt * float(border))
        for (const auto i : patch)
            places[i] = onArm ? Place::Arm : Place::Other;
}

} // namespace

ImageF mistakenParts(const ShapedBody& body, const SubjectView& view, const PosedSurface& surface,
                     const glm::vec3& skin) {
    const Size size = view.size();
    Pixels pixels = sorted(body, view, surface);
    auto& places = pixels.places;
    for (int s = 0; s < kStretches; ++s)
        markStrange(pixels.stretches[std::size_t(s)], s < kArms, view.colors, skin, places);
    for (std::size_t i = 0; i < places.size(); ++i)
        if (places[i] == Place::StrangeOnArm || places[i] == Place::StrangeOnTrunk)
            judge(places, i, size);
    ImageF mistaken(size.width, size.height, 1);
    for (std::size_t i = 0; i < places.size(); ++i)
        mistaken.data()[i] = places[i] == Place::Mistaken ? 1.f : 0.f;
    // Its soft edge is a mixture, too.
    mistaken = boxBlurred(mistaken, std::max(1, int(view.heightPx / 180.f)));
    for (std::size_t i = 0; i < places.size(); ++i)
        mistaken.data()[i] = smoothStep(0.05f, 0.4f, mistaken.data()[i]);
    return mistaken;
}

} // namespace strata
