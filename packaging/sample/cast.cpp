// SPDX-License-Identifier: Apache-2.0
#include "packaging/sample/cast.h"

#include "engine/media/image_io.h"
#include "engine/train/render/materials.h"

namespace strata::sample {
namespace {

Result<std::shared_ptr<const Texture>> loadTexture(const std::filesystem::path& path) {
    STRATA_ASSIGN(const ImageU8 picture, readImageRgba(path));
    return std::make_shared<const Texture>(picture);
}

std::filesystem::path pictureOf(const std::filesystem::path& folder) {
    return folder / (folder.filename().string() + "_diffuse.png");
}

Status wear(const Worn& worn, const MakeHumanWardrobe& wardrobe,
            const std::filesystem::path& makehuman, Outfit& outfit) {
    const auto folder = makehuman / "clothes" / worn.folder;
    STRATA_ASSIGN(Garment garment, wardrobe.clothes(folder));
    const bool shoes = worn.folder.rfind("shoes", 0) == 0;
    if (worn.picture) {
        STRATA_ASSIGN(const auto texture, loadTexture(pictureOf(folder)));
        outfit.materials.push_back(textured(texture, garment.texelsPerMetre, worn.tint,
                                            shoes ? 0.04f : 0.018f, shoes ? 40.f : 8.f));
    } else {
        outfit.materials.push_back(cloth(worn.tint, worn.stripeColor, worn.stripes));
    }
    outfit.garments.push_back(std::move(garment));
    return ok();
}

Status growHair(const Role& role, const MakeHumanWardrobe& wardrobe,
                const std::filesystem::path& makehuman, Outfit& outfit) {
    const auto folder = makehuman / "hair" / role.hair;
    STRATA_ASSIGN(Garment strands, wardrobe.hair(folder));
    std::shared_ptr<const Texture> texture;
    if (std::filesystem::exists(pictureOf(folder))) {
        STRATA_ASSIGN(const ImageU8 picture, readImageRgba(pictureOf(folder)));
        strands = opaqueParts(strands, picture, 0.006f);
        texture = std::make_shared<const Texture>(picture);
    }
    outfit.materials.push_back(hair(role.hairColor, texture, strands.texelsPerMetre));
    outfit.garments.push_back(trimmed(strands, role.hairEnds));
    return ok();
}

} // namespace

Role walker() {
    Role role;
    role.betas = {0.6f, 0.2f, 1.6f, 0.f};
    role.skin.tone = srgb(196, 148, 122);
    role.skin.lips = srgb(176, 108, 96);
    role.skin.brows = role.skin.scalp = srgb(66, 46, 34);
    role.skin.stubble = 0.5f;
    role.clothes = {{"male_casualsuit04", srgb(255, 255, 255)}, {"shoes06", glm::vec3(1.f)}};
    role.hair = "short02";
    role.hairColor = srgb(78, 54, 38);
    return role;
}

Role firstIdentity() {
    Role role;
    role.betas = {-0.7f, -0.3f, -1.8f, -0.4f};
    role.skin.tone = srgb(206, 160, 138);
    role.skin.lips = srgb(190, 98, 96);
    role.skin.brows = role.skin.scalp = srgb(110, 62, 36);
    role.skin.eyes = srgb(92, 120, 96);
    role.clothes = {{"female_elegantsuit01", srgb(255, 255, 255)}, {"shoes03", glm::vec3(1.f)}};
    role.hair = "long01";
    role.hairEnds = 0.09f;
    role.hairColor = srgb(128, 82, 54);
    return role;
}

Role secondIdentity() {
    Role role;
    role.betas = {1.1f, 0.5f, 1.8f, 0.3f};
    role.skin.tone = srgb(112, 74, 52);
    role.skin.lips = srgb(112, 62, 54);
    role.skin.brows = role.skin.scalp = srgb(22, 18, 16);
    role.skin.eyes = srgb(44, 28, 18);
    role.clothes = {{"male_worksuit01", glm::vec3(1.f)}, {"shoes01", glm::vec3(1.f)}};
    role.hair = "short04";
    role.hairColor = srgb(26, 22, 20);
    return role;
}

Result<DressedPerson> dress(const Role& role, const BodyModel& model,
                            const MakeHumanWardrobe& wardrobe,
                            const std::filesystem::path& makehuman) {
    Outfit outfit;
    for (const auto& worn : role.clothes)
        STRATA_TRY(wear(worn, wardrobe, makehuman, outfit));
    if (!role.hair.empty())
        STRATA_TRY(growHair(role, wardrobe, makehuman, outfit));
    return DressedPerson(
        model, role.betas, std::move(outfit),
        [&](const std::vector<std::uint32_t>& faces) { return skin(model, role.skin, faces); });
}

BodyPose standing() {
    BodyPose pose;
    pose.rotations[1] = {0.f, 0.06f, 0.04f};
    pose.rotations[2] = {0.f, -0.06f, -0.04f};
    pose.rotations[13] = {0.f, 0.f, -0.1f};
    pose.rotations[14] = {0.f, 0.f, 0.1f};
    pose.rotations[16] = {0.f, -0.15f, -1.08f};
    pose.rotations[17] = {0.f, 0.15f, 1.08f};
    pose.rotations[18] = {0.f, -0.22f, 0.f};
    pose.rotations[19] = {0.f, 0.22f, 0.f};
    return pose;
}

} // namespace strata::sample
