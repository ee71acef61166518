// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/image.h"
#include "engine/nn/mimo/mimo_config.h"
#include "engine/synth/mimo/mimo_loader.h"

#include <array>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace strata {

/// What is to be generated, and the memory that is free for it.
struct MemoryRequest {
    Size picture{784, 784};
    int windowFrames = 24;
    int clipFrames = 24; // whose conditions are kept at the same time
    bool guided = true;
    bool cuda = false;
    /// Those that may be used, the best first.
    std::vector<MimoPrecision> precisions{MimoPrecision::Float};
    // As many as are useful, if there is room for them.
    int windowsPerCall = 1;
    int picturesPerCall = 4;
    /// Free on the device that computes (on the CPU, in the computer).
    std::int64_t freeBytes = std::numeric_limits<std::int64_t>::max();
};

/// How many windows of that size are worth a call together: more than one only for small pictures
/// on a GPU, which would be idle otherwise.
int usefulWindows(Size picture, bool cuda);

/// What the networks do one after the other.
enum class MemoryPhase { Identity, Motion, Coding, Denoising };

/// Estimated bytes on the device that computes.
struct MemoryEstimate {
    std::int64_t weights = 0;    // of all networks
    std::int64_t resident = 0;   // of those that are there at once at most
    std::int64_t conditions = 0; // of the clip, with what the identity gave
    std::int64_t reference = 0, guider = 0, coder = 0, denoiser = 0; // between the layers
    std::array<std::int64_t, 4> phases{}; // all that is there at once at most, with a reserve
    std::int64_t peak = 0;                // of the phase that needs most

    std::int64_t of(MemoryPhase phase) const { return phases[std::size_t(phase)]; }
};

/// How the networks are run. All plans of one precision give the same result but for rounding,
/// except that tiles of the picture coder change its pictures a little.
struct MemoryPlan {
    MimoPrecision precision = MimoPrecision::Float;
    int windowsPerCall = 1;
    int picturesPerCall = 4;
    /// The predictions with and without the identity come from two calls.
    bool halvesApart = false;
    /// Networks wait in host memory while they are not needed.
    bool offload = false;
    /// Conditions of the frames stay in host memory; each window fetches its own.
    bool hostConditions = false;
    int coderTile = 0; // side of the picture coder's tiles in pixels; 0: pictures as a whole
    std::int64_t block = 1 << 28; // elements of a block of attention or perceptron on a GPU
    MemoryEstimate bytes;

    bool operator==(const MemoryPlan& other) const;
};

/// Ever smaller plans for a request, of which one is followed: at first the first that fits.
class MemoryLadder {
public:
    MemoryLadder(const nn::MimoConfig& config, const MemoryRequest& request);

    const MemoryPlan& plan() const { return m_plans[m_at]; }
    const std::vector<MemoryPlan>& plans() const { return m_plans; }
    /// Whether the plan fits into the free memory.
    bool fits() const { return plan().bytes.peak <= m_request.freeBytes; }
    /// Goes on to the next plan that needs less in this phase; false when there is none.
    bool takeSmaller(MemoryPhase phase);

    /// The plan in one sentence.
    std::string described() const;
    /// What the smallest plan would need, in one sentence.
    std::string shortfall() const;

private:
    MemoryRequest m_request;
    std::vector<MemoryPlan> m_plans; // largest first
    std::size_t m_at = 0;
};

/// "fp32", "fp16", "bf16".
std::string shortName(MimoPrecision precision);

} // namespace strata
