// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/result.h"

#include <torch/types.h>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace strata {

/// One process among those that train together.
struct ProcessPlace {
    int rank = 0, size = 1;
    int local = 0;    // its number on its machine
    std::string host; // of the process 0
    int port = 0;
    std::chrono::milliseconds timeout{600000};
};

/// As torchrun (RANK, WORLD_SIZE, LOCAL_RANK, MASTER_ADDR, MASTER_PORT) or Slurm's srun
/// (SLURM_PROCID, SLURM_NTASKS, SLURM_LOCALID, …) say it; nothing where one process trains alone.
/// STRATA_TIMEOUT: seconds without an answer after which the others count as lost.
Result<std::optional<ProcessPlace>>
placeFromEnvironment(const std::function<const char*(const char*)>& variable);

/// Processes that train together: Gloo between CPUs, NCCL between GPUs where it was built in. All
/// processes must ask for the same sums in the same order.
class ProcessGroup {
public:
    /// Whether it was built in.
    static bool available();
    /// Waits for the others. From then on this program ignores SIGPIPE. Usage when it was built
    /// without processes.
    static Result<std::unique_ptr<ProcessGroup>> join(const ProcessPlace& place, bool cuda);
    ~ProcessGroup();

    int rank() const { return m_place.rank; }
    int size() const { return m_place.size; }

    class Pending {
    public:
        virtual ~Pending() = default;
        /// Throws what LibTorch throws when a process is lost.
        virtual void wait() = 0;
    };
    /// Begins to replace the values by their sums over all processes. Throws as Pending::wait().
    std::unique_ptr<Pending> sum(torch::Tensor values);

private:
    struct Impl;
    ProcessGroup(const ProcessPlace& place, std::unique_ptr<Impl> impl);

    ProcessPlace m_place;
    std::unique_ptr<Impl> m_impl;
};

/// The sentence for a training that lost one of its processes: what `reason` LibTorch gave.
Error processLost(const std::string& reason);

} // namespace strata
