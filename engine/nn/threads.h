// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace strata::nn {

/// Sets how many threads LibTorch's operators use on the calling thread, until the end of the
/// scope. LibTorch's own default is one on some machines, whatever the number of cores.
class ThreadScope {
public:
    explicit ThreadScope(int threads);
    ~ThreadScope();
    ThreadScope(const ThreadScope&) = delete;
    ThreadScope& operator=(const ThreadScope&) = delete;

    /// As many as the rest of the engine uses: for networks whose every operator is large.
    static int all();

private:
    int m_before;
};

} // namespace strata::nn
