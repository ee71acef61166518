// SPDX-License-Identifier: Apache-2.0
#include "engine/synth/canonical.h"

#include "engine/synth/color_tables.h"
#include "engine/synth/mesh_synthesizer.h"

#include <algorithm>
#include <cmath>

namespace strata {

BodyPose canonicalPose(const BodyModel& model) {
    BodyPose pose;
    pose.rotations = model.aPose;
    return pose;
}

Camera canonicalCamera(const ShapedBody& body, int width, int height, float turn, float margin) {
    std::vector<glm::vec3> vertices(body.restVertices().size());
    body.pose(canonicalPose(body.model()), vertices, {});
    glm::vec3 low(1e9f), high(-1e9f);
    for (const auto& v : vertices) {
        low = glm::min(low, v);
        high = glm::max(high, v);
    }
    const glm::vec3 middle = 0.5f * (low + high);
    const glm::vec3 extent = (high - low) * (1.f + 2.f * margin);
    Camera camera;
    camera.size = {width, height};
    camera.cx = 0.5f * float(width);
    camera.cy = 0.5f * float(height);
    constexpr float kDistance = 6.f; // metres: little perspective
    camera.fx = camera.fy = kDistance * std::min(float(height) / extent.y, float(width) / extent.x);
    // Looks along -z (the body faces +z), y down; turned about the vertical.
    const float c = std::cos(turn), s = std::sin(turn);
    camera.rotation = glm::mat3(glm::vec3(c, 0, -s), glm::vec3(0, -1, 0), glm::vec3(-s, 0, -c));
    camera.translation = glm::vec3(0, 0, kDistance) - camera.rotation * middle;
    return camera;
}

Result<ImageU8> canonicalPicture(const BodyModel& model, const Identity& identity, int size) {
    if (size < 16 || size > 8192)
        return Error{ErrorCode::Usage, "The canonical picture's size must be 16 to 8192 pixels."};
    MeshRenderOptions options;
    options.unlit = true;
    STRATA_ASSIGN(auto synthesizer, MeshSynthesizer::create(model, identity, options));
    FrameRequest request;
    request.camera = canonicalCamera(ShapedBody(model, identity.betas), size, size);
    request.pose = canonicalPose(model);
    const ImageF rgba = toFrame(synthesizer.renderFrame(request));
    ImageU8 out(size, size, 3);
    for (std::size_t i = 0; i < rgba.count() / 4; ++i) {
        const float* p = rgba.data() + 4 * i;
        for (std::size_t c = 0; c < 3; ++c)
            out.data()[3 * i + c] = linearToSrgb8(p[c] * p[3] + 1.f - p[3]);
    }
    return out;
}

} // namespace strata
