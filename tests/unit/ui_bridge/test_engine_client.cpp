// SPDX-License-Identifier: Apache-2.0
// The client against a worker that does what it is told, also wrong things.
#include "ui/bridge/engine_client.h"

#include <QElapsedTimer>
#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>

using namespace strata;
using namespace strata::ui;
using protocol::Decompose;
using State = EngineClient::State;

namespace {

Decompose clip(const std::string& video) { return {0, {video, {}, {}, {}}, {}, false}; }

/// Everything the client said about jobs and the worker, in order.
class Diary {
public:
    explicit Diary(EngineClient& client) {
        const auto on = [&](auto signal, auto write) { QObject::connect(&client, signal, write); };
        on(&EngineClient::workerReady, [this](const auto&) { lines << "ready"; });
        on(&EngineClient::workerLost, [this](const QString& why) {
            lines << "lost";
            reasons << why;
        });
        on(&EngineClient::workerRestarted, [this] { lines << "restarted"; });
        on(&EngineClient::workerUnavailable, [this](const QString& why) {
            lines << "unavailable";
            reasons << why;
        });
        on(&EngineClient::jobStarted, [this](JobId id) { lines << QString("started %1").arg(id); });
        on(&EngineClient::jobFinished, [this](JobId id, const protocol::JobReport& report) {
            lines << QString("finished %1 %2").arg(id).arg(QString::fromStdString(report.out));
        });
        on(&EngineClient::jobFailed, [this](JobId id, ErrorCode, const QString& why) {
            lines << QString("failed %1").arg(id);
            reasons << why;
        });
        on(&EngineClient::jobCancelled,
           [this](JobId id) { lines << QString("cancelled %1").arg(id); });
        on(&EngineClient::jobPaused, [this](JobId id) { lines << QString("paused %1").arg(id); });
        on(&EngineClient::workerLogged, [this](const QString& line) { logged << line; });
    }

    bool waitFor(const QString& line, int timeoutMs = 10000) const {
        return QTest::qWaitFor([&] { return lines.contains(line); }, timeoutMs);
    }

    QStringList lines, reasons, logged;
};

} // namespace

class TestEngineClient : public QObject {
    Q_OBJECT

    std::unique_ptr<EngineClient> m_client;
    std::unique_ptr<Diary> m_diary;

    void make(const QStringList& script, const QString& program = STRATA_FAKE_WORKER) {
        EngineClient::Settings settings;
        settings.program = program;
        settings.arguments = script;
        settings.firstDelayMs = 20;
        settings.maxDelayMs = 100;
        m_client = std::make_unique<EngineClient>(settings);
        m_diary = std::make_unique<Diary>(*m_client);
    }
    void make(const QStringList& script, int helloMs, int pingMs, int hungMs) {
        EngineClient::Settings settings;
        settings.program = STRATA_FAKE_WORKER;
        settings.arguments = script;
        settings.firstDelayMs = 20;
        settings.maxDelayMs = 100;
        settings.helloTimeoutMs = helloMs;
        settings.pingEveryMs = pingMs;
        settings.hungAfterMs = hungMs;
        m_client = std::make_unique<EngineClient>(settings);
        m_diary = std::make_unique<Diary>(*m_client);
    }
    const QStringList& diary() const { return m_diary->lines; }

private Q_SLOTS:
    void cleanup() {
        m_client.reset();
        m_diary.reset();
    }

    void aWorkerIntroducesItself() {
        make({});
        QCOMPARE(m_client->state(), State::Stopped);
        m_client->start();
        QCOMPARE(m_client->state(), State::Starting);
        QVERIFY(m_diary->waitFor("ready"));
        QCOMPARE(m_client->state(), State::Ready);
        QCOMPARE(m_client->worker().program, std::string("fake 1"));
        QCOMPARE(m_client->worker().models.size(), std::size_t(1));
    }

    void aJobTellsItsStory() {
        make({"steps=10", "step_ms=60"});
        QSignalSpy queued(m_client.get(), &EngineClient::jobQueued);
        QSignalSpy progressed(m_client.get(), &EngineClient::jobProgressed);
        QSignalSpy chunks(m_client.get(), &EngineClient::chunkReady);
        QSignalSpy people(m_client.get(), &EngineClient::peopleFound);
        m_client->start();
        const JobId id = m_client->decompose(clip("/März.mp4")); // before there is a worker
        QCOMPARE(m_client->jobs().size(), 1);
        QCOMPARE(m_client->jobs().front().phase, JobPhase::Waiting);
        QVERIFY(m_diary->waitFor("started 1"));
        QCOMPARE(m_client->jobs().front().phase, JobPhase::Running);
        QVERIFY(m_diary->waitFor("finished 1 /März.mp4"));
        QVERIFY(m_client->jobs().isEmpty());
        QCOMPARE(queued.size(), 1);
        QCOMPARE(people.size(), 1);
        QCOMPARE(chunks.size(), 10);
        const auto chunk = chunks.last().front().value<protocol::ChunkStored>();
        QCOMPARE(chunk.id, id);
        QVERIFY((chunk.frames == FrameRange{9, 10}));
        QVERIFY(progressed.size() >= 5);
        QCOMPARE(progressed.last().front().value<protocol::ProgressMade>().id, id);
        QCOMPARE(diary(), QStringList({"ready", "started 1", "finished 1 /März.mp4"}));
    }

