// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace strata::nn {

namespace detail {
inline thread_local std::int64_t workBlock = std::int64_t(1) << 28;
}

/// Elements of the largest value that attention or a perceptron makes at once on this thread, where
/// its work can be done in blocks. Smaller ones need less memory and more calls.
inline std::int64_t workBlock() { return detail::workBlock; }

/// Sets it until the end of the scope.
class WorkBlockScope {
public:
    explicit WorkBlockScope(std::int64_t elements)
        : m_before(detail::workBlock) {
        detail::workBlock = elements;
    }
    ~WorkBlockScope() { detail::workBlock = m_before; }
    WorkBlockScope(const WorkBlockScope&) = delete;
    WorkBlockScope& operator=(const WorkBlockScope&) = delete;

private:
    std::int64_t m_before;
};

} // namespace strata::nn
