// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/image.h"
#include "engine/nn/mimo/mimo_config.h"

#include <cstdint>

namespace strata {

/// Parameters of the networks, buffers of positions included.
struct MimoParameters {
    std::int64_t vae = 0, clip = 0, pose = 0, refiner = 0, reference = 0, denoiser = 0;

    std::int64_t all() const { return vae + clip + pose + refiner + reference + denoiser; }
};
MimoParameters parametersOf(const nn::MimoConfig& config);

/// How a network is run, as far as its memory depends on it.
struct WorkSize {
    int elementBytes = 4;
    /// Attention and perceptrons in our own tiles (single precision on the CPU) instead of blocks.
    bool tiled = true;
    std::int64_t block = 0; // elements of one block of work where there are blocks
    int threads = 1;        // of the CPU
};

// Bytes that are alive at once between a network's layers, its weights apart, with what a
// convolution needs inside. Scratch memory inside other operators is not counted.

/// A call of the denoiser on `windows` windows, once or (`clips` twice as many) with and without
/// the identity; the conditions of these windows included.
std::int64_t denoiserBytes(const nn::MimoConfig& config, Size picture, int frames, int windows,
                           int clips, const WorkSize& work);
/// The reference network on one picture, with the tokens it gives.
std::int64_t referenceBytes(const nn::MimoConfig& config, Size picture, const WorkSize& work);
/// Keys and values of the reference's tokens, for all blocks.
std::int64_t sharedBytes(const nn::MimoConfig& config, Size picture, const WorkSize& work);
/// The pose guider on `pictures` pictures.
std::int64_t guiderBytes(const nn::MimoConfig& config, Size picture, int pictures,
                         const WorkSize& work);
/// The picture coder on `pictures` pictures (or tiles) of that size, in the direction that needs
/// more.
std::int64_t coderBytes(const nn::MimoConfig& config, Size picture, int pictures,
                        const WorkSize& work);
/// The refiner on `pictures` pictures; 0 without one.
std::int64_t refinerBytes(const nn::MimoConfig& config, Size picture, int pictures,
                          const WorkSize& work);
/// What is kept for each frame of a clip: features of the motion, latents of scene and occluder.
std::int64_t conditionBytesPerFrame(const nn::MimoConfig& config, Size picture,
                                    const WorkSize& work);

} // namespace strata
