// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/image.h"
#include "engine/core/result.h"
#include "engine/train/render/garment.h"
#include "engine/train/render/obj_file.h"

#include <filesystem>

namespace strata {

/// Clothes and hair of MakeHuman (CC0), moved from its body to ours. The two bodies share a texture
/// atlas, so each place on one is found on the other by its uv; what lies off the surface follows
/// the surface near it.
class MakeHumanWardrobe {
public:
    /// `folder` holds base.obj; `model` must have uv and outlive the wardrobe.
    static Result<MakeHumanWardrobe> open(const std::filesystem::path& folder,
                                          const BodyModel& model);

    /// `folder`/name.obj and name.mhclo.
    Result<Garment> clothes(const std::filesystem::path& folder) const;
    /// Moves rigidly with the head. Not cut along its picture's transparency yet: see
    /// opaqueParts().
    Result<Garment> hair(const std::filesystem::path& folder) const;

private:
    /// A vertex of MakeHuman's body and the place on ours that it corresponds to.
    struct Link {
        std::uint32_t vertex; // of base.obj
        std::uint32_t body;   // nearest vertex of our body
        glm::vec3 from, to;   // metres
        glm::mat3 turn{1.f};  // rotation and scale of the surroundings
    };

    struct Asset;

    Result<Asset> readAsset(const std::filesystem::path& folder) const;
    void linkSurfaces();
    void turnLinks();
    Garment carried(const Asset& asset, bool head) const;

    const BodyModel* m_model = nullptr;
    ObjFile m_base;
    std::vector<Link> m_links;
};

/// The parts of a garment where `alpha` [H, W, 1] (0..255) of its picture is above one half, cut to
/// about `grain` metres.
Garment opaqueParts(const Garment& garment, const ImageU8& rgba, float grain);

/// Without the faces that reach below `lowest` (y of the T-pose): a haircut.
Garment trimmed(const Garment& garment, float lowest);

} // namespace strata
