// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/result.h"

#include <glm/glm.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace strata {

enum class BvhChannel { PositionX, PositionY, PositionZ, RotationX, RotationY, RotationZ };

struct BvhJoint {
    std::string name;                 // "" for an end site
    int parent = -1;                  // index of an earlier joint; -1 for the root
    glm::vec3 offset{0.f};            // from the parent, in the file's unit
    std::vector<BvhChannel> channels; // in the order in which they are applied
    int firstChannel = 0;             // their place in a frame's row
};

/// A Biovision motion file: one skeleton, angles in degrees.
struct BvhFile {
    std::vector<BvhJoint> joints; // parents before children; end sites included
    int channelCount = 0;
    double frameTime = 0; // seconds
    std::int64_t frameCount = 0;
    std::vector<float> values; // [frameCount, channelCount]
};

/// Checks everything: sizes before they are believed, nesting depth, finite numbers.
Result<BvhFile> parseBvh(std::string_view text);

/// Global rotations and positions of all joints in one frame.
struct BvhFramePose {
    std::vector<glm::mat3> rotations;
    std::vector<glm::vec3> positions;
};
BvhFramePose bvhFrame(const BvhFile& file, std::int64_t frame);
/// The same with all channels zero.
BvhFramePose bvhZeroPose(const BvhFile& file);

} // namespace strata
