// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/train/trainer/flat_parameters.h"
#include "engine/train/trainer/process_group.h"

#include <memory>

namespace strata {

/// Sums the gradients of all processes, in buckets that are sent as soon as backward is done with
/// them, while it goes on. Buckets go in one order, from the last parameter to the first, so that
/// all processes send the same ones at the same time whatever their networks did.
class GradientSync {
public:
    /// overlap: false sends everything after backward, to compare with.
    GradientSync(ProcessGroup& group, FlatParameters& parameters, double bucketMegabytes,
                 bool overlap = true);
    ~GradientSync();

    /// Before the last backward of each step: gradients that it completes are sent.
    void arm();
    /// Sends what is left and waits for all. An error when a process is lost.
    Status finish();
    std::size_t buckets() const;

private:
    struct Impl;
    std::shared_ptr<Impl> m_impl;
};

} // namespace strata
