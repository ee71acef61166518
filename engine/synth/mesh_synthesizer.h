// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/synth/identity.h"
#include "engine/synth/synthesizer.h"

#include <memory>

namespace strata {

struct MeshRenderOptions {
    int samples = 3;      // per pixel and direction: 3 = nine samples
    float shutter = 0.5f; // share of the frame's time that the shutter is open; 0 = no motion blur
    int blurSteps = 3;    // poses averaged where the person moves by more than 1.5 px
    float sharpnessBlur =
        0.f; // standard deviation in px of a blur that matches the clip's sharpness
    float shadowStrength = 0.45f;
    bool unlit = false; // colours of the identity as they are
};

/// The posed, textured body as a picture. No network; fast enough to scrub with.
class MeshSynthesizer final : public Synthesizer {
public:
    /// `model` must outlive the synthesiser; the identity is copied into what drawing needs.
    static Result<MeshSynthesizer> create(const BodyModel& model, const Identity& identity,
                                          const MeshRenderOptions& options = {});
    MeshSynthesizer(MeshSynthesizer&&) noexcept;
    MeshSynthesizer& operator=(MeshSynthesizer&&) noexcept;
    ~MeshSynthesizer() override;

    Result<std::vector<HumanLayer>> render(std::span<const FrameRequest> frames,
                                           const JobContext& job) override;
    /// One frame.
    HumanLayer renderFrame(const FrameRequest& request);

private:
    struct Impl;
    explicit MeshSynthesizer(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

/// Normals [H, W, 3] in the camera's frame and part indices [H, W, 1] (255 = no body) of a body
/// seen by a camera: what LightEstimator wants of a frame.
struct BodyNormals {
    ImageF normals;
    ImageU8 parts;
};
BodyNormals bodyNormals(const ShapedBody& body, const BodyPose& pose, const Camera& camera);

} // namespace strata
