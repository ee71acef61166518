// SPDX-License-Identifier: Apache-2.0
#include <torch/torch.h>

#include "engine/nn/threads.h"

#include "engine/core/parallel.h"

namespace strata::nn {

ThreadScope::ThreadScope(int threads)
    : m_before(at::get_num_threads()) {
    if (threads != m_before)
        at::set_num_threads(threads);
}

ThreadScope::~ThreadScope() {
    if (at::get_num_threads() != m_before)
        at::set_num_threads(m_before);
}

int ThreadScope::all() { return workerCount(); }

} // namespace strata::nn
