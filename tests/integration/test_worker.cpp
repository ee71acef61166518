// SPDX-License-Identifier: Apache-2.0
// The real worker at the bundled sample, once as bare lines and then through the editor's client:
// what it tells is there, it stops when told to, and a kill loses nothing that was finished.
#include "engine/protocol/codec.h"
#include "tests/integration/program.h"
#include "ui/bridge/engine_client.h"

#include <QElapsedTimer>
#include <QFileInfo>
#include <QSignalSpy>
#include <QTest>

#include <csignal>
#include <map>
#include <set>

using namespace strata;
using namespace strata::ui;
using namespace strata::protocol;

namespace {

constexpr FrameRange kFrames{30, 40};
constexpr int kPatienceMs = STRATA_SLOWDOWN * 60000;

Decompose sampleJob(JobId id = 0) {
    return {id, {Program::sample("walk.mp4").toStdString(), kFrames, {}, {}}, {}, false};
}

/// The worker as a plain process.
class RawWorker {
public:
    explicit RawWorker(const Program& program) {
        m_process.setProcessEnvironment(program.environment);
        m_process.start(STRATA_PROGRAM, {"worker"});
    }
    ~RawWorker() {
        m_process.kill();
        m_process.waitForFinished();
    }

    void say(const QByteArray& line) {
        m_process.write(line + '\n');
        m_process.waitForBytesWritten();
    }
    void ask(const Request& request) { say(QByteArray::fromStdString(encode(request))); }
    /// The next event; nothing when none comes, or what comes is no event.
    std::optional<Event> next(int timeoutMs = kPatienceMs) {
        QElapsedTimer timer;
        timer.start();
        while (!m_process.canReadLine())
            if (timer.elapsed() > timeoutMs || !m_process.waitForReadyRead(timeoutMs))
                return {};
        const auto event = decodeEvent(m_process.readLine().trimmed().toStdString());
        return event ? std::optional(*event) : std::nullopt;
    }
    template <typename T>
    std::optional<T> nextOf(int timeoutMs = kPatienceMs) {
        while (const auto event = next(timeoutMs))
            if (const auto* wanted = std::get_if<T>(&*event))
                return *wanted;
        return {};
    }
    QProcess& process() { return m_process; }

private:
    QProcess m_process;
};

/// What a client is told about chunks.
struct Chunks {
    explicit Chunks(EngineClient& client) {
        QObject::connect(&client, &EngineClient::chunkReady, [this](const ChunkStored& chunk) {
            all.push_back(chunk);
            if (whenStored)
                whenStored(chunk);
        });
    }
    std::set<std::string> stages() const {
        std::set<std::string> names;
        for (const auto& chunk : all)
            names.insert(chunk.stage);
        return names;
    }
    std::vector<ChunkStored> all;
    std::function<void(const ChunkStored&)> whenStored;
};

} // namespace

class TestWorker : public QObject {
    Q_OBJECT

    std::unique_ptr<Program> m_program;
    std::unique_ptr<EngineClient> m_client;
    std::unique_ptr<Chunks> m_chunks;

    void makeClient() {
        EngineClient::Settings settings;
        settings.program = STRATA_PROGRAM;
        settings.hungAfterMs = STRATA_SLOWDOWN * 30000; // a machine that tests run on may be busy
        m_client = std::make_unique<EngineClient>(settings);
        m_chunks = std::make_unique<Chunks>(*m_client);
        m_client->start();
    }
    bool finishes(JobId id) {
        QSignalSpy finished(m_client.get(), &EngineClient::jobFinished);
        QSignalSpy failed(m_client.get(), &EngineClient::jobFailed);
        const bool ended = QTest::qWaitFor([&] { return !finished.isEmpty() || !failed.isEmpty(); },
                                           STRATA_SLOWDOWN * 900000);
        if (!failed.isEmpty())
            qWarning("%s", qPrintable(failed.front().at(2).toString()));
        return ended && !finished.isEmpty() && finished.front().front().value<JobId>() == id;
    }
    static Preview previewOf(std::int64_t frame) {
        Preview preview;
        preview.edit.clip = sampleJob().clip;
        preview.edit.identity = Program::sample("identity_1.jpg").toStdString();
        preview.show = {frame, frame + 1};
        return preview;
    }

private Q_SLOTS:
    void initTestCase() {
        m_program = std::make_unique<Program>();
        if (!m_program->hasModels())
            QSKIP("the lite models are not installed");
        qputenv("STRATA_CACHE", m_program->path("cache").toUtf8());
    }

    void cleanup() {
        m_client.reset();
        m_chunks.reset();
    }

