// SPDX-License-Identifier: Apache-2.0
#include "app/cli/interrupt.h"

#include <csignal>
#include <unistd.h>

namespace strata::cli {
namespace {

int wakeEnd = -1;
volatile std::sig_atomic_t interrupted = 0;

// Only async-signal-safe calls here; the watcher thread does the rest.
void onSignal(int) {
    if (interrupted)
        ::_exit(130);
    interrupted = 1;
    const char byte = 1;
    [[maybe_unused]] const auto written = ::write(wakeEnd, &byte, 1);
}

} // namespace

Interrupt::Interrupt() {
    if (::pipe(m_pipe) != 0)
        return;
    wakeEnd = m_pipe[1];
    m_watcher = std::jthread([this] {
        char byte = 0;
        if (::read(m_pipe[0], &byte, 1) == 1 && byte == 1)
            m_stop.request_stop();
    });
    std::signal(SIGINT, onSignal);
    std::signal(SIGTERM, onSignal);
}

Interrupt::~Interrupt() {
    std::signal(SIGINT, SIG_DFL);
    std::signal(SIGTERM, SIG_DFL);
    if (m_pipe[1] < 0)
        return;
    const char byte = 0;
    [[maybe_unused]] const auto written = ::write(m_pipe[1], &byte, 1);
    m_watcher.join();
    ::close(m_pipe[0]);
    ::close(m_pipe[1]);
}

} // namespace strata::cli
