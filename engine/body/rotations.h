// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <glm/glm.hpp>
#include <glm/gtc/quaternion.hpp>

namespace strata {

/// Rotation about `axisAngle` by its length in radians (Rodrigues).
glm::mat3 rotationOf(const glm::vec3& axisAngle);
/// The inverse of rotationOf; the angle lies in [0, pi].
glm::vec3 axisAngleOf(const glm::mat3& rotation);

glm::quat quaternionOf(const glm::vec3& axisAngle);
glm::vec3 axisAngleOf(const glm::quat& rotation);

/// The smallest rotation that turns direction `from` into direction `to` (neither need be of unit
/// length). For opposite directions the axis is any one square to them.
glm::mat3 rotationBetween(const glm::vec3& from, const glm::vec3& to);

/// Right-handed frame with columns x, y, z whose `y` column is `primary` and whose `x` is as near
/// as possible to `secondary`.
glm::mat3 frameOf(const glm::vec3& primary, const glm::vec3& secondary);

/// The rotation nearest to `matrix` in the least squares sense.
glm::mat3 nearestRotation(const glm::mat3& matrix);

} // namespace strata
