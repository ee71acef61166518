// SPDX-License-Identifier: Apache-2.0
#include <torch/torch.h>

#include "engine/nn/threads.h"

#include "engine/core/parallel.h"

namespace strata::nn {

void useAllCores() {
    if (at::get_num_threads() != workerCount())
        at::set_num_threads(workerCount());
}

} // namespace strata::nn
