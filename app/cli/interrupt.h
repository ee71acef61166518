// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stop_token>
#include <thread>

namespace strata::cli {

/// Turns Ctrl-C and SIGTERM into a stop request; a second one ends the program at once. One object
/// per program.
class Interrupt {
public:
    Interrupt();
    ~Interrupt();
    std::stop_token token() const { return m_stop.get_token(); }

private:
    std::stop_source m_stop;
    int m_pipe[2] = {-1, -1};
    std::jthread m_watcher;
};

} // namespace strata::cli
