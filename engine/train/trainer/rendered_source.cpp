// SPDX-License-Identifier: Apache-2.0
#include <torch/torch.h>

#include "engine/train/trainer/rendered_source.h"

#include "engine/nn/guard.h"
#include "engine/synth/diffusion/area_resize.h"
#include "engine/synth/diffusion/network_inputs.h"
#include "engine/train/trainer/mesh_drawing.h"
#include "engine/train/trainer/picture_tensors.h"

namespace strata {
namespace {

TrainingClip packed(const RenderedClip& clip, const std::vector<ImageU8>& sketches) {
    std::vector<torch::Tensor> frames, scene, occluder, sketch, alpha;
    for (std::size_t i = 0; i < clip.frames.size(); ++i) {
        const LayeredFrame& frame = clip.frames[i];
        frames.push_back(bytesOf(frame.color));
        scene.push_back(bytesOf(frame.scene));
        occluder.push_back(bytesOf(layerOnBlack(frame.occluder, frame.occluderAlpha)));
        alpha.push_back(bytesOf(visibleHuman(frame)).squeeze(2));
        if (!sketches.empty())
            sketch.push_back(bytesOf(sketches[i]));
    }
    return {torch::stack(frames),
            torch::stack(scene),
            torch::stack(occluder),
            sketch.empty() ? torch::Tensor() : torch::stack(sketch),
            torch::stack(alpha),
            meshTensor(clip.vertices),
            cameraTensor(clip.motion.cameras),
            {},
            bytesOf(identityPicture(clip)),
            clip.portraits.empty() ? torch::Tensor() : bytesOf(clip.portraits[0].color),
            bytesOf(clip.frames[0].color)};
}

Status checkClip(const RenderedClip& clip, const BodyModel& body) {
    const auto count = clip.frames.size();
    if (count == 0 || clip.vertices.size() != count || clip.motion.cameras.size() != count ||
        clip.vertices[0].size() != body.vTemplate.size())
        return Error{ErrorCode::BadFormat,
                     "A rendered clip lacks frames, cameras or the body's vertices."};
    return ok();
}

} // namespace

ImageU8 identityPicture(const RenderedClip& clip) {
    return resizedByArea(clip.canonical.color, clip.frames.front().color.size());
}

TrainingBody trainingBody(const BodyModel& body) {
    TrainingBody out;
    for (const auto& v : body.vTemplate)
        out.rest.insert(out.rest.end(), {v.x, v.y, v.z});
    for (const auto& face : body.faces)
        out.faces.insert(out.faces.end(), {face.x, face.y, face.z});
    out.jointRegressor = body.jointRegressor;
    out.parents.assign(body.parents.begin(), body.parents.end());
    out.parts.assign(body.partLabels.begin(), body.partLabels.end());
    return out;
}

torch::Tensor meshTensor(const std::vector<std::vector<glm::vec3>>& meshes) {
    std::vector<torch::Tensor> out;
    for (const auto& mesh : meshes)
        out.push_back(torch::from_blob(const_cast<float*>(&mesh[0].x),
                                       {std::int64_t(mesh.size()), 3}, torch::kFloat32));
    return torch::stack(out);
}

torch::Tensor cameraTensor(const std::vector<Camera>& cameras) {
    std::vector<torch::Tensor> out;
    for (const Camera& camera : cameras)
        out.push_back(torch::tensor({camera.fx, camera.fy, camera.cx, camera.cy}));
    return torch::stack(out);
}

Result<TrainingClip> trainingClip(const RenderedClip& clip, const BodyModel& body,
                                  const std::vector<ImageU8>& sketches) {
    STRATA_TRY(checkClip(clip, body));
    return nn::guarded("Packing a clip",
                       [&]() -> Result<TrainingClip> { return packed(clip, sketches); });
}

Result<TrainingClip> trainingClip(const RenderedClip& clip, const BodyModel& body) {
    STRATA_TRY(checkClip(clip, body));
    const auto sketches = meshDrawing(clip, body, {});
    if (!sketches && sketches.error().code != ErrorCode::NothingToDo)
        return sketches.error();
    return trainingClip(clip, body, sketches ? *sketches : std::vector<ImageU8>());
}

Result<TrainingClip> RenderedClips::clip(std::uint64_t seed, std::uint64_t index, int frames) {
    const RenderClipOptions options{m_side, frames, 1};
    STRATA_ASSIGN(
        const RenderedClip drawn,
        renderClip(*m_assets, randomRecipe(*m_assets, mixed(seed, index), m_split), options));
    return trainingClip(drawn, m_assets->body);
}

} // namespace strata