    void itAnswersWhileItWorks() {
        QElapsedTimer timer;
        timer.start();
        RawWorker worker(*m_program);
        const auto hello = worker.next();
        QVERIFY(hello && std::holds_alternative<Hello>(*hello));
        qInfo("ready after %lld ms", static_cast<long long>(timer.elapsed()));
        QVERIFY(!std::get<Hello>(*hello).models.empty());
        worker.say("what?");
        const auto refused = worker.nextOf<Failed>();
        QVERIFY(refused && refused->id == 0);

        worker.ask(sampleJob(1));
        QVERIFY(worker.nextOf<ProgressMade>()); // the networks are at it
        std::vector<double> answers;
        for (JobId id = 2; id < 42; ++id) {
            timer.start();
            worker.ask(Ping{id});
            const auto pong = worker.nextOf<Pong>();
            QVERIFY(pong && pong->id == id);
            answers.push_back(double(timer.nsecsElapsed()) / 1e6);
            QTest::qSleep(20);
        }
        std::ranges::sort(answers);
        qInfo("pong after %.2f ms in the middle, %.2f ms at most", answers[answers.size() / 2],
              answers.back());

        timer.start();
        worker.ask(Cancel{1});
        const auto state = worker.nextOf<StateChanged>();
        QVERIFY(state && state->state == JobState::Cancelling);
        qInfo("cancel acknowledged after %.2f ms", double(timer.nsecsElapsed()) / 1e6);
        const auto failed = worker.nextOf<Failed>();
        QVERIFY(failed && failed->code == ErrorCode::Cancelled);
        qInfo("cancelled after %lld ms", static_cast<long long>(timer.elapsed()));

        worker.ask(sampleJob(50));
        QVERIFY(worker.nextOf<ProgressMade>());
        worker.process().closeWriteChannel();
        while (worker.process().state() != QProcess::NotRunning || worker.process().canReadLine())
            if (!worker.next())
                break; // and nothing but events came
        QVERIFY(worker.process().state() == QProcess::NotRunning ||
                worker.process().waitForFinished(kPatienceMs));
        QCOMPARE(worker.process().bytesAvailable(), qint64(0));
        QCOMPARE(worker.process().exitStatus(), QProcess::NormalExit);
        QCOMPARE(worker.process().exitCode(), 0);
    }

    void aKilledWorkerLosesNothingThatWasFinished() {
        makeClient();
        QSignalSpy lost(m_client.get(), &EngineClient::workerLost);
        QSignalSpy people(m_client.get(), &EngineClient::peopleFound);
        const JobId id = m_client->decompose(sampleJob());
        // In mid-work at the second stage of many, and again later.
        std::set<std::string> before;
        bool killed = false;
        m_chunks->whenStored = [&](const ChunkStored& chunk) {
            if (!killed)
                before.insert(chunk.key);
            if (chunk.stage == "depth" && !std::exchange(killed, true))
                ::kill(pid_t(m_client->processId()), SIGKILL);
        };
        QVERIFY(finishes(id));
        QCOMPARE(lost.size(), 1);
        QVERIFY(before.size() >= 5); // people, matte, steady, camera, depth

        std::map<std::string, int> computed;
        for (const ChunkStored& chunk : m_chunks->all) {
            computed[chunk.key] += chunk.computed;
            QVERIFY((chunk.frames == kFrames)); // short of a whole chunk
            QVERIFY(!chunk.files.empty());
            for (const std::string& file : chunk.files)
                QVERIFY2(QFileInfo::exists(QString::fromStdString(chunk.folder + "/" + file)),
                         file.c_str());
        }
        for (const auto& [key, times] : computed) // what was stored before the kill, only then
            QVERIFY2(times <= 1, key.c_str());
        QCOMPARE(m_chunks->stages(), (std::set<std::string>{"people", "matte", "steady", "camera",
                                                            "depth", "body", "layers", "plate"}));
        QVERIFY(people.size() >= 1);
        const auto found = people.front().front().value<PeopleFound>();
        QVERIFY(found.people.size() == 1 && found.people[0].main);
        QVERIFY(kFrames.contains(found.people[0].bestFrame));
        QVERIFY(found.people[0].bestBox.height > 100);
    }

    void aSecondTimeEverythingIsFound() {
        makeClient();
        QElapsedTimer timer;
        timer.start();
        QVERIFY(finishes(m_client->decompose(sampleJob())));
        qInfo("all of it out of the cache, start of the worker included: %lld ms",
              static_cast<long long>(timer.elapsed()));
        QVERIFY(!m_chunks->all.empty());
        for (const ChunkStored& chunk : m_chunks->all)
            QVERIFY2(!chunk.computed, chunk.stage.c_str());
    }

    void previewsDrawSingleFrames() {
        makeClient();
        for (const std::int64_t frame : {35, 36, 35}) {
            m_chunks->all.clear();
            QElapsedTimer timer;
            timer.start();
            QVERIFY(finishes(m_client->preview(previewOf(frame))));
            qInfo("frame %lld: %lld ms", static_cast<long long>(frame),
                  static_cast<long long>(timer.elapsed()));
            const ChunkStored& shown = m_chunks->all.back();
            QCOMPARE(shown.stage, std::string("preview"));
            QVERIFY((shown.frames == FrameRange{frame, frame + 1}));
            QCOMPARE(shown.files, std::vector<std::string>{"frame.png"});
            QVERIFY(QFileInfo::exists(QString::fromStdString(shown.folder + "/frame.png")));
        }
        QVERIFY(!m_chunks->all.back().computed); // 35 again
        QSignalSpy failed(m_client.get(), &EngineClient::jobFailed);
        m_client->preview(previewOf(kFrames.end)); // not in the clip
        QVERIFY(failed.wait(kPatienceMs));
        QCOMPARE(failed.front().at(1).value<ErrorCode>(), ErrorCode::Usage);
    }

    void anEditIsWritten() {
        makeClient();
        const QString out = m_program->path("new.mp4");
        Edit edit;
        edit.edit = previewOf(35).edit;
        edit.out = out.toStdString();
        QVERIFY(finishes(m_client->edit(edit)));
        QVERIFY(QFileInfo(out).size() > 1000);
        QVERIFY(m_chunks->stages().contains("render"));
    }

    void whatCannotBeDoneIsSaid() {
        makeClient();
        QSignalSpy failed(m_client.get(), &EngineClient::jobFailed);
        Decompose missing = sampleJob();
        missing.clip.video = "/nowhere/clip.mp4";
        m_client->decompose(missing);
        QVERIFY(failed.wait(kPatienceMs));
        QVERIFY(failed.front().at(2).toString().contains("/nowhere/clip.mp4"));
    }
};

QTEST_GUILESS_MAIN(TestWorker)
#include "test_worker.moc"