    void jobsAreCancelledWhereverTheyAre() {
        make({"steps=1000", "step_ms=20"});
        const JobId unsent = m_client->decompose(clip("/0"));
        m_client->cancel(unsent);
        QVERIFY(m_diary->waitFor("cancelled 1"));
        m_client->start();
        const JobId running = m_client->decompose(clip("/a"));
        const JobId waiting = m_client->decompose(clip("/b"));
        QVERIFY(m_diary->waitFor("started 2"));
        m_client->cancel(waiting);
        QVERIFY(m_diary->waitFor("cancelled 3"));
        QElapsedTimer timer;
        timer.start();
        m_client->cancel(running);
        QCOMPARE(m_client->jobs().front().phase, JobPhase::Cancelling);
        m_client->cancel(running); // once is enough
        QVERIFY(m_diary->waitFor("cancelled 2"));
        qInfo("cancelled after %lld ms", static_cast<long long>(timer.elapsed()));
        QVERIFY(m_client->jobs().isEmpty());
        m_client->cancel(running); // nothing comes of it
        QTest::qWait(50);
        QCOMPARE(diary(),
                 QStringList({"cancelled 1", "ready", "started 2", "cancelled 3", "cancelled 2"}));
    }

    void aPausedJobGoesOn() {
        make({"steps=20", "step_ms=20"});
        m_client->start();
        const JobId id = m_client->decompose(clip("/a"));
        QVERIFY(m_diary->waitFor("started 1"));
        m_client->pause(id);
        QVERIFY(m_diary->waitFor("paused 1"));
        QCOMPARE(m_client->jobs().front().phase, JobPhase::Paused);
        m_client->resume(id);
        QVERIFY(m_diary->waitFor("finished 1 /a"));
        QCOMPARE(diary(),
                 QStringList({"ready", "started 1", "paused 1", "started 1", "finished 1 /a"}));
    }

    void theNewestPreviewWins() {
        make({"steps=50", "step_ms=10"});
        m_client->start();
        protocol::Preview preview;
        preview.edit.clip.video = std::string("/a");
        preview.edit.identity = std::string("/i");
        preview.show = {0, 1};
        for (int i = 0; i < 5; ++i)
            m_client->preview(preview);
        QVERIFY(m_diary->waitFor("started 5"));
        m_client->preview(preview);
        QVERIFY(m_diary->waitFor("finished 6 "));
        QCOMPARE(diary().filter("cancelled").size(), 5);
        QCOMPARE(diary().filter("finished").size(), 1);
    }

    void whatIsRefusedFails() {
        make({});
        m_client->start();
        m_client->decompose(clip(""));
        QVERIFY(m_diary->waitFor("failed 1"));
        QVERIFY(m_diary->reasons.front().contains("video"));
    }

    void modelsAreListed() {
        make({});
        QSignalSpy listed(m_client.get(), &EngineClient::modelsListed);
        m_client->listModels(); // as soon as there is a worker
        m_client->start();
        QVERIFY(listed.wait());
        m_client->listModels();
        QVERIFY(listed.wait());
        QCOMPARE(listed.size(), 2);
    }

    void aProgramThatIsNotThereIsToldAndFailsTheJobs() {
        make({}, "/nowhere/strata");
        m_client->decompose(clip("/a"));
        m_client->start();
        QVERIFY(m_diary->waitFor("failed 1"));
        QCOMPARE(diary(), QStringList({"unavailable", "failed 1"}));
        QVERIFY(m_diary->reasons.front().contains("/nowhere/strata"));
        QCOMPARE(m_client->state(), State::Unavailable);
        m_client->decompose(clip("/b"));
        QVERIFY(m_diary->waitFor("failed 2"));
    }

    void anotherVersionIsRefused() {
        make({"version=99"});
        m_client->start();
        QVERIFY(m_diary->waitFor("unavailable"));
        QVERIFY(m_diary->reasons.front().contains("99"));
        QCOMPARE(diary(), QStringList("unavailable")); // no second try
    }

    void aWorkerThatEndsAtOnceIsTriedAFewTimes() {
        make({"exit=3"});
        m_client->start();
        QVERIFY(m_diary->waitFor("unavailable"));
        QCOMPARE(diary().count("lost"), 4);
        QVERIFY2(m_diary->reasons.last().contains("no heart to begin"),
                 qPrintable(m_diary->reasons.last()));
    }

