// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>

#include <glm/glm.hpp>

namespace strata {

struct RectF {
    float x0 = 0, y0 = 0, x1 = 0, y1 = 0;
    float width() const { return x1 - x0; }
    float height() const { return y1 - y0; }
    float area() const { return width() > 0 && height() > 0 ? width() * height() : 0.f; }
};

constexpr int kPoseLandmarks = 33; // BlazePose's: 0 nose … 11/12 shoulders, 23/24 hips, 27/28 ankles, 31/32 toes

/// Region that the landmark network looks at: a rotated square, in pixels of the frame.
struct PoseRegion {
    glm::vec2 center{0.f};
    float side = 0;
    float angle = 0; // radians, clockwise on screen; 0 = the body stands upright in the picture
};

/// One hit of the person detector, in pixels.
struct PersonDetection {
    RectF box;         // the face box that BlazePose's detector predicts, not the body
    float score = 0;   // 0..1
    std::array<glm::vec2, 4> keypoints{}; // mid hip, a point on the circle round the body, mid shoulder, another
    PoseRegion region; // where to look for landmarks
};

/// Landmarks of one person in one frame.
struct PersonPose {
    float score = 0; // the network's own opinion that a person is there, 0..1
    std::array<glm::vec3, kPoseLandmarks> landmarks{}; // x, y in pixels of the frame, z in pixels relative to mid hip, smaller = nearer
    std::array<float, kPoseLandmarks> visibility{};    // 0..1
    std::array<float, kPoseLandmarks> presence{};      // 0..1
    std::array<glm::vec3, kPoseLandmarks> world{};     // metres, origin mid hip, x right, y down, z away from the camera
    PoseRegion nextRegion; // where to look in the next frame
};

} // namespace strata
