// SPDX-License-Identifier: Apache-2.0
#include <torch/torch.h>

#include "engine/train/trainer/rendered_source.h"

#include "engine/body/projected_vertices.h"
#include "engine/nn/guard.h"
#include "engine/synth/diffusion/body_sketch.h"
#include "engine/synth/diffusion/network_inputs.h"

namespace strata {
namespace {

torch::Tensor bytesOf(const ImageU8& image) { // [H, W, C]
    return torch::from_blob(const_cast<std::uint8_t*>(image.data()),
                            {image.height(), image.width(), image.channels()}, torch::kUInt8)
        .clone();
}

/// What bodies of the clip are painted with: the A-pose from the front.
PaintedBody paintOf(const RenderedClip& clip, const BodyModel& body) {
    return {clip.canonical.color, projectedVertices(ShapedBody(body, clip.motion.betas),
                                                    clip.canonical.pose, clip.canonical.camera)};
}

TrainingClip packed(const RenderedClip& clip, const BodyModel& body) {
    const PaintedBody paint = paintOf(clip, body);
    std::vector<torch::Tensor> frames, scene, occluder, sketch, alpha, vertices, cameras;
    for (std::size_t i = 0; i < clip.frames.size(); ++i) {
        const LayeredFrame& frame = clip.frames[i];
        frames.push_back(bytesOf(frame.color));
        scene.push_back(bytesOf(frame.scene));
        occluder.push_back(bytesOf(layerOnBlack(frame.occluder, frame.occluderAlpha)));
        alpha.push_back(bytesOf(visibleHuman(frame)).squeeze(2));
        const auto& mesh = clip.vertices[i];
        vertices.push_back(torch::from_blob(const_cast<float*>(&mesh[0].x),
                                            {std::int64_t(mesh.size()), 3}, torch::kFloat32)
                               .clone());
        const Camera& camera = clip.motion.cameras[i];
        cameras.push_back(torch::tensor({camera.fx, camera.fy, camera.cx, camera.cy}));
        sketch.push_back(bytesOf(bodySketch({&mesh[0].x, mesh.size() * 3},
                                            {&body.faces[0].x, body.faces.size() * 3}, paint,
                                            {frame.color.width(), frame.color.height(), camera.fx,
                                             camera.fy, camera.cx, camera.cy})));
    }
    return {torch::stack(frames),         torch::stack(scene),
            torch::stack(occluder),       torch::stack(sketch),
            torch::stack(alpha),          torch::stack(vertices),
            torch::stack(cameras),        {},
            bytesOf(clip.canonical.color)};
}

} // namespace

Result<TrainingClip> trainingClip(const RenderedClip& clip, const BodyModel& body) {
    const auto count = clip.frames.size();
    if (count == 0 || clip.vertices.size() != count || clip.motion.cameras.size() != count ||
        clip.vertices[0].size() != body.vTemplate.size())
        return Error{ErrorCode::BadFormat,
                     "A rendered clip lacks frames, cameras or the body's vertices."};
    return nn::guarded("Packing a clip",
                       [&]() -> Result<TrainingClip> { return packed(clip, body); });
}

Result<TrainingClip> RenderedClips::clip(std::uint64_t seed, std::uint64_t index, int frames) {
    const RenderClipOptions options{m_side, frames, 0};
    STRATA_ASSIGN(
        const RenderedClip drawn,
        renderClip(*m_assets, randomRecipe(*m_assets, mixed(seed, index), m_split), options));
    return trainingClip(drawn, m_assets->body);
}

} // namespace strata
