// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/cli/worker/event_writer.h"
#include "app/cli/worker/job_queue.h"
#include "engine/core/job_context.h"
#include "engine/protocol/messages.h"

#include <functional>
#include <stop_token>
#include <string>
#include <vector>

namespace strata::cli {

/// What a worker can do.
struct Engine {
    using Tell = JobQueue::Tell;
    /// Does a job. Called on the engine thread, one at a time; tells what it comes by.
    std::function<Result<protocol::JobReport>(const protocol::Request& job, std::stop_token stop,
                                              const Tell& tell)>
        run;
    /// Called on the thread that reads requests.
    std::function<Result<std::vector<protocol::Model>>()> models;
};

/// The worker's end of the protocol. The calling thread reads requests and answers what is quick,
/// an engine thread does the jobs:
///
///     in ─► serve() ─ submit, cancel ─► JobQueue ─ take ─► engine thread ─ Engine::run
///              └────────── pong ──────────► EventWriter ◄── state, progress, chunks, result ┘
class Server {
public:
    Server(int in, int out, Engine engine);

    /// Introduces itself and serves until a shutdown, the end of input, `stop`, or a client that
    /// takes no more events. Then every job is cancelled, and it returns when none runs any more.
    void serve(const protocol::Hello& hello, std::stop_token stop = {});

private:
    void readRequests(int wake);
    /// False after a shutdown.
    bool handle(const std::string& line);
    void doJobs();
    Result<protocol::JobReport> runGuarded(const JobQueue::Taken& job);

    int m_in;
    Engine m_engine;
    EventWriter m_writer;
    JobQueue m_queue;
};

} // namespace strata::cli
