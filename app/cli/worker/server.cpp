// SPDX-License-Identifier: Apache-2.0
#include "app/cli/worker/server.h"

#include "engine/protocol/codec.h"
#include "engine/protocol/line_reader.h"

#include <array>
#include <cerrno>
#include <cstdint>
#include <new>
#include <poll.h>
#include <sys/eventfd.h>
#include <thread>
#include <unistd.h>

namespace strata::cli {

using namespace protocol;

namespace {

template <typename... F>
struct Overloaded : F... {
    using F::operator()...;
};

/// Readable once wake() was called.
class WakeUp {
public:
    WakeUp()
        : m_file(::eventfd(0, EFD_CLOEXEC)) {}
    ~WakeUp() { ::close(m_file); }
    WakeUp(const WakeUp&) = delete;
    WakeUp& operator=(const WakeUp&) = delete;

    int file() const { return m_file; }
    void wake() const {
        const std::uint64_t one = 1;
        [[maybe_unused]] const auto written = ::write(m_file, &one, sizeof one);
    }

private:
    int m_file;
};

std::string firstLine(const char* text) {
    const std::string whole = text;
    return whole.substr(0, whole.find('\n'));
}

} // namespace

Server::Server(int in, int out, Engine engine)
    : m_in(in)
    , m_engine(std::move(engine))
    , m_writer(out)
    , m_queue([this](const Event& event) { m_writer.send(event); }) {}

void Server::serve(const Hello& hello, std::stop_token stop) {
    const WakeUp wakeUp;
    const std::stop_callback stopped(stop, [&wakeUp] { wakeUp.wake(); });
    const std::stop_callback gone(m_writer.clientGone(), [&wakeUp] { wakeUp.wake(); });
    m_writer.send(hello);
    const std::jthread engine([this] { doJobs(); });
    readRequests(wakeUp.file());
    m_queue.close();
}

void Server::readRequests(int wake) {
    LineReader lines;
    std::array<char, 1 << 16> bytes;
    std::array<pollfd, 2> files{{{m_in, POLLIN, 0}, {wake, POLLIN, 0}}};
    while (true) {
        if (::poll(files.data(), files.size(), -1) < 0) {
            if (errno == EINTR)
                continue;
            return;
        }
        if (files[1].revents)
            return;
        const auto count = ::read(m_in, bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return;
        lines.add({bytes.data(), std::size_t(count)});
        while (const auto line = lines.next()) {
            if (line->tooLong)
                m_writer.send(Failed{0, ErrorCode::BadFormat,
                                     "This message is not understood: it is longer than a message "
                                     "may be."});
            else if (!line->text.empty() && !handle(line->text))
                return;
        }
    }
}

bool Server::handle(const std::string& line) {
    JobId id = 0;
    const auto request = decodeRequest(line, &id);
    if (!request) {
        m_writer.send(Failed{id, request.error().code, request.error().message});
        return true;
    }
    std::visit(
        Overloaded{
            [&](const Ping& ping) { m_writer.send(Pong{ping.id}); },
            [&](const Cancel& cancel) { m_queue.cancel(cancel.id); },
            [&](const ListModels& list) {
                auto models = m_engine.models();
                if (models)
                    m_writer.send(ModelList{list.id, std::move(*models)});
                else
                    m_writer.send(Failed{list.id, models.error().code, models.error().message});
            },
            [](const Shutdown&) {},
            [&](const auto&) { m_queue.submit(*request); },
        },
        *request);
    return !std::holds_alternative<Shutdown>(*request);
}

void Server::doJobs() {
    while (const auto job = m_queue.take())
        m_queue.finish(runGuarded(*job));
}

// The last place for what nobody expected: the worker goes on with its next job.
Result<JobReport> Server::runGuarded(const JobQueue::Taken& job) {
    try {
        return m_engine.run(job.job, job.stop,
                            [this](const Event& event) { m_writer.send(event); });
    } catch (const std::bad_alloc&) {
        return Error{ErrorCode::OutOfMemory, "This needs more memory than there is."};
    } catch (const std::exception& e) {
        return Error{ErrorCode::Internal, "Something unexpected happened: " + firstLine(e.what())};
    }
}

} // namespace strata::cli
