// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/body/motion.h"
#include "engine/train/data/block_picture.h"
#include "engine/train/data/random_stream.h"
#include "engine/train/render/garment.h"

#include <filesystem>
#include <string>
#include <vector>

namespace strata {

enum class WearKind { Suit, Shoes, Hair };
const char* nameOf(WearKind kind); // "suit", "shoes", "hair"

/// Something to wear, already carried over to our body and cut along its picture's transparency.
struct WearAsset {
    std::string name;
    WearKind kind = WearKind::Suit;
    Garment garment;                 // its `covers` is known
    std::vector<std::uint8_t> zones; // [faces] 0 above the waist, 1 below it
    BlockPicture picture;            // may be empty
};

struct PictureAsset {
    std::string name; // what comes from one source shares the part before '/'
    BlockPicture picture;
};

struct MotionAsset {
    std::string name;
    std::vector<BodyPose> frames; // 30 a second, of the mean shape, y up, feet at y = 0
};

/// Everything that rendered training clips are made of. Read from one file, so that a machine
/// without picture and video decoders can train. Training material: never shipped.
struct TrainingAssets {
    BodyModel body;
    std::vector<WearAsset> wear;       // all lists by name
    std::vector<PictureAsset> patches; // squares of cloth cut out of photos
    std::vector<PictureAsset> places;  // photos of places
    std::vector<MotionAsset> motions;

    /// `file` as written by save(); `body` as assets/body holds it.
    static Result<TrainingAssets> load(const std::filesystem::path& file,
                                       const std::filesystem::path& body);
    Status save(const std::filesystem::path& file) const;

    /// Indices of the things of one side. If there are too few of a kind to divide, all.
    std::vector<std::size_t> wearOf(WearKind kind, Split split) const;
    std::vector<std::size_t> patchesOf(Split split) const;
    std::vector<std::size_t> placesOf(Split split) const;
    std::vector<std::size_t> motionsOf(Split split) const;
};

} // namespace strata
