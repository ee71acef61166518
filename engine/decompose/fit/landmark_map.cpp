// SPDX-License-Identifier: Apache-2.0
#include "engine/decompose/fit/landmark_map.h"

#include <algorithm>

namespace strata {
namespace {

constexpr int kHead = 15;

class Mapper {
public:
    explicit Mapper(const BodyModel& model)
        : m_model(model) {}

    LandmarkMap run() {
        head();
        // Shoulders, elbows, wrists, hips, knees, ankles: left, then right.
        static constexpr int kLandmarks[] = {11, 12, 13, 14, 15, 16, 23, 24, 25, 26, 27, 28};
        static constexpr int kJoints[] = {16, 17, 18, 19, 20, 21, 1, 2, 4, 5, 7, 8};
        for (int k = 0; k < 12; ++k)
            joint(kLandmarks[k], kJoints[k]);
        for (int side = 0; side < 2; ++side) {
            hand(side);
            foot(side);
        }
        return m_map;
    }

private:
    void joint(int landmark, int joint) {
        m_map.points[landmark] = m_model.jointTemplate[joint];
        std::copy_n(m_model.jointShapeDirs.begin() + joint * 3 * kBodyBetas, 3 * kBodyBetas,
                    m_map.shapeDirs.begin() + landmark * 3 * kBodyBetas);
        // A joint moves with its parent; its own rotation leaves it where it is.
        m_map.weights[landmark * kBodyJoints + m_model.parents[joint]] = 1.f;
    }

    void vertex(int landmark, int v) {
        m_map.points[landmark] = m_model.vTemplate[v];
        std::copy_n(m_model.shapeDirs.begin() + std::size_t(v) * 3 * kBodyBetas, 3 * kBodyBetas,
                    m_map.shapeDirs.begin() + landmark * 3 * kBodyBetas);
        for (int k = 0; k < 4; ++k)
            m_map.weights[landmark * kBodyJoints + m_model.bones[v][k]] +=
                m_model.boneWeights[v][k];
    }

    /// The vertex moved most by one of two joints that has the largest dot product with
    /// `direction`.
    int extreme(int partA, int partB, const glm::vec3& direction) const {
        int best = 0;
        float most = -1e9f;
        for (int v = 0; v < kBodyVertices; ++v) {
            const int part = m_model.bones[v][0];
            const float along = glm::dot(m_model.vTemplate[v], direction);
            if ((part == partA || part == partB) && along > most) {
                most = along;
                best = v;
            }
        }
        return best;
    }

    int nearest(const glm::vec3& point) const {
        int best = 0;
        float least = 1e9f;
        for (int v = 0; v < kBodyVertices; ++v) {
            const float distance = glm::distance(m_model.vTemplate[v], point);
            if (distance < least) {
                least = distance;
                best = v;
            }
        }
        return best;
    }

    glm::vec3 eye(int side, const glm::vec3& nose) const {
        glm::vec3 sum(0.f);
        int count = 0;
        for (std::size_t v = 0; v < m_model.eyeLabels.size(); ++v) {
            if (m_model.eyeLabels[v] == side + 1) {
                sum += m_model.vTemplate[v];
                ++count;
            }
        }
        const float sign = side == 0 ? 1.f : -1.f;
        return count > 0 ? sum / float(count) : nose + glm::vec3(sign * 0.032f, 0.04f, -0.03f);
    }

    void head() {
        const int noseTip = extreme(kHead, kHead, {0, 0, 1});
        const glm::vec3 nose = m_model.vTemplate[noseTip];
        vertex(0, noseTip);
        for (int side = 0; side < 2; ++side) {
            const float sign = side == 0 ? 1.f : -1.f;
            const glm::vec3 centre = eye(side, nose);
            const glm::vec3 outward(sign * 0.015f, 0.f, 0.f);
            vertex(1 + 3 * side, nearest(centre - outward));
            vertex(2 + 3 * side, nearest(centre));
            vertex(3 + 3 * side, nearest(centre + outward));
            vertex(7 + side, extreme(kHead, kHead, {sign, 0, 0}));
            vertex(9 + side, nearest(nose + glm::vec3(sign * 0.025f, -0.05f, -0.02f)));
        }
    }

    void hand(int side) {
        const float sign = side == 0 ? 1.f : -1.f;
        const glm::vec3 knuckles = m_model.jointTemplate[22 + side];
        vertex(17 + side, nearest(knuckles + glm::vec3(-sign * 0.005f, 0.f, -0.035f)));
        vertex(19 + side, nearest(knuckles + glm::vec3(sign * 0.02f, 0.f, 0.03f)));
        vertex(21 + side, extreme(22 + side, 20 + side, {0, 0, 1}));
    }

    void foot(int side) {
        vertex(29 + side, extreme(7 + side, 7 + side, {0, -0.3f, -1}));
        vertex(31 + side, extreme(10 + side, 10 + side, {0, 0, 1}));
    }

    const BodyModel& m_model;
    LandmarkMap m_map;
};

} // namespace

LandmarkMap mapLandmarks(const BodyModel& model) { return Mapper(model).run(); }

int mirrorLandmark(int landmark) {
    if (landmark == 0)
        return 0;
    if (landmark <= 6)
        return landmark <= 3 ? landmark + 3 : landmark - 3;
    return landmark % 2 == 1 ? landmark + 1 : landmark - 1;
}

} // namespace strata
