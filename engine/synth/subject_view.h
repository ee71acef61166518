// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/raster/rasterizer.h"
#include "engine/synth/identity.h"

#include <cstdint>
#include <span>
#include <vector>

namespace strata {

/// Groups of joints that clothes and skin do not flow between: what one of them shows says nothing
/// about another.
enum class BodyRegion : std::uint8_t { Torso, LeftLeg, RightLeg, LeftArm, RightArm, Head };
BodyRegion regionOfJoint(int joint);
bool isArm(BodyRegion region);
/// How much of a vertex hangs on the joints of regions that `belongs` is true for, 0..1.
float weightIn(const BodyModel& model, std::size_t vertex, bool (*belongs)(BodyRegion));

/// The picture cut to the person and reduced to a workable size, its colours freed from the
/// background.
struct SubjectView {
    ImageU8 rgb;                      // [h, w, 3]
    ImageF alpha;                     // [h, w, 1]
    ImageF colors;                    // [h, w, 3], linear light, inside colours carried outwards
    Camera camera;                    // of this cut
    float heightPx = 0;               // of the person
    std::vector<glm::vec3> landmarks; // as in PictureSubject, in pixels of this cut

    Size size() const { return alpha.size(); }
};

/// Checks and cuts the subject. NothingToDo when the matte is empty or the body is not in the
/// picture.
Result<SubjectView> cutSubject(const BodyModel& model, const PictureSubject& subject);

/// A mesh in front of the picture's camera.
struct PosedSurface {
    std::vector<glm::vec3> vertices; // camera frame
    std::vector<glm::vec3> normals;  // camera frame, unit
    RasterBuffers raster;            // at the size of the view
};

void rasterizeInto(PosedSurface& surface, const BodyModel& model, const SubjectView& view);
std::span<const std::uint32_t> flatFaces(const BodyModel& model);

/// Bilinear reading with the edges repeated; `point` in pixel coordinates (centre of the first
/// pixel 0.5).
float sampleAt(const ImageF& image, glm::vec2 point);
glm::vec3 sampleColor(const ImageF& image, glm::vec2 point);

/// Which vertices each vertex is joined to by an edge, as one list cut by `first`.
struct Neighbours {
    std::vector<std::uint32_t> first; // [V + 1]
    std::vector<std::uint32_t> index;
    std::span<const std::uint32_t> of(std::size_t vertex) const {
        return {index.data() + first[vertex], first[vertex + 1] - first[vertex]};
    }
};
Neighbours neighboursOf(std::span<const glm::uvec3> faces, std::size_t vertices);

inline float smoothStep(float low, float high, float x) {
    const float t = glm::clamp((x - low) / (high - low), 0.f, 1.f);
    return t * t * (3.f - 2.f * t);
}

} // namespace strata
