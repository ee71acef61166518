// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/image.h"
#include "engine/core/time.h"
#include "engine/project/ids.h"

#include <filesystem>
#include <string>

namespace strata {

enum class MediaKind {
    Clip,     // video or folder of pictures; has frames
    Picture,  // one picture
    Motion,   // BVH or AMASS file
    Template, // folder of a MIMO template
};

/// What a file can be used for besides being the clip.
enum class MediaUse { Identity, Motion, Scene };

constexpr bool canServe(MediaKind kind, MediaUse use) {
    if (kind == MediaKind::Clip)
        return true;
    if (kind == MediaKind::Picture)
        return use != MediaUse::Motion;
    return use == MediaUse::Motion;
}

/// What reading the file tells. All of it is 0, empty or false as long as nobody has looked.
struct MediaFacts {
    std::string digest; // of the content, as the pipeline's contentDigest() makes it
    Size size;          // of the upright picture, pixels
    Rational rate;      // frames per second
    std::int64_t frameCount = 0;
    bool hasAudio = false;
    bool operator==(const MediaFacts&) const = default;
};

/// A file that the project uses. It may be missing from where it was: the path is then kept, for
/// relinking.
struct MediaItem {
    MediaId id{};
    MediaKind kind = MediaKind::Clip;
    std::filesystem::path path; // absolute, lexically normal
    MediaFacts facts;
    bool operator==(const MediaItem&) const = default;
};

} // namespace strata
