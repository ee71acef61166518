// SPDX-License-Identifier: Apache-2.0
// Internal to engine/project/io: how enumerators are called in files.
#pragma once

#include "engine/project/project.h"

#include <array>
#include <string_view>

namespace strata {

template <typename Enum>
struct EnumName {
    Enum value;
    std::string_view name;
};

template <typename Enum>
EnumName(Enum, std::string_view) -> EnumName<Enum>; // clang 14 does not find it by itself

inline constexpr std::array kMediaKindNames = {
    EnumName{MediaKind::Clip, "clip"}, EnumName{MediaKind::Picture, "picture"},
    EnumName{MediaKind::Motion, "motion"}, EnumName{MediaKind::Template, "template"}};
inline constexpr std::array kLayerKindNames = {EnumName{LayerKind::Scene, "scene"},
                                               EnumName{LayerKind::Person, "person"},
                                               EnumName{LayerKind::Occluder, "occluder"}};
inline constexpr std::array kSynthKindNames = {EnumName{SynthKind::Mesh, "mesh"},
                                               EnumName{SynthKind::Mimo, "mimo"},
                                               EnumName{SynthKind::Small, "small"}};
inline constexpr std::array kVideoCodecNames = {EnumName{VideoCodec::H264, "h264"},
                                                EnumName{VideoCodec::H265, "h265"}};

template <typename Enum, std::size_t N>
constexpr std::string_view nameOf(const std::array<EnumName<Enum>, N>& names, Enum value) {
    for (const auto& entry : names)
        if (entry.value == value)
            return entry.name;
    return {};
}

} // namespace strata
