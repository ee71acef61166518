// SPDX-License-Identifier: Apache-2.0
#include <torch/torch.h>

#include "engine/train/trainer/training_source.h"

#include <future>
#include <map>

namespace strata {

std::uint64_t mixed(std::uint64_t seed, std::uint64_t index) { // SplitMix64's last mixing, twice
    const auto mix = [](std::uint64_t x) {
        x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
        x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
        return x ^ (x >> 31);
    };
    return mix(mix(seed + 0x9e3779b97f4a7c15u) + index * 0x9e3779b97f4a7c15u);
}

Status check(const TrainingClip& clip, const std::string& name) {
    const auto wrong = [&](const std::string& what) {
        return Error{ErrorCode::BadFormat, name + " is no training clip: " + what + "."};
    };
    const auto bytes = [](const torch::Tensor& x, std::int64_t dim) {
        return x.defined() && x.dim() == dim && x.scalar_type() == torch::kUInt8 && x.numel() > 0;
    };
    if (!bytes(clip.frames, 4) || clip.frames.size(3) != 3 || clip.frames.size(1) % 8 != 0 ||
        clip.frames.size(2) % 8 != 0)
        return wrong("its frames must be RGB bytes with sides that are multiples of 8");
    const auto frames = clip.frames.size(0), height = clip.frames.size(1),
               width = clip.frames.size(2);
    for (const auto* layer : {&clip.scene, &clip.occluder, &clip.sketch})
        if (layer->defined() && (!bytes(*layer, 4) || layer->sizes() != clip.frames.sizes()))
            return wrong("scene, occluder and sketch must be like the frames");
    if (clip.alpha.defined() && (!bytes(clip.alpha, 3) || clip.alpha.size(0) != frames ||
                                 clip.alpha.size(1) != height || clip.alpha.size(2) != width))
        return wrong("its alpha does not fit the frames");
    if (clip.motion.defined() && (!bytes(clip.motion, 4) || clip.motion.size(0) != frames ||
                                  clip.motion.size(1) != height || clip.motion.size(2) != width))
        return wrong("its pictures of the motion do not fit the frames");
    const auto floats = [](const torch::Tensor& x) { return x.scalar_type() == torch::kFloat32; };
    if (clip.vertices.defined() &&
        (clip.vertices.dim() != 3 || !floats(clip.vertices) || clip.vertices.size(0) != frames ||
         clip.vertices.size(2) != 3 || !clip.cameras.defined() || clip.cameras.dim() != 2 ||
         !floats(clip.cameras) || clip.cameras.size(0) != frames || clip.cameras.size(1) != 4))
        return wrong("vertices and cameras must be there for every frame");
    for (const auto* picture : {&clip.identity, &clip.posed, &clip.opening})
        if (picture->defined() && (!bytes(*picture, 3) || picture->size(2) != 3 ||
                                   picture->size(0) % 8 != 0 || picture->size(1) % 8 != 0))
            return wrong(
                "its pictures of the person must be RGB bytes with sides of multiples of 8");
    return ok();
}

struct ClipPrefetcher::Impl {
    TrainingSource& source;
    std::uint64_t seed;
    int frames;
    std::map<std::uint64_t, std::future<Result<TrainingClip>>> begun;
};

ClipPrefetcher::ClipPrefetcher(TrainingSource& source, std::uint64_t seed, int frames)
    : m_impl(new Impl{source, seed, frames, {}}) {}

ClipPrefetcher::~ClipPrefetcher() = default; // a future of std::async waits

void ClipPrefetcher::begin(std::span<const std::uint64_t> indices) {
    for (const auto index : indices) {
        auto& slot = m_impl->begun[index];
        if (!slot.valid())
            slot = std::async(std::launch::async, [this, index] {
                return m_impl->source.clip(m_impl->seed, index, m_impl->frames);
            });
    }
}

Result<TrainingClip> ClipPrefetcher::take(std::uint64_t index) {
    begin({&index, 1});
    auto drawn = m_impl->begun.at(index).get();
    m_impl->begun.erase(index);
    return drawn;
}

} // namespace strata
