// SPDX-License-Identifier: Apache-2.0
#include "engine/train/trainer/mesh_drawing.h"

#include "engine/synth/compositor.h"
#include "engine/synth/mesh_synthesizer.h"
#include "engine/synth/person_placement.h"

#include <algorithm>

namespace strata {
namespace {

constexpr std::size_t kLookedAt = 16; // frames, for the light
constexpr int kTexture = 512;         // enough for the pictures of a training

PictureSubject subjectOf(const RenderedClip& clip) {
    const Portrait& portrait = clip.canonical;
    PictureSubject subject;
    subject.rgb = portrait.color;
    subject.alpha = ImageF(portrait.alpha.width(), portrait.alpha.height(), 1);
    for (std::size_t i = 0; i < portrait.alpha.count(); ++i)
        subject.alpha.data()[i] = float(portrait.alpha.data()[i]) / 255.f;
    subject.betas = clip.motion.betas;
    subject.pose = portrait.pose;
    subject.camera = portrait.camera;
    return subject;
}

SceneLight lightOf(const RenderedClip& clip, const ShapedBody& body) {
    LightEstimator estimator;
    const std::size_t count = clip.frames.size(), looks = std::min(kLookedAt, count);
    for (std::size_t k = 0; k < looks; ++k) {
        const std::size_t i = (2 * k + 1) * count / (2 * looks);
        const LayeredFrame& frame = clip.frames[i];
        const ImageU8 seen = visibleHuman(frame);
        const BodyNormals surface =
            bodyNormals(body, clip.motion.frames[i], clip.motion.cameras[i]);
        estimator.add({&frame.color, &seen, &surface.normals, &surface.parts, &frame.scene});
    }
    return estimator.estimate();
}

/// The scene without the person and the person's shadow, and the person drawn into it.
Result<ImageU8> compositeOf(const LayeredFrame& frame, const HumanLayer& human) {
    CompositeLayers<std::uint8_t> layers;
    const ImageU8 background = plateWithOccluder(frame);
    layers.source = &background;
    layers.plate = &frame.scene;
    layers.human = &human;
    layers.occluder = &frame.occluderAlpha;
    return composite(layers);
}

} // namespace

Result<std::vector<ImageU8>> meshDrawing(const RenderedClip& clip, const BodyModel& body,
                                         const JobContext& job) {
    STRATA_ASSIGN(const Identity identity,
                  buildIdentity(body, subjectOf(clip), {.textureSize = kTexture}, {job.stop, {}}));
    STRATA_ASSIGN(MeshSynthesizer synthesizer, MeshSynthesizer::create(body, identity));
    const ShapedBody shaped(body, clip.motion.betas);
    FrameRequest request;
    request.light = lightOf(clip, shaped);
    request.ground = groundOf(body, clip.motion, upDirection(body, clip.motion));
    std::vector<ImageU8> out;
    for (std::size_t i = 0; i < clip.frames.size(); ++i) {
        request.pose = clip.motion.frames[i];
        request.camera = clip.motion.cameras[i];
        request.plate = &clip.frames[i].scene;
        STRATA_ASSIGN(const auto layers, synthesizer.render({&request, 1}, {job.stop, {}}));
        STRATA_ASSIGN(out.emplace_back(), compositeOf(clip.frames[i], layers.front()));
    }
    return out;
}

} // namespace strata
