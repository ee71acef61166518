// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/result.h"
#include "engine/synth/diffusion/half_arithmetic.h"

#include <span>
#include <vector>

namespace strata {

/// How the noise grows over the timesteps of training (mimo-spec 1.9).
struct NoiseScheduleConfig {
    int trainSteps = 1000;
    double betaStart = 0.00085;
    double betaEnd = 0.012; // betas are linear in their square roots
    bool zeroTerminalSnr = true;
};

/// DDIM without noise (eta 0) over trailing timesteps, for networks that predict v.
class DdimSchedule {
public:
    explicit DdimSchedule(const NoiseScheduleConfig& config = {});

    /// Share of the signal's variance at a timestep, 1 before the first one.
    float signalVariance(int timestep) const;
    const std::vector<float>& signalVariances() const { return m_signal; }
    const std::vector<float>& betas() const { return m_betas; }

    /// The timesteps of a run of `steps` steps, falling. Usage when `steps` is not
    /// in 1..trainSteps.
    Result<std::vector<int>> timesteps(int steps) const;

    /// Moves x from `timestep` to the next of a run of `steps` steps, in place, given the predicted
    /// v. `clean`, if not empty, receives the picture without noise that v means. All of one size.
    void step(int timestep, int steps, std::span<const float> v, std::span<float> x,
              std::span<float> clean = {}, Arithmetic arithmetic = Arithmetic::Float) const;

private:
    int m_trainSteps;
    std::vector<float> m_betas;
    std::vector<float> m_signal;
};

} // namespace strata
