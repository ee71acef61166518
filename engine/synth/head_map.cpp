// SPDX-License-Identifier: Apache-2.0
#include "engine/synth/head_map.h"

#include "engine/synth/subject_view.h"

#include <algorithm>

namespace strata {
namespace {

constexpr int kHeadJoint = 15;

} // namespace

float scalpAt(const HeadMap& map, const glm::vec3& rest) {
    const float size = std::max(map.top - map.joint.y, 0.05f);
    const float height = (rest.y - map.joint.y) / size; // 0 jaw joint .. 1 crown
    const float forward = (rest.z - map.joint.z) / size;
    // The hairline runs from the forehead down behind the ears to the nape.
    const float line = glm::clamp(0.22f + 1.1f * forward, 0.05f, 0.80f);
    return smoothStep(line - 0.08f, line + 0.08f, height);
}

HeadMap mapHead(const ShapedBody& body) {
    const BodyModel& model = body.model();
    const auto rest = body.restVertices();
    HeadMap map;
    map.joint = body.restJoints()[kHeadJoint];
    map.top = -1e9f;
    float foremost = -1e9f;
    for (std::size_t v = 0; v < rest.size(); ++v) {
        if (model.bones[v][0] != kHeadJoint)
            continue;
        map.top = std::max(map.top, rest[v].y);
        if (rest[v].z > foremost) {
            foremost = rest[v].z;
            map.nose = v;
        }
    }
    const float size = std::max(map.top - map.joint.y, 0.05f);
    map.scalp.assign(rest.size(), 0.f);
    map.face.assign(rest.size(), 0.f);
    for (std::size_t v = 0; v < rest.size(); ++v) {
        if (model.bones[v][0] != kHeadJoint)
            continue;
        map.scalp[v] = scalpAt(map, rest[v]);
        const float forward = (rest[v].z - map.joint.z) / size;
        map.face[v] = (1.f - map.scalp[v]) * smoothStep(0.15f, 0.35f, forward);
        if (v < model.eyeLabels.size() && model.eyeLabels[v] >= 1 && model.eyeLabels[v] <= 2)
            map.eyes[std::size_t(model.eyeLabels[v] - 1)].push_back(v);
    }
    return map;
}

} // namespace strata
