// SPDX-License-Identifier: Apache-2.0
// The server over real pipes, with jobs that only wait.
#include "app/cli/worker/server.h"

#include "engine/protocol/codec.h"
#include "engine/protocol/line_reader.h"

#include <QElapsedTimer>
#include <QTest>

#include <csignal>
#include <new>
#include <poll.h>
#include <stdexcept>
#include <thread>
#include <unistd.h>

using namespace strata;
using namespace strata::cli;
using namespace strata::protocol;

namespace {

JobReport framesDone(std::int64_t frames) {
    JobReport report;
    report.frames = frames;
    return report;
}

/// Goes on until it is stopped, or does what its clip's name says.
Result<JobReport> work(const Request& job, std::stop_token stop, const Engine::Tell& tell) {
    const auto& request = std::get<Decompose>(job);
    if (request.clip.video == "/throw")
        throw std::runtime_error("first line\nand a stack trace");
    if (request.clip.video == "/memory")
        throw std::bad_alloc();
    if (request.clip.video == "/quick")
        return framesDone(7);
    while (!stop.stop_requested()) {
        tell(Log{request.id, "busy"});
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return cancelled();
}

} // namespace

class TestServer : public QObject {
    Q_OBJECT

    int m_toServer[2], m_fromServer[2];
    std::unique_ptr<Server> m_server;
    std::stop_source m_stop;
    std::jthread m_thread;
    std::atomic<bool> m_ended = false;
    LineReader m_lines;
    Hello m_hello;

    void say(const std::string& line) {
        const std::string bytes = line + '\n';
        QCOMPARE(::write(m_toServer[1], bytes.data(), bytes.size()), ssize_t(bytes.size()));
    }
    void ask(const Request& request) { say(encode(request)); }
    static Decompose job(JobId id, const std::string& video = "/endless") {
        return {id, {video, {}, {}, {}}, {}, false};
    }
    /// The next event that is not a log's; nothing at the end or after two seconds.
    std::optional<Event> next() {
        while (true) {
            while (const auto line = m_lines.next()) {
                const auto event = decodeEvent(line->text);
                if (!event)
                    return {};
                if (!std::holds_alternative<Log>(*event))
                    return *event;
            }
            pollfd file{m_fromServer[0], POLLIN, 0};
            char bytes[4096];
            if (::poll(&file, 1, 2000) <= 0)
                return {};
            const auto count = ::read(m_fromServer[0], bytes, sizeof bytes);
            if (count <= 0)
                return {};
            m_lines.add({bytes, std::size_t(count)});
        }
    }
    bool comes(const Event& expected) {
        const auto event = next();
        if (event && *event != expected)
            qWarning("came %s", encode(*event).c_str());
        return event && *event == expected;
    }
    bool endsSoon() {
        return QTest::qWaitFor([this] { return m_ended.load(); }, 2000);
    }
    void closeInput() { ::close(std::exchange(m_toServer[1], -1)); }

private Q_SLOTS:
    void initTestCase() { std::signal(SIGPIPE, SIG_IGN); }

    void init() {
        QVERIFY(::pipe(m_toServer) == 0 && ::pipe(m_fromServer) == 0);
        m_lines = LineReader();
        m_hello.program = "test";
        m_stop = {};
        m_ended = false;
        const Engine engine{work,
                            []() -> Result<std::vector<Model>> { return std::vector<Model>(1); }};
        m_server = std::make_unique<Server>(m_toServer[0], m_fromServer[1], engine);
        m_thread = std::jthread([this] {
            m_server->serve(m_hello, m_stop.get_token());
            m_ended = true;
        });
        QVERIFY(comes(m_hello));
    }

    void cleanup() {
        m_stop.request_stop();
        if (m_toServer[1] >= 0)
            closeInput();
        m_thread.join();
        for (const int file : {m_toServer[0], m_fromServer[0], m_fromServer[1]})
            ::close(file);
    }

    void pingsAndCancelsAreAnsweredDuringWork() {
        ask(job(1));
        QVERIFY(comes(StateChanged{1, JobState::Queued}));
        QVERIFY(comes(StateChanged{1, JobState::Running}));
        qint64 slowest = 0;
        for (JobId id = 2; id < 52; ++id) {
            QElapsedTimer timer;
            timer.start();
            ask(Ping{id});
            QVERIFY(comes(Pong{id}));
            slowest = std::max(slowest, timer.nsecsElapsed() / 1000);
        }
        qInfo("slowest of 50 pongs: %.2f ms", double(slowest) / 1000);
        ask(Cancel{1});
        QVERIFY(comes(StateChanged{1, JobState::Cancelling}));
        QVERIFY(comes(Failed{1, ErrorCode::Cancelled, "Cancelled."}));
    }

    void badLinesAreAnsweredAndTheNextIsRead() {
        say("rubbish");
        say(R"({"request":"decompose","id":4})");
        say(std::string(kMaxLineBytes + 10, 'x'));
        say("");
        ask(Ping{5});
        for (const JobId id : {JobId(0), JobId(4), JobId(0)}) {
            const auto event = next();
            QVERIFY(event);
            QCOMPARE(std::get<Failed>(*event).id, id);
        }
        QVERIFY(comes(Pong{5}));
    }

    void whatAJobThrowsIsItsFailure() {
        ask(job(1, "/throw"));
        ask(job(2, "/memory"));
        ask(job(3, "/quick"));
        std::vector<Event> ends;
        while (ends.size() < 3) {
            const auto event = next();
            QVERIFY(event);
            if (!std::holds_alternative<StateChanged>(*event))
                ends.push_back(*event);
        }
        QVERIFY(ends[0] ==
                Event(Failed{1, ErrorCode::Internal, "Something unexpected happened: first line"}));
        QCOMPARE(std::get<Failed>(ends[1]).code, ErrorCode::OutOfMemory);
        QVERIFY(ends[2] == Event(Finished{3, framesDone(7)}));
    }

    void modelsAreListedDuringWork() {
        ask(job(1));
        ask(ListModels{2});
        while (const auto event = next())
            if (const auto* list = std::get_if<ModelList>(&*event)) {
                QCOMPARE(list->models.size(), std::size_t(1));
                return;
            }
        QFAIL("no list came");
    }

    void theEndOfInputCancelsAndEnds() {
        ask(job(1));
        ask(job(2));
        QVERIFY(comes(StateChanged{1, JobState::Queued}));
        closeInput();
        QVERIFY(endsSoon());
        int cancelled = 0;
        ::close(std::exchange(m_fromServer[1], ::dup(STDERR_FILENO)));
        while (const auto event = next())
            cancelled += std::holds_alternative<Failed>(*event);
        QCOMPARE(cancelled, 2);
    }

    void aShutdownEnds() {
        ask(job(1));
        ask(Shutdown{});
        QVERIFY(endsSoon());
    }

    void aStopRequestEnds() {
        ask(job(1));
        QVERIFY(comes(StateChanged{1, JobState::Queued}));
        m_stop.request_stop();
        QVERIFY(endsSoon());
    }

    void aClientThatIsGoneEndsIt() {
        ask(job(1));
        QVERIFY(comes(StateChanged{1, JobState::Queued}));
        ::close(std::exchange(m_fromServer[0], ::dup(STDERR_FILENO)));
        QVERIFY(endsSoon());
    }
};

QTEST_GUILESS_MAIN(TestServer)
#include "test_server.moc"
