// SPDX-License-Identifier: Apache-2.0
#include "engine/nn/mimo/mimo_config.h"

#include <algorithm>
#include <string>

namespace strata::nn {
namespace {

constexpr std::int64_t kMostChannels = 16384;
constexpr std::size_t kMostLevels = 8;

Error wrong(const std::string& what) {
    return {ErrorCode::Usage, "The configuration of the networks is wrong: " + what + "."};
}

bool sane(const std::vector<std::int64_t>& channels, std::int64_t divisor) {
    return !channels.empty() && channels.size() <= kMostLevels && divisor > 0 &&
           std::all_of(channels.begin(), channels.end(), [divisor](std::int64_t c) {
               return c > 0 && c <= kMostChannels && c % divisor == 0;
           });
}

bool between(std::int64_t value, std::int64_t least, std::int64_t most = kMostChannels) {
    return value >= least && value <= most;
}

Status checkUnet(const UnetConfig& c, const std::string& name) {
    if (!sane(c.channels, c.groups) || c.channels.size() < 2)
        return wrong(name + " needs two to eight levels whose channels are multiples of its " +
                     std::to_string(c.groups) + " groups");
    if (!sane(c.channels, c.heads) || (c.motion && !sane(c.channels, c.motionHeads)))
        return wrong(name + " has levels whose channels its heads do not divide");
    if (c.channels.front() % 2 != 0)
        return wrong(name + " needs an even number of channels for its time embedding");
    if (!between(c.inChannels, 1) || !between(c.outChannels, 0) || !between(c.contextWidth, 0) ||
        !between(c.layersPerBlock, 1, 8) || (c.motion && !between(c.motionFrames, 1, 1024)))
        return wrong("a number of " + name + " is out of range");
    return ok();
}

Status checkRest(const MimoConfig& c) {
    if (!sane(c.pose.channels, 1) || !between(c.pose.inChannels, 1) ||
        c.pose.outChannels != c.denoiser.channels.front())
        return wrong("the pose guider must give as many channels as the denoiser's first level");
    if (!sane(c.vae.channels, c.vae.groups) || !between(c.vae.imageChannels, 1, 64) ||
        !between(c.vae.latentChannels, 1, 64) || !between(c.vae.fold, 1, 8) ||
        !between(c.vae.layersPerBlock, 1, 8))
        return wrong("a number of the picture coder is out of range");
    if (c.vae.shortcut && c.vae.latentChannels > 2 * c.vae.reduction())
        return wrong("the picture coder's linear part has at most two latents per pixel of a side");
    if (c.refines() && (!sane(c.refiner.channels, c.refiner.groups) ||
                        !between(c.refiner.fold, 1, 8) || c.vae.imageChannels != 3))
        return wrong("the refiner needs levels whose channels are multiples of its groups");
    const auto& clip = c.clip;
    if (!c.usesClip())
        return ok();
    if (!between(clip.width, 1) || !between(clip.heads, 1) || clip.width % clip.heads != 0 ||
        !between(clip.layers, 1, 256) || !between(clip.hidden, 1) || !between(clip.patch, 1) ||
        !between(clip.image, clip.patch, 4096) || !between(clip.projection, 1))
        return wrong("a number of the CLIP network is out of range");
    return ok();
}

} // namespace

MimoConfig MimoConfig::official() {
    MimoConfig config;
    config.reference.outChannels = 0;
    config.denoiser.inChannels = 8;
    config.denoiser.motion = true;
    return config;
}

MimoConfig MimoConfig::paper(std::int64_t codeChannels) {
    MimoConfig config = official();
    config.occluder = true;
    config.denoiser.inChannels = 12;
    config.pose.inChannels = codeChannels;
    return config;
}

MimoConfig MimoConfig::small(std::int64_t codeChannels) {
    MimoConfig config = paper(codeChannels);
    config.vae = {.latentChannels = 8,
                  .fold = 2,
                  .shortcut = true,
                  .channels = {32, 64, 128},
                  .layersPerBlock = 1};
    for (UnetConfig* unet : {&config.reference, &config.denoiser}) {
        unet->inChannels = config.vae.latentChannels;
        unet->channels = {64, 96, 160};
        unet->layersPerBlock = 1;
        unet->contextWidth = 384;
        unet->heads = unet->motionHeads = 4;
        unet->motionFrames = 24;
    }
    config.sketch = true;
    config.tokens = 16; // of DINOv2 ViT-S
    config.denoiser.inChannels = 4 * config.vae.latentChannels;
    config.denoiser.outChannels = config.vae.latentChannels;
    config.denoiser.fromSketch = true;
    config.pose.channels = {16, 32, 64, 96};
    config.pose.outChannels = 64;
    config.refiner.channels = {32, 48, 64, 80};
    return config;
}

Status check(const MimoConfig& c) {
    STRATA_TRY(checkUnet(c.reference, "the reference network"));
    STRATA_TRY(checkUnet(c.denoiser, "the denoiser"));
    STRATA_TRY(checkRest(c));
    const auto latents = c.vae.latentChannels;
    if (!between(c.tokens, 0, 1024))
        return wrong("the number of the identity's tokens is out of range");
    if (c.reference.inChannels != latents || c.denoiser.outChannels != latents ||
        c.denoiser.inChannels != latents * (1 + int(c.scene) + int(c.occluder) + int(c.sketch)))
        return wrong("the channels of the denoiser do not fit the conditions it is given");
    if (c.denoiser.fromSketch && !c.sketch)
        return wrong("a denoiser that goes out from sketches is not given any");
    if (c.refines() && (!c.denoiser.fromSketch || !c.scene))
        return wrong("only what goes out from sketches in a scene can be refined");
    if (c.reference.channels != c.denoiser.channels ||
        c.reference.layersPerBlock != c.denoiser.layersPerBlock)
        return wrong("the reference network and the denoiser must have the same levels");
    for (const auto width : {c.reference.contextWidth, c.denoiser.contextWidth})
        if (width != 0 && c.usesClip() && width != c.clip.projection)
            return wrong("the cross-attention must be as wide as the CLIP network's result");
    return ok();
}

} // namespace strata::nn
