// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/body/motion.h"
#include "engine/core/image.h"

#include <glm/glm.hpp>

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

namespace strata::ui {

/// What a frame can be made of. Images come from the clip and from the chunks of the stages.
enum class LayerKind {
    Source,   // the clip, RGB
    Plate,    // the scene without the person, RGB
    Human,    // visible part of the person, 0..255
    Occluder, // what stands in front, 0..255
    Alpha,    // matte of the person, made steady once that has been computed, 0..255
    Depth,    // inverse depth, 16 bits, larger = nearer; see kDepthNear, kDepthFar
    Result,   // a rendered edit, RGB
    Body,     // motion and camera of the person
};
constexpr int kLayerKinds = 8;
constexpr std::array<LayerKind, kLayerKinds> kAllLayers = {
    LayerKind::Source, LayerKind::Plate, LayerKind::Human,  LayerKind::Occluder,
    LayerKind::Alpha,  LayerKind::Depth, LayerKind::Result, LayerKind::Body};

/// Values that the depth stage gives to the farthest and the nearest hundredth of the first frame,
/// as shares of 65535 (see DepthAligner: 16 bits span -0.75..2.25 of that range).
constexpr float kDepthFar = 0.25f;
constexpr float kDepthNear = 0.75f / 3 + 1.f / 3;

/// The person's body in one frame, posed. Vertices and joints are in the world of `camera`, metres.
struct BodyFrame {
    std::vector<glm::vec3> vertices; // [kBodyVertices]
    std::array<glm::vec3, kBodyJoints> joints{};
    BodyPose pose;
    Betas betas{};
    Camera camera;        // of the whole picture, whatever the reduction of the images
    float confidence = 1; // 0..1; 0: not seen, the pose is interpolated
};

/// Everything the viewport needs to show one frame; layers that are not there yet are null.
/// Immutable once made, shared between threads.
struct FrameLayers {
    std::int64_t frame = 0;
    Size fullSize;     // of the clip
    int reduction = 1; // the images are 1/reduction of fullSize, rounded up

    std::shared_ptr<const ImageU8> source, plate, result;  // RGB, sRGB-encoded
    std::shared_ptr<const ImageU8> human, occluder, alpha; // one channel
    std::shared_ptr<const ImageU16> depth;                 // one channel
    std::shared_ptr<const BodyFrame> body;
};
using FrameLayersPtr = std::shared_ptr<const FrameLayers>;

} // namespace strata::ui
