// SPDX-License-Identifier: Apache-2.0
#include "engine/train/data/rendered_clip.h"

#include "engine/core/parallel.h"
#include "engine/train/data/clip_camera.h"
#include "engine/train/data/clip_light.h"
#include "engine/train/data/clip_occluders.h"
#include "engine/train/data/clip_person.h"
#include "engine/train/data/clip_place.h"
#include "engine/train/render/layered_renderer.h"

#include <algorithm>
#include <atomic>

namespace strata {
namespace {

constexpr int kCloser = 3;      // the canonical picture, against a clip's
constexpr float kReach = 1.35f; // metres that a person takes up around the middle of the body

/// Without a place: the person in even light, on white.
class PortraitStudio {
public:
    PortraitStudio(const ClipPerson& person, int side)
        : m_person(person)
        , m_side(side) {}

    Portrait take(BodyPose pose, float azimuth, float height, float distance, const Lighting& light,
                  float exposure) const {
        const ShapedBody& body = m_person.dressed.body();
        std::vector<glm::vec3> vertices(kBodyVertices);
        body.pose(pose, vertices, {});
        float low = vertices[0].y;
        for (const auto& v : vertices)
            low = std::min(low, v.y);
        const float shift = m_person.sole - low;
        pose.translation.y += shift;
        for (auto& v : vertices)
            v.y += shift;

        Scene empty;
        empty.light = light;
        LayerOptions options;
        options.stillShadowSize = 8; // there is nothing that could cast one
        options.exposure = exposure;
        const LayeredRenderer renderer(std::move(empty), {}, options);
        Scene alone;
        m_person.dressed.addTo(alone, pose);
        Portrait out;
        out.pose = pose;
        out.camera = portraitCamera(vertices, azimuth, height, distance, m_side);
        const auto view = renderer.view(out.camera);
        const LayeredFrame frame = renderer.frame(*view, alone, middleOf(vertices), kReach);
        out.color = layerOver(ImageU8(m_side, m_side, 3, 255), frame.human, frame.humanAlpha);
        out.alpha = frame.humanAlpha;
        return out;
    }

    static glm::vec3 middleOf(const std::vector<glm::vec3>& vertices) {
        glm::vec3 sum(0.f);
        for (const auto& v : vertices)
            sum += v;
        return sum / float(vertices.size());
    }

private:
    const ClipPerson& m_person;
    int m_side;
};

void takePortraits(const TrainingAssets& assets, const ClipRecipe& recipe, const ClipPerson& person,
                   const RenderClipOptions& options, RenderedClip& clip) {
    const PortraitStudio studio(person, options.side);
    BodyPose canonical;
    canonical.rotations = assets.body.aPose;
    clip.canonical =
        PortraitStudio(person, kCloser * options.side)
            .take(canonical, 0.f, 1.1f, 4.5f, evenLight(), meteredExposure(evenLight()));
    RandomStream random(recipe.seed * 2 + (recipe.split == Split::HeldOut ? 1 : 0), 0x1d);
    for (int i = 0; i < options.portraits; ++i) {
        const BodyPose pose = randomPose(random);
        const float azimuth = random.uniform(-0.7f, 0.7f);
        const float height = random.uniform(0.9f, 1.7f);
        const float distance = random.uniform(2.6f, 5.f);
        Lighting light = evenLight();
        light.toSun = random.inBox({-1, 0.4f, -0.2f}, {1, 1.2f, 1.f});
        light.sun *= random.uniform(0.4f, 1.9f);
        const float exposure = meteredExposure(light) * random.uniform(0.85f, 1.15f);
        clip.portraits.push_back(studio.take(pose, azimuth, height, distance, light, exposure));
    }
}

bool same(const Camera& a, const Camera& b) {
    return a.fx == b.fx && a.cx == b.cx && a.cy == b.cy && a.rotation == b.rotation &&
           a.translation == b.translation;
}

} // namespace

Result<RenderedClip> renderClip(const TrainingAssets& assets, const ClipRecipe& recipe,
                                const RenderClipOptions& options, std::stop_token stop) {
    if (options.side < 16 || options.side > 2048 || options.frames < 1 || options.frames > 1000 ||
        options.portraits < 0 || options.portraits > 64)
        return Error{ErrorCode::Usage, "A training clip has 1 to 1000 frames with sides of 16 to "
                                       "2048 pixels and at most 64 further pictures."};
    RenderedClip clip;
    const ClipPerson person = clipPerson(assets, recipe);
    ClipMotion motion =
        clipMotion(assets, recipe, person.dressed.body(), person.sole, options.frames);
    const auto cameras = clipCameras(recipe.camera, motion, recipe.seed, options.side);
    ClipOccluders nearer = clipOccluders(recipe.occluders, motion, cameras);

    Scene place = builtPlace(recipe.place, recipe.light, motion.radius);
    place.objects.insert(place.objects.end(), nearer.still.begin(), nearer.still.end());
    LayerOptions layers;
    layers.exposure = recipe.exposure;
    const LayeredRenderer renderer(std::move(place),
                                   placeBackdrop(assets, recipe.place, cameras.front()), layers);
    const bool still = std::all_of(cameras.begin(), cameras.end(),
                                   [&](const Camera& c) { return same(c, cameras.front()); });
    const auto shared = still ? renderer.view(cameras.front()) : nullptr;

    clip.frames.resize(cameras.size());
    clip.vertices = motion.vertices;
    std::atomic<bool> stopped = false;
    // A frame is one thread's work: that wastes less than sharing each of its steps.
    parallelFor(0, options.frames, 1, [&](std::int64_t begin, std::int64_t end) {
        for (auto i = std::size_t(begin); i < std::size_t(end); ++i) {
            if (stop.stop_requested())
                stopped = true;
            if (stopped)
                return;
            Scene moving;
            person.dressed.addTo(moving, motion.poses[i]);
            moving.objects.insert(moving.objects.end(), nearer.moving[i].begin(),
                                  nearer.moving[i].end());
            const auto view = still ? shared : renderer.view(cameras[i]);
            clip.frames[i] =
                renderer.frame(*view, moving, PortraitStudio::middleOf(motion.vertices[i]), kReach);
            for (auto& v : clip.vertices[i])
                v = cameras[i].toCamera(v);
        }
    });
    if (stopped)
        return cancelled();
    takePortraits(assets, recipe, person, options, clip);
    clip.motion.fps = Rational(30);
    clip.motion.betas = recipe.betas;
    clip.motion.betasOf = assets.body.name;
    clip.motion.frames = std::move(motion.poses);
    clip.motion.cameras = cameras;
    return clip;
}

ImageU8 plateWithOccluder(const LayeredFrame& frame) {
    return layerOver(frame.scene, frame.occluder, frame.occluderAlpha);
}

} // namespace strata
