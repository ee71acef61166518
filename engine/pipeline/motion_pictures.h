// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/body/motion.h"
#include "engine/core/frame_source.h"
#include "engine/pipeline/clip.h"
#include "engine/synth/diffusion/clip_generator.h"
#include "engine/synth/person_placement.h"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace strata {

/// The colours of the motion code, [V, 3] in 0..1.
struct MotionColors {
    std::vector<float> values;
    std::string key; // changes when they do
};

/// The published colours from sdc_info.npy. BadFormat when the file does not hold one colour for
/// each of `vertices`.
Result<MotionColors> readMotionColors(const std::filesystem::path& file, std::size_t vertices);

/// Pictures of the motion code, drawn frame by frame; black where the person is not there. `body`
/// must outlive it.
std::unique_ptr<ColorSource> drawnMotion(const BodyModel& body, PlacedMotion motion,
                                         std::vector<float> colors, Size frame);

/// A learnt motion code: a vector on each vertex.
struct LearntCodes {
    std::vector<float> values; // [V, channels]
    int channels = 0;
};

/// The codes that a training wrote (codes.safetensors). BadFormat when the file does not hold one
/// for each of `vertices`.
Result<LearntCodes> readLearntCodes(const std::filesystem::path& file, std::size_t vertices);

/// Draws learnt codes. `body` must outlive it.
std::unique_ptr<BodyPictures> drawnBody(const BodyModel& body, PlacedMotion motion,
                                        LearntCodes codes);

/// Those that a template folder brings (sdc.mp4), of the clip that openTemplateClip() gives.
Result<std::unique_ptr<ColorSource>> templateMotion(const std::filesystem::path& folder,
                                                    const Clip& clip);

} // namespace strata
