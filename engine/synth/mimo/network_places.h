// SPDX-License-Identifier: Apache-2.0
// For the sources of this folder.
#pragma once

#include "engine/nn/mimo/mimo_networks.h"

#include <initializer_list>
#include <memory>

namespace strata {

enum class MimoNetwork { Vae, Clip, Pose, Refiner, Reference, Denoiser };

/// Which networks are on the device that computes; the others wait in host memory.
class NetworkPlaces {
public:
    NetworkPlaces(std::shared_ptr<nn::MimoNetworks> networks, torch::Device device);

    /// Whether a network leaves the device when others are needed.
    void setOffload(bool offload) { m_offload = offload; }
    /// Brings these to the device.
    void use(std::initializer_list<MimoNetwork> needed);
    void convert(torch::ScalarType type);

private:
    /// Null for one that these networks do without.
    torch::nn::Module* network(MimoNetwork which) const;

    std::shared_ptr<nn::MimoNetworks> m_networks;
    torch::Device m_device;
    bool m_offload = false;
};

} // namespace strata
