// SPDX-License-Identifier: Apache-2.0
// What of the body's drawing needs no OpenGL.
#pragma once

#include "ui/playback/frame_layers.h"
#include "ui/viewport/render/strokes.h"
#include "ui/viewport/view_transform.h"

#include <span>
#include <vector>

namespace strata::ui {

/// Colours of the motion code: each vertex's place in the box around the rest pose, every axis
/// stretched to 0.15..0.95. The same values as engine/raster's defaultMotionCode(). -> [V, 3]
std::vector<float> motionCodeColors(std::span<const glm::vec3> restVertices);

/// Normals of a closed mesh, weighted by the area of the faces round each vertex.
std::vector<glm::vec3> vertexNormals(std::span<const glm::vec3> vertices,
                                     std::span<const glm::uvec3> faces);

/// Clip space of a pinhole camera whose picture lies on a screen of `screen` pixels as `view` says.
/// topDown: row 0 of the target is the picture's top, as in textures; else OpenGL's window.
glm::mat4 pinholeProjection(const Camera& camera, const ViewTransform& view, Size screen,
                            bool topDown);

/// Bones and joints on the screen: the body's left side green, its right side orange, the middle
/// light; joints behind the camera are left out. `unit`: device pixels per logical one.
Strokes skeletonStrokes(const BodyFrame& body, const std::array<int, kBodyJoints>& parents,
                        const ViewTransform& view, float opacity, float unit);

/// The same for joints given on the screen; `inFront` says which are in front of the camera.
Strokes skeletonStrokes(const std::array<QPointF, kBodyJoints>& places,
                        const std::array<bool, kBodyJoints>& inFront,
                        const std::array<int, kBodyJoints>& parents, float opacity, float unit);

} // namespace strata::ui
