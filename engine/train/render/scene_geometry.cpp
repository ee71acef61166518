// SPDX-License-Identifier: Apache-2.0
#include "engine/train/render/scene_geometry.h"

#include <algorithm>
#include <cmath>

namespace strata {
namespace {

glm::vec3 mixed(const std::vector<glm::vec3>& values, const glm::uvec3& f, const glm::vec3& w) {
    return w.x * values[f.x] + w.y * values[f.y] + w.z * values[f.z];
}

} // namespace

void SceneGeometry::add(const SceneObject& object) {
    const auto first = std::uint32_t(world.size() / 3);
    objects.push_back(&object);
    for (const auto& v : object.mesh->vertices)
        world.insert(world.end(), {v.x, v.y, v.z});
    for (const auto& f : object.mesh->faces) {
        faces.insert(faces.end(), {f.x + first, f.y + first, f.z + first});
        if (object.castsShadow)
            casters.insert(casters.end(), {f.x + first, f.y + first, f.z + first});
    }
    firstFace.push_back(std::uint32_t(faces.size() / 3));
}

std::vector<float> SceneGeometry::seenBy(const Camera& camera) const {
    std::vector<float> out(world.size());
    for (std::size_t i = 0; i < world.size(); i += 3) {
        const glm::vec3 p = camera.toCamera({world[i], world[i + 1], world[i + 2]});
        out[i] = p.x;
        out[i + 1] = p.y;
        out[i + 2] = p.z;
    }
    return out;
}

std::size_t SceneGeometry::objectOf(std::uint32_t face) const {
    return std::size_t(std::upper_bound(firstFace.begin(), firstFace.end(), face) -
                       firstFace.begin()) -
           1;
}

SurfacePoint surfaceAt(const SceneGeometry& geometry, const RasterBuffers& raster, std::size_t at,
                       const glm::vec3& eye, const glm::vec3& ray, float sampleSize) {
    const auto face = std::uint32_t(raster.face[at]);
    const auto index = geometry.objectOf(face);
    const Mesh& mesh = *geometry.objects[index]->mesh;
    SurfacePoint point;
    point.face = face - geometry.firstFace[index];
    const glm::uvec3 corners = mesh.faces[point.face];
    const float w0 = raster.barycentric[at * 2];
    const float w1 = raster.barycentric[at * 2 + 1];
    const glm::vec3 w(w0, w1, 1 - w0 - w1);
    point.position = eye + ray * raster.depth[at];
    point.rest = mesh.rest.empty() ? point.position : mixed(mesh.rest, corners, w);
    point.normal = glm::normalize(mixed(mesh.normals, corners, w));
    const glm::vec3 toEye = -glm::normalize(ray);
    const glm::vec3 flat = glm::cross(mesh.vertices[corners.y] - mesh.vertices[corners.x],
                                      mesh.vertices[corners.z] - mesh.vertices[corners.x]);
    if (glm::dot(flat, toEye) < 0)
        point.normal = -point.normal;
    if (!mesh.uvFaces.empty()) {
        const auto& t = mesh.uvFaces[point.face];
        point.uv = w.x * mesh.uv[t.x] + w.y * mesh.uv[t.y] + w.z * mesh.uv[t.z];
    }
    const float slant = std::max(0.08f, std::abs(glm::dot(point.normal, toEye)));
    point.footprint = raster.depth[at] * sampleSize / slant;
    return point;
}

CameraRays::CameraRays(const Camera& camera)
    : eye(-(glm::transpose(camera.rotation) * camera.translation))
    , toWorld(glm::transpose(camera.rotation))
    , fx(camera.fx)
    , fy(camera.fy)
    , cx(camera.cx)
    , cy(camera.cy) {}

} // namespace strata
