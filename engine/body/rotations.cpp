// SPDX-License-Identifier: Apache-2.0
#include "engine/body/rotations.h"

#include <algorithm>
#include <cmath>

namespace strata {

glm::mat3 rotationOf(const glm::vec3& axisAngle) {
    const glm::dvec3 v(axisAngle);
    const double angle = glm::length(v);
    // Series near zero: sin(a)/a and (1 - cos(a))/a^2 lose all digits there.
    const double s = angle < 1e-4 ? 1.0 - angle * angle / 6.0 : std::sin(angle) / angle;
    const double c =
        angle < 1e-4 ? 0.5 - angle * angle / 24.0 : (1.0 - std::cos(angle)) / (angle * angle);
    const double x = v.x, y = v.y, z = v.z;
    // GLM is column-major: the constructor takes columns.
    return glm::mat3(glm::dmat3(1.0 - c * (y * y + z * z), c * x * y + s * z, c * x * z - s * y,
                                c * x * y - s * z, 1.0 - c * (x * x + z * z), c * y * z + s * x,
                                c * x * z + s * y, c * y * z - s * x, 1.0 - c * (x * x + y * y)));
}

glm::quat quaternionOf(const glm::vec3& axisAngle) {
    const float angle = glm::length(axisAngle);
    const float k = angle < 1e-4f ? 0.5f - angle * angle / 48.f : std::sin(0.5f * angle) / angle;
    return glm::quat(std::cos(0.5f * angle), k * axisAngle.x, k * axisAngle.y, k * axisAngle.z);
}

glm::vec3 axisAngleOf(const glm::quat& rotation) {
    const glm::quat q = rotation.w < 0 ? -rotation : rotation;
    const glm::vec3 v(q.x, q.y, q.z);
    const float sine = glm::length(v);
    if (sine < 1e-6f)
        return 2.f * v;
    return v * (2.f * std::atan2(sine, q.w) / sine);
}

glm::vec3 axisAngleOf(const glm::mat3& rotation) {
    // By way of the quaternion, whose four cases stay exact near half turns, where the trace
    // formula does not.
    return axisAngleOf(glm::normalize(glm::quat_cast(rotation)));
}

glm::mat3 rotationBetween(const glm::vec3& from, const glm::vec3& to) {
    const glm::vec3 a = glm::normalize(from), b = glm::normalize(to);
    const float cosine = glm::dot(a, b);
    if (cosine < -0.99999f) {
        const glm::vec3 other = std::abs(a.y) < 0.9f ? glm::vec3(0, 1, 0) : glm::vec3(1, 0, 0);
        const glm::vec3 axis = glm::normalize(other - a * glm::dot(a, other));
        return rotationOf(axis * 3.14159265358979f);
    }
    const glm::vec3 axis = glm::cross(a, b);
    const float sine = glm::length(axis);
    if (sine < 1e-7f)
        return glm::mat3(1.f);
    return rotationOf(axis * (std::atan2(sine, cosine) / sine));
}

glm::mat3 frameOf(const glm::vec3& primary, const glm::vec3& secondary) {
    const glm::vec3 y = glm::normalize(primary);
    glm::vec3 x = secondary - y * glm::dot(y, secondary);
    if (glm::length(x) < 1e-6f * std::max(1e-12f, glm::length(secondary)) ||
        glm::length(x) == 0.f) {
        const glm::vec3 other = std::abs(y.x) < 0.9f ? glm::vec3(1, 0, 0) : glm::vec3(0, 0, 1);
        x = other - y * glm::dot(y, other);
    }
    x = glm::normalize(x);
    return glm::mat3(x, y, glm::cross(x, y));
}

glm::mat3 nearestRotation(const glm::mat3& matrix) {
    // Polar decomposition by Newton's iteration (Higham 1986); a matrix near singularity falls back
    // to a frame.
    glm::dmat3 m(matrix);
    const double scale = std::cbrt(std::abs(glm::determinant(m)));
    if (!(scale > 1e-6))
        return frameOf(glm::vec3(matrix[1]), glm::vec3(matrix[0]));
    m /= scale;
    for (int i = 0; i < 30; ++i) {
        const glm::dmat3 next = 0.5 * (m + glm::inverse(glm::transpose(m)));
        double change = 0;
        for (int c = 0; c < 3; ++c)
            change = std::max(change, glm::length(next[c] - m[c]));
        m = next;
        if (change < 1e-12)
            break;
    }
    if (glm::determinant(m) < 0)
        return frameOf(glm::vec3(matrix[1]), glm::vec3(matrix[0]));
    return glm::mat3(m);
}

} // namespace strata
