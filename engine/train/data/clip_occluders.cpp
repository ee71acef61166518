// SPDX-License-Identifier: Apache-2.0
#include "engine/train/data/clip_occluders.h"

#include "engine/train/render/materials.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace strata {
namespace {

constexpr float kGap = 0.08f; // metres that stay free between a person and what is in front

glm::vec3 srgbOf(const glm::vec3& levels) { return srgb(levels.x, levels.y, levels.z); }

glm::vec3 anyColor(RandomStream& random) {
    const float grey = random.uniform(40.f, 215.f);
    const float strength = random.chance(0.35f) ? 0.9f : random.uniform(0.1f, 0.45f);
    return srgbOf(
        glm::mix(glm::vec3(grey), random.inBox(glm::vec3(25.f), glm::vec3(230.f)), strength));
}

Material anyMaterial(RandomStream& random) {
    const glm::vec3 color = anyColor(random);
    switch (random.below(5)) {
    case 0:
        return concrete(color);
    case 1:
        return brick(color, srgb(170, 164, 154));
    case 2:
        return planks(color, random.uniform(0.06f, 0.2f));
    case 3:
        return plaster(color);
    default: {
        const float specular = random.uniform(0.02f, 0.06f);
        return plain(color, specular, random.uniform(10.f, 90.f));
    }
    }
}

struct Piece {
    Mesh mesh;
    Material material;
};

/// What of the picture lies at the depth of a nearer thing: metres across half of it, and at which
/// heights it covers the person's feet and head.
struct Sight {
    float half, feet, head;

    float height(float part) const { return std::max(0.12f, feet + (head - feet) * part); }
};

/// Builders of one kind each, around the foot point.
struct Builder {
    glm::vec3 foot;
    Sight sight;
    float size;
    RandomStream random;

    std::vector<Piece> post() {
        const float radius = sight.half * size * random.uniform(0.03f, 0.12f);
        const float height = random.chance(0.6f) ? 4.f : sight.height(random.uniform(0.5f, 0.9f));
        const glm::vec3 corner(radius, 0, radius);
        Mesh mesh = random.chance(0.5f)
                        ? makeCylinder(foot, radius, radius * 0.85f, height, 14)
                        : makeBox(foot - corner, foot + corner + glm::vec3(0, height, 0));
        return {{std::move(mesh), anyMaterial(random)}};
    }

    std::vector<Piece> box() { // some with the back of a chair
        const glm::vec3 half = random.inBox({0.15f * sight.half * size, 0, 0.1f},
                                            {0.42f * sight.half * size, 0, 0.2f});
        const float height = sight.height(random.uniform(0.2f, 0.62f));
        const glm::vec3 top = foot + glm::vec3(0, height, 0);
        std::vector<Piece> out = {{makeBox(foot - half, top + half), anyMaterial(random)}};
        if (random.chance(0.4f)) {
            const float back = 0.3f * (sight.head - sight.feet);
            out.push_back({makeBox(top - half, top + glm::vec3(-half.x * 0.6f, back, half.z)),
                           anyMaterial(random)});
        }
        return out;
    }

    std::vector<Piece> shrub() {
        const float tall = (sight.head - sight.feet) * size;
        const glm::vec3 radii = random.inBox({0.14f * sight.half * size, 0.12f * tall, 0.14f},
                                             {0.32f * sight.half * size, 0.3f * tall, 0.14f});
        const glm::vec3 centre = foot + glm::vec3(0, sight.height(random.uniform(0.f, 0.35f)), 0);
        const glm::vec3 green = srgbOf(random.inBox({50, 80, 34}, {120, 130, 64}));
        Mesh mesh =
            makeLeaves({centre, radii, 420, random.uniform(0.07f, 0.13f), int(random.below(1000))});
        append(mesh, makeEllipsoid(centre, radii * 0.75f, 8, 12)); // not to be seen through
        return {{std::move(mesh), leaves(green)}};
    }

    std::vector<Piece> branch() {
        const glm::vec3 centre = foot + glm::vec3(0, sight.height(random.uniform(0.65f, 1.05f)), 0);
        const glm::vec3 radii(sight.half * size * random.uniform(0.2f, 0.45f),
                              (sight.head - sight.feet) * size * 0.14f, 0.14f);
        const glm::vec3 color = srgbOf(random.inBox({60, 80, 50}, {150, 130, 50}));
        return {{makeLeaves({centre, radii, int(random.uniform(60, 200)),
                             random.uniform(0.08f, 0.16f), int(random.below(1000))}),
                 leaves(color)}};
    }