    void aMuteWorkerIsGivenUp() {
        make({"mute"}, 100, 1000, 5000);
        m_client->start();
        QVERIFY(m_diary->waitFor("unavailable"));
    }

    void aBabblerIsGivenUp() {
        make({"babble"});
        m_client->start();
        QVERIFY(m_diary->waitFor("unavailable"));
        QVERIFY(m_diary->reasons.last().contains("protocol"));
    }

    void aCrashIsToldAndTheJobsGoOn() {
        QTemporaryDir dir;
        make({"steps=20", "step_ms=5", "crash=10", "once=" + dir.filePath("struck")});
        m_client->start();
        m_client->decompose(clip("/a"));
        m_client->decompose(clip("/b"));
        QVERIFY(m_diary->waitFor("finished 2 /b"));
        QCOMPARE(diary(),
                 QStringList({"ready", "started 1", "lost", "ready", "restarted", "started 1",
                              "finished 1 /a", "started 2", "finished 2 /b"}));
        QVERIFY2(m_diary->reasons.front().contains("about to crash"),
                 qPrintable(m_diary->reasons.front()));
    }

    void aJobThatAlwaysCrashesIsGivenUpAndTheOthersGoOn() {
        make({"steps=3", "step_ms=1", "crash=1"});
        m_client->start();
        m_client->decompose(clip("/a"));
        QVERIFY(m_diary->waitFor("failed 1"));
        QCOMPARE(diary().count("lost"), 3);
        QVERIFY2(m_diary->reasons.contains(m_diary->reasons.last()) &&
                     m_diary->reasons.filter("3 times").size() == 1,
                 qPrintable(m_diary->reasons.join('\n')));
        QVERIFY(QTest::qWaitFor([&] { return m_client->state() == State::Ready; }, 5000));
        QVERIFY(!diary().contains("unavailable"));
    }

    void aCrashDuringACancelIsACancel() {
        make({"steps=1000", "step_ms=20", "hang=2"}, 10000, 50, 500);
        m_client->start();
        const JobId id = m_client->decompose(clip("/a"));
        QVERIFY(m_diary->waitFor("started 1"));
        QTest::qWait(200); // it hangs by now
        m_client->cancel(id);
        QVERIFY(m_diary->waitFor("cancelled 1"));
        QVERIFY(diary().indexOf("lost") < 0 ||
                diary().indexOf("cancelled 1") < diary().indexOf("lost"));
    }

    void aWorkerThatHangsIsReplaced() {
        QTemporaryDir dir;
        make({"steps=10", "step_ms=5", "hang=5", "once=" + dir.filePath("struck")}, 10000, 50, 500);
        m_client->start();
        m_client->decompose(clip("/a"));
        QVERIFY(m_diary->waitFor("finished 1 /a"));
        QCOMPARE(diary().count("lost"), 1);
        QVERIFY(m_diary->reasons.front().contains("did not answer"));
    }

    void garbageBetweenMessagesIsPassedOver() {
        make({"steps=10", "step_ms=5", "garbage=5"});
        m_client->start();
        m_client->decompose(clip("/a"));
        QVERIFY(m_diary->waitFor("finished 1 /a"));
        QCOMPARE(diary(), QStringList({"ready", "started 1", "finished 1 /a"}));
        QCOMPARE(m_diary->logged.size(), 3);
    }

    void aHealthyWorkerIsLeftAlone() {
        make({"steps=100", "step_ms=10"}, 10000, 20, 400);
        m_client->start();
        m_client->decompose(clip("/a"));
        QVERIFY(m_diary->waitFor("finished 1 /a"));
        QVERIFY(!diary().contains("lost"));
    }

    void stopAndStartAgain() {
        make({"steps=1000"});
        m_client->start();
        m_client->decompose(clip("/a"));
        QVERIFY(m_diary->waitFor("started 1"));
        m_client->stop();
        QCOMPARE(m_client->state(), State::Stopped);
        QVERIFY(m_client->jobs().isEmpty());
        m_client->start();
        QVERIFY(QTest::qWaitFor([&] { return diary().count("ready") == 2; }, 5000));
        QVERIFY(!diary().contains("lost"));
    }

    void theGuiThreadIsNotHeldUp() {
        make({"steps=2000", "step_ms=0"});
        m_client->start();
        QElapsedTimer timer;
        qint64 longest = 0;
        QTimer beat;
        beat.callOnTimeout([&] { longest = std::max(longest, timer.restart()); });
        beat.start(1);
        timer.start();
        m_client->decompose(clip("/a"));
        QVERIFY(m_diary->waitFor("finished 1 /a", 30000));
        qInfo("longest pause of the event loop during 2000 chunks: %lld ms",
              static_cast<long long>(longest));
    }
};

QTEST_GUILESS_MAIN(TestEngineClient)
#include "test_engine_client.moc"
