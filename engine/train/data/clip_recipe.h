// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/train/data/training_assets.h"
#include "engine/train/render/scene.h"
#include "engine/train/render/skin.h"

namespace strata {

/// How the cloth of one zone looks.
struct ClothLook {
    enum class Kind { OwnPicture, Plain, Stripes, Checks, Spots, Photo };
    Kind kind = Kind::Plain;
    glm::vec3 color{0.5f}, second{0.2f}; // linear; OwnPicture and Photo: `color` is a tint
    float scale = 0.1f;                  // metres of the pattern
    std::size_t patch = 0;               // Photo
    bool emblem = false;                 // a sign of `second` on the chest
    int emblemShape = 0;
    float shine = 0.015f;
};

struct CameraPlan {
    enum class Kind { Still, HandHeld, Pan, Orbit, Track };
    Kind kind = Kind::Still;
    float distance = 4.f; // metres from the middle of the way
    float height = 1.4f;  // of the eye
    float orbit = 0.f;    // radians it moves round the person over the clip
    float azimuth = 0.f;  // radians off the middle of the place
    float pan = 0.f;      // metres that its aim moves sideways
    float zoom = 1.f;     // focal length of the last frame over that of the first
    float sway = 0.f;     // metres
    float fill = 0.75f;   // height of the person (of the whole way, if it is higher) in sides
    glm::vec2 off{0.f};   // place of the person in the room that is left, -1..1
};

struct PlacePlan {
    enum class Kind { Photo, Street, Park, Room, Studio };
    Kind kind = Kind::Photo;
    std::size_t photo = 0;
    float photoSpan = 1.2f; // height of the photo over that of the view
    std::uint64_t seed = 0; // of what is built
};

struct OccluderPlan {
    enum class Kind { Post, Box, Shrub, Branch, Passing };
    Kind kind = Kind::Post;
    float along = 0.5f; // of the way from the eye to the person
    float aside = 0.f;  // of half the picture's width
    float size = 1.f;
    float moves = 0.f; // Passing: picture widths over the clip
    std::uint64_t seed = 0;
};

/// Everything random about a clip, as plain data.
struct ClipRecipe {
    std::uint64_t seed = 0;
    Split split = Split::Train;

    Betas betas{};
    SkinStyle skin;
    glm::vec3 hairColor{0.05f};
    float hairEnds = -10.f;                    // heights in the T-pose: nothing hangs lower,
    float trouserEnds = -10.f;                 // no leg of a trouser is longer,
    float sleeveEnds = 10.f;                   // no sleeve goes farther out
    std::size_t suit = 0, shoes = 0, hair = 0; // indices of TrainingAssets::wear
    ClothLook upper, lower, feet;

    bool recorded = true; // a recorded motion, else made up
    std::size_t motion = 0;
    float start = 0.f; // part of the recording
    float speed = 1.f;
    float turn = 0.f; // radians about the vertical

    CameraPlan camera;
    PlacePlan place;
    std::vector<OccluderPlan> occluders;
    Lighting light;
    float exposure = 0.95f;
};

/// The recipe number `seed` of one side. The same numbers give different clips on the two sides.
ClipRecipe randomRecipe(const TrainingAssets& assets, std::uint64_t seed, Split split);

} // namespace strata
