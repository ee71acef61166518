// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace strata::nn {

/// Lets LibTorch's operators use as many threads as the rest of the engine. LibTorch's own default
/// is one thread on some machines, whatever the number of cores. To be called before the first
/// network runs; cheap when repeated.
void useAllCores();

} // namespace strata::nn
