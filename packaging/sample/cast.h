// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/result.h"
#include "engine/train/render/dressed_person.h"
#include "engine/train/render/makehuman.h"
#include "engine/train/render/skin.h"

#include <filesystem>
#include <optional>
#include <string>

namespace strata::sample {

struct Worn {
    std::string folder; // below clothes/
    glm::vec3 tint{1.f};
    bool picture = true; // textured with the asset's own picture; else plain cloth in the tint
    float stripes = 0;
    glm::vec3 stripeColor{0.f};
};

struct Role {
    Betas betas{};
    SkinStyle skin;
    std::vector<Worn> clothes;
    std::string hair;       // below hair/
    float hairEnds = -10.f; // height in the T-pose, metres (the origin is at the breastbone)
    glm::vec3 hairColor{0.05f};
};

Role walker();
Role firstIdentity();
Role secondIdentity();

Result<DressedPerson> dress(const Role& role, const BodyModel& model,
                            const MakeHumanWardrobe& wardrobe,
                            const std::filesystem::path& makehuman);

/// Standing at ease, arms a little away from the body.
BodyPose standing();

} // namespace strata::sample