    std::vector<Piece> passing() {
        const float radius = sight.half * size * random.uniform(0.06f, 0.2f);
        const glm::vec3 centre = foot + glm::vec3(0, sight.height(random.uniform(0.05f, 0.9f)), 0);
        const glm::vec3 corner = radius * glm::vec3(1, 0.7f, 0.6f);
        Mesh mesh = random.chance(0.5f) ? makeEllipsoid(centre, glm::vec3(radius), 14, 20)
                                        : makeBox(centre - corner, centre + corner);
        return {{std::move(mesh), anyMaterial(random)}};
    }
};

std::vector<Piece> built(const OccluderPlan& plan, const glm::vec3& foot, const Sight& sight) {
    Builder builder{foot, sight, plan.size, RandomStream(plan.seed)};
    switch (plan.kind) {
    case OccluderPlan::Kind::Post:
        return builder.post();
    case OccluderPlan::Kind::Box:
        return builder.box();
    case OccluderPlan::Kind::Shrub:
        return builder.shrub();
    case OccluderPlan::Kind::Branch:
        return builder.branch();
    case OccluderPlan::Kind::Passing:
        return builder.passing();
    }
    return {};
}

/// True if the mesh is nearer than the nearest point of the person, and not too near to the lens.
bool isInFront(const Mesh& mesh, const Camera& camera, float nearest) {
    float farthest = 0;
    float closest = std::numeric_limits<float>::infinity();
    for (const auto& v : mesh.vertices) {
        const float z = camera.toCamera(v).z;
        farthest = std::max(farthest, z);
        closest = std::min(closest, z);
    }
    return farthest + kGap < nearest && closest > 0.25f;
}

std::vector<float> nearestDepths(const ClipMotion& motion, const std::vector<Camera>& cameras) {
    std::vector<float> out;
    for (std::size_t i = 0; i < cameras.size(); ++i) {
        float nearest = std::numeric_limits<float>::infinity();
        for (std::size_t v = 0; v < motion.vertices[i].size(); v += 5)
            nearest = std::min(nearest, cameras[i].toCamera(motion.vertices[i][v]).z);
        out.push_back(nearest);
    }
    return out;
}

glm::vec3 middleOf(const std::vector<glm::vec3>& vertices) {
    glm::vec3 sum(0.f);
    for (const auto& v : vertices)
        sum += v;
    return sum / float(vertices.size());
}

Mesh shifted(Mesh mesh, const glm::vec3& by) {
    mesh.rest = mesh.vertices; // patterns move along
    for (auto& v : mesh.vertices)
        v += by;
    return mesh;
}

} // namespace

ClipOccluders clipOccluders(const std::vector<OccluderPlan>& plans, const ClipMotion& motion,
                            const std::vector<Camera>& cameras) {
    ClipOccluders out;
    out.moving.resize(cameras.size());
    const auto nearest = nearestDepths(motion, cameras);
    for (const OccluderPlan& plan : plans) {
        // Placed by the camera in the middle of the clip.
        const auto middle = cameras.size() / 2;
        const Camera& camera = cameras[middle];
        const glm::vec3 eye = -(glm::transpose(camera.rotation) * camera.translation);
        const float depth = plan.along * nearest[middle];
        const float half = 0.5f * float(camera.size.width) / camera.fx * depth;
        const glm::vec3 person = camera.toCamera(middleOf(motion.vertices[middle]));
        const float centre = person.x / person.z * depth;
        const glm::mat3 toWorld = glm::transpose(camera.rotation);
        const glm::vec3 right = toWorld[0];
        glm::vec3 foot = eye + toWorld * glm::vec3(centre + plan.aside * half, 0.f, depth);
        foot.y = 0;
        const bool moves = plan.kind == OccluderPlan::Kind::Passing;
        const auto& seen = motion.vertices[middle];
        const auto [low, high] =
            std::ranges::minmax(seen, {}, [](const glm::vec3& v) { return v.y; });
        const auto at = [&](float y) { return eye.y + (y - eye.y) * depth / person.z; };
        for (const Piece& piece : built(plan, foot, {half, at(low.y), at(high.y)})) {
            const auto material = std::make_shared<const Material>(piece.material);
            std::vector<SceneObject> frames;
            for (std::size_t i = 0; i < cameras.size(); ++i) {
                const float part = float(i) / float(std::max<std::size_t>(1, cameras.size() - 1));
                Mesh mesh =
                    moves ? shifted(piece.mesh, right * (2 * half * plan.moves * (part - 0.5f)))
                          : piece.mesh;
                if (!isInFront(mesh, cameras[i], nearest[i])) {
                    frames.clear();
                    break;
                }
                frames.push_back({std::make_shared<const Mesh>(std::move(mesh)), material,
                                  SceneLayer::Occluder, !moves});
            }
            if (!moves && !frames.empty())
                out.still.push_back(frames[0]);
            for (std::size_t i = 0; i < frames.size() && moves; ++i)
                out.moving[i].push_back(frames[i]);
        }
    }
    return out;
}

} // namespace strata
