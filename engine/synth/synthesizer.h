// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/body/body_model.h"
#include "engine/body/camera.h"
#include "engine/core/job_context.h"
#include "engine/core/result.h"
#include "engine/synth/human_layer.h"
#include "engine/synth/light.h"

#include <optional>
#include <span>
#include <vector>

namespace strata {

/// What one frame should show.
struct FrameRequest {
    Camera camera;
    BodyPose pose;
    float bodyScale = 1.f; // size of the body before the translation is added
    /// The frame after this one, for motion blur; without it the frame is sharp.
    std::optional<BodyPose> nextPose{};
    std::optional<Camera> nextCamera{};
    SceneLight light = SceneLight::studio();
    /// The ground, for the shadow: a point on it and its normal in the camera's world; no shadow
    /// without.
    struct Ground {
        glm::vec3 point{0.f};
        glm::vec3 up{0.f, 1.f, 0.f};
    };
    std::optional<Ground> ground{};
    const ImageU8* plate = nullptr; // the scene behind the person; may be null
};

/// Draws a person. The mesh synthesiser works frame by frame; a diffusion model takes many at once.
class Synthesizer {
public:
    virtual ~Synthesizer() = default;
    /// Frames that should be given to one call of render(); 1 = frames do not depend on each other.
    virtual int framesPerCall() const { return 1; }
    /// One layer per request, in order. Looks at job.stop at least once per frame.
    virtual Result<std::vector<HumanLayer>> render(std::span<const FrameRequest> frames,
                                                   const JobContext& job) = 0;
};

} // namespace strata
