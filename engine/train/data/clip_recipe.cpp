// SPDX-License-Identifier: Apache-2.0
#include "engine/train/data/clip_recipe.h"

#include "engine/train/data/clip_light.h"
#include "engine/train/render/materials.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace strata {
namespace {

/// What a stream of random numbers is for, so that a change of one part leaves the others.
enum Purpose : std::uint64_t { kPerson = 1, kCloth, kMotion, kCamera, kPlace, kOccluder, kLight };

glm::vec3 mixedTone(RandomStream& random) {
    static const glm::vec3 tones[] = {srgb(236, 192, 168), srgb(224, 172, 140), srgb(206, 154, 122),
                                      srgb(186, 132, 98),  srgb(150, 102, 74),  srgb(116, 78, 56),
                                      srgb(88, 58, 42)};
    const float at = random.uniform(0.f, 5.999f);
    const auto i = std::size_t(at);
    return glm::mix(tones[i], tones[i + 1], at - float(i)) * random.uniform(0.93f, 1.07f);
}

/// Hue, saturation, value, each 0..1.
glm::vec3 hueColor(const glm::vec3& hsv) {
    const auto [hue, saturation, value] = std::array{hsv.x, hsv.y, hsv.z};
    glm::vec3 rgb;
    for (int c = 0; c < 3; ++c) {
        const float h = hue * 6.f + (c == 0 ? 0.f : c == 1 ? 4.f : 2.f);
        const float k = std::abs(h - 6.f * std::floor(h / 6.f) - 3.f) - 1.f;
        rgb[c] = value * (1 - saturation + saturation * std::clamp(k, 0.f, 1.f));
    }
    return srgb(255 * rgb.x, 255 * rgb.y, 255 * rgb.z);
}

/// Cloth is often dark, grey or pale, and sometimes of a strong colour.
glm::vec3 clothColor(RandomStream& random) {
    const float kind = random.uniform();
    const float hue = random.uniform();
    if (kind < 0.25f)
        return hueColor({hue, random.uniform(0.f, 0.12f), random.uniform(0.12f, 0.95f)});
    if (kind < 0.45f) // jeans and the like
        return hueColor({random.uniform(0.55f, 0.66f), random.uniform(0.25f, 0.65f),
                         random.uniform(0.2f, 0.6f)});
    if (kind < 0.65f)
        return hueColor({hue, random.uniform(0.15f, 0.4f), random.uniform(0.55f, 0.95f)});
    return hueColor({hue, random.uniform(0.5f, 0.92f), random.uniform(0.3f, 0.92f)});
}

ClothLook look(RandomStream& random, const std::vector<std::size_t>& patches, float ownPicture) {
    ClothLook out;
    using Kind = ClothLook::Kind;
    const float kind = random.uniform();
    const float rest = 1 - ownPicture;
    out.kind = kind < ownPicture                  ? Kind::OwnPicture
               : kind < ownPicture + 0.3f * rest  ? Kind::Plain
               : kind < ownPicture + 0.45f * rest ? Kind::Stripes
               : kind < ownPicture + 0.57f * rest ? Kind::Checks
               : kind < ownPicture + 0.69f * rest ? Kind::Spots
                                                  : Kind::Photo;
    if (out.kind == Kind::Photo && patches.empty())
        out.kind = Kind::Plain;
    out.color = clothColor(random);
    out.second = clothColor(random);
    if (out.kind == Kind::OwnPicture)
        out.color = random.chance(0.4f) ? glm::vec3(1.f)
                                        : glm::mix(glm::vec3(0.9f), out.color, 0.6f) * 1.3f;
    if (out.kind == Kind::Photo) {
        out.patch = patches[random.below(patches.size())];
        out.color = glm::vec3(random.uniform(0.95f, 1.25f));
    }
    out.scale = 0.04f + 0.16f * random.small();
    if (out.kind == Kind::Photo)
        out.scale = random.uniform(0.25f, 0.5f);
    out.emblem = random.chance(0.3f);
    out.emblemShape = int(random.below(3));
    out.shine = random.chance(0.2f) ? random.uniform(0.02f, 0.05f) : 0.015f;
    return out;
}

void person(ClipRecipe& recipe, const TrainingAssets& assets, RandomStream random) {
    const auto suits = assets.wearOf(WearKind::Suit, recipe.split);
    const auto shoes = assets.wearOf(WearKind::Shoes, recipe.split);
    const auto hair = assets.wearOf(WearKind::Hair, recipe.split);
    // Half of the people wear what was made for women, however few of these suits there are.
    const bool female = random.chance(0.5f);
    std::vector<std::size_t> fitting;
    for (const auto i : suits)
        if (assets.wear[i].name.starts_with("female") == female)
            fitting.push_back(i);
    const auto& pool = fitting.empty() ? suits : fitting;
    recipe.suit = pool[random.below(pool.size())];
    recipe.shoes = shoes[random.below(shoes.size())];
    recipe.hair = hair[random.below(hair.size())];
    const bool madeForWomen = assets.wear[recipe.suit].name.starts_with("female");
    for (std::size_t b = 0; b < kBodyBetas; ++b)
        recipe.betas[b] = std::clamp((b < 4 ? 0.9f : 0.5f) * random.normal(), -2.f, 2.f);
    recipe.betas[1] = std::clamp(recipe.betas[1], -1.6f, 1.6f);
    recipe.betas[2] = (madeForWomen ? -1.f : 1.f) * random.uniform(0.6f, 1.9f);

    SkinStyle& skin = recipe.skin;
    skin.tone = mixedTone(random);
    static const glm::vec3 hairs[] = {srgb(20, 17, 15),   srgb(44, 32, 25),    srgb(84, 56, 36),
                                      srgb(134, 90, 54),  srgb(196, 160, 106), srgb(150, 76, 40),
                                      srgb(168, 164, 160)};
    recipe.hairColor = hairs[random.below(std::size(hairs))];
    recipe.hairColor *= random.uniform(0.45f, 0.8f); // the strands of the pictures shine
    if (random.chance(0.08f))
        recipe.hairColor = clothColor(random);
    skin.scalp = skin.brows = recipe.hairColor * 0.7f;
    skin.lips =
        skin.tone * (madeForWomen ? glm::vec3(0.95f, 0.55f, 0.6f) : glm::vec3(0.85f, 0.65f, 0.65f));
    skin.eyes = random.chance(0.6f) ? srgb(60, 40, 26) : srgb(86, 112, 128);
    skin.stubble = madeForWomen ? 0.f : random.uniform(0.f, 0.8f);
    recipe.hairEnds = random.chance(0.5f) ? -10.f : random.uniform(0.f, 0.15f);
    if (random.chance(0.3f))
        recipe.trouserEnds = random.uniform(-1.f, -0.5f);
    if (random.chance(0.35f))
        recipe.sleeveEnds = random.uniform(0.22f, 0.5f);
}

void cloth(ClipRecipe& recipe, const TrainingAssets& assets, RandomStream random) {
    const auto patches = assets.patchesOf(recipe.split);
    const auto own = [&](std::size_t i, float share) {
        return assets.wear[i].picture.empty() ? 0.f : share;
    };
    recipe.upper = look(random, patches, own(recipe.suit, 0.25f));
    recipe.lower = look(random, patches, own(recipe.suit, 0.35f));
    recipe.feet = look(random, {}, own(recipe.shoes, 0.7f));
    recipe.lower.emblem = recipe.feet.emblem = false;
    if (recipe.feet.kind == ClothLook::Kind::Checks || recipe.feet.kind == ClothLook::Kind::Spots)
        recipe.feet.kind = ClothLook::Kind::Plain;
    recipe.feet.shine = random.uniform(0.02f, 0.05f);
}

void motion(ClipRecipe& recipe, const TrainingAssets& assets, RandomStream random) {
    const auto motions = assets.motionsOf(recipe.split);
    recipe.recorded = random.chance(0.72f);
    recipe.motion = motions[random.below(motions.size())];
    recipe.start = random.uniform();
    recipe.speed = random.uniform(0.75f, 1.3f);
    // Mostly seen from the front, sometimes from the side or the back.
    recipe.turn =
        random.chance(0.65f) ? random.uniform(-0.9f, 0.9f) : random.uniform(-3.14f, 3.14f);
}

void camera(CameraPlan& plan, RandomStream random) {
    using Kind = CameraPlan::Kind;
    const float kind = random.uniform();
    plan.kind = kind < 0.28f   ? Kind::Still
                : kind < 0.52f ? Kind::HandHeld
                : kind < 0.68f ? Kind::Pan
                : kind < 0.84f ? Kind::Orbit
                               : Kind::Track;
    plan.distance = 2.4f + 4.6f * random.small();
    plan.height = random.uniform(0.75f, 2.1f);
    plan.azimuth = random.uniform(-0.35f, 0.35f);
    if (plan.kind != Kind::Still)
        plan.sway = random.chance(0.3f) ? 0.f : random.uniform(0.006f, 0.035f);
    if (plan.kind == Kind::Orbit)
        plan.orbit = random.eitherSign(0.2f, 0.9f);
    if (plan.kind == Kind::Pan)
        plan.pan = random.eitherSign(0.15f, 0.7f);
    if (plan.kind != Kind::Still && random.chance(0.25f))
        plan.zoom = random.uniform(0.86f, 1.16f);
    plan.fill = 0.55f + 0.4f * std::max(random.uniform(), random.uniform());
    plan.off = {random.uniform(-1.f, 1.f), random.uniform(-1.f, 1.f)};
}

void place(PlacePlan& plan, const TrainingAssets& assets, Split split, RandomStream random) {
    using Kind = PlacePlan::Kind;
    const auto photos = assets.placesOf(split);
    const float kind = random.uniform();
    plan.kind = kind < 0.4f    ? Kind::Photo
                : kind < 0.56f ? Kind::Street
                : kind < 0.7f  ? Kind::Park
                : kind < 0.9f  ? Kind::Room
                               : Kind::Studio;
    if (photos.empty() && plan.kind == Kind::Photo)
        plan.kind = Kind::Street;
    if (!photos.empty())
        plan.photo = photos[random.below(photos.size())];
    plan.photoSpan = random.uniform(0.9f, 1.6f);
    plan.seed = random.next();
}

void occluders(std::vector<OccluderPlan>& plans, RandomStream random) {
    const float kind = random.uniform();
    const int count = kind < 0.4f ? 0 : kind < 0.8f ? 1 : 2;
    for (int i = 0; i < count; ++i) {
        OccluderPlan plan;
        plan.kind = OccluderPlan::Kind(random.below(5));
        plan.along = random.uniform(0.3f, 0.8f);
        plan.aside = random.uniform(-0.5f, 0.5f);
        plan.size = random.uniform(0.6f, 1.3f);
        plan.moves = random.eitherSign(0.5f, 1.8f);
        plan.seed = random.next();
        plans.push_back(plan);
    }
}

} // namespace

ClipRecipe randomRecipe(const TrainingAssets& assets, std::uint64_t seed, Split split) {
    ClipRecipe recipe;
    recipe.seed = seed;
    recipe.split = split;
    const std::uint64_t own = seed * 2 + (split == Split::HeldOut ? 1 : 0);
    person(recipe, assets, RandomStream(own, kPerson));
    cloth(recipe, assets, RandomStream(own, kCloth));
    motion(recipe, assets, RandomStream(own, kMotion));
    camera(recipe.camera, RandomStream(own, kCamera));
    place(recipe.place, assets, split, RandomStream(own, kPlace));
    occluders(recipe.occluders, RandomStream(own, kOccluder));
    const bool photo = recipe.place.kind == PlacePlan::Kind::Photo;
    const bool indoors =
        recipe.place.kind == PlacePlan::Kind::Room || recipe.place.kind == PlacePlan::Kind::Studio;
    RandomStream light(own, kLight);
    recipe.light = randomLighting(light, indoors);
    recipe.exposure = meteredExposure(recipe.light) * light.uniform(0.88f, 1.14f);
    if (photo)
        recipe.exposure *= lightAsIn(assets.places[recipe.place.photo].picture, recipe.light);
    return recipe;
}

} // namespace strata
