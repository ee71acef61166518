// SPDX-License-Identifier: Apache-2.0
#include <torch/torch.h>

#include "engine/synth/mimo/network_places.h"

#include <algorithm>

namespace strata {
namespace {

constexpr MimoNetwork kAll[] = {MimoNetwork::Vae,       MimoNetwork::Clip,
                                MimoNetwork::Pose,      MimoNetwork::Refiner,
                                MimoNetwork::Reference, MimoNetwork::Denoiser};

/// Parameters stay what they are, fit for training too, wherever they go.
template <typename F>
void asParameters(F&& move) {
    const c10::InferenceMode usual(false);
    const torch::NoGradGuard none;
    move();
}

} // namespace

NetworkPlaces::NetworkPlaces(std::shared_ptr<nn::MimoNetworks> networks, torch::Device device)
    : m_networks(std::move(networks))
    , m_device(device) {}

torch::nn::Module* NetworkPlaces::network(MimoNetwork which) const {
    switch (which) {
    case MimoNetwork::Vae:
        return m_networks->vae.get();
    case MimoNetwork::Clip:
        return m_networks->clip.is_empty() ? nullptr : m_networks->clip.get();
    case MimoNetwork::Pose:
        return m_networks->pose.get();
    case MimoNetwork::Refiner:
        return m_networks->refiner.is_empty() ? nullptr : m_networks->refiner.get();
    case MimoNetwork::Reference:
        return m_networks->reference.get();
    case MimoNetwork::Denoiser:
        break;
    }
    return m_networks->denoiser.get();
}

void NetworkPlaces::use(std::initializer_list<MimoNetwork> needed) {
    if (m_device.is_cpu())
        return;
    asParameters([&] {
        // First out, then in; a network that is there already does not move.
        for (const MimoNetwork which : kAll)
            if (m_offload && std::find(needed.begin(), needed.end(), which) == needed.end())
                if (auto* const module = network(which))
                    module->to(torch::kCPU);
        for (const MimoNetwork which : needed)
            if (auto* const module = network(which))
                module->to(m_device);
    });
}

void NetworkPlaces::convert(torch::ScalarType type) {
    asParameters([&] {
        for (const MimoNetwork which : kAll)
            if (auto* const module = network(which))
                module->to(type);
    });
}

} // namespace strata
