// SPDX-License-Identifier: Apache-2.0
#include "app/cli/worker/job_queue.h"

#include <QTest>

#include <thread>

using namespace strata;
using namespace strata::cli;
using namespace strata::protocol;

class TestJobQueue : public QObject {
    Q_OBJECT

    std::vector<Event> m_told;
    std::unique_ptr<JobQueue> m_queue;

    static Decompose decompose(JobId id) { return {id, {"/a.mp4", {}, {}, {}}, {}, false}; }
    static Preview preview(JobId id) { return {id, {}, {0, 1}}; }
    static Event queued(JobId id) { return StateChanged{id, JobState::Queued}; }
    static Event running(JobId id) { return StateChanged{id, JobState::Running}; }
    static Event cancelling(JobId id) { return StateChanged{id, JobState::Cancelling}; }
    static Event cancelledJob(JobId id) { return Failed{id, ErrorCode::Cancelled, "Cancelled."}; }
    static JobReport framesDone(std::int64_t frames) {
        JobReport report;
        report.frames = frames;
        return report;
    }
    /// What has been told since the last call.
    std::vector<Event> told() { return std::exchange(m_told, {}); }

private Q_SLOTS:
    void init() {
        m_told.clear();
        m_queue =
            std::make_unique<JobQueue>([this](const Event& event) { m_told.push_back(event); });
    }

    void jobsAreDoneInTheirOrder() {
        m_queue->submit(decompose(1));
        m_queue->submit(decompose(2));
        QCOMPARE(m_queue->take()->id, JobId(1));
        m_queue->finish(framesDone(9));
        QCOMPARE(m_queue->take()->id, JobId(2));
        m_queue->finish(Error{ErrorCode::Io, "The disk is full."});
        const std::vector<Event> expected = {
            queued(1),  queued(2),
            running(1), Finished{1, framesDone(9)},
            running(2), Failed{2, ErrorCode::Io, "The disk is full."}};
        QVERIFY(told() == expected);
    }

    void aWaitingJobIsCancelledAtOnce() {
        m_queue->submit(decompose(1));
        m_queue->submit(decompose(2));
        m_queue->cancel(1);
        QCOMPARE(m_queue->take()->id, JobId(2));
        QVERIFY((told() == std::vector<Event>{queued(1), queued(2), cancelledJob(1), running(2)}));
    }

    void aRunningJobIsAskedToStopOnce() {
        m_queue->submit(decompose(1));
        const auto taken = m_queue->take();
        QVERIFY(!taken->stop.stop_requested());
        m_queue->cancel(1);
        m_queue->cancel(1);
        QVERIFY(taken->stop.stop_requested());
        m_queue->finish(cancelled());
        QVERIFY(
            (told() == std::vector<Event>{queued(1), running(1), cancelling(1), cancelledJob(1)}));
        m_queue->cancel(1); // has ended
        QVERIFY(told().empty());
    }

    void theNextJobIsNotStoppedByTheCancelBefore() {
        m_queue->submit(decompose(1));
        m_queue->submit(decompose(2));
        (void)m_queue->take();
        m_queue->cancel(1);
        m_queue->finish(cancelled());
        QVERIFY(!m_queue->take()->stop.stop_requested());
    }

    void theNewestPreviewGoesFirstAndAlone() {
        m_queue->submit(preview(1));
        const auto first = m_queue->take();
        m_queue->submit(decompose(2));
        m_queue->submit(preview(3));
        QVERIFY(first->stop.stop_requested());
        m_queue->submit(preview(4));
        m_queue->finish(cancelled());
        QCOMPARE(m_queue->take()->id, JobId(4));
        m_queue->finish(JobReport{});
        QCOMPARE(m_queue->take()->id, JobId(2));
        const std::vector<Event> expected = {
            queued(1),       running(1),      queued(2),  queued(3),       cancelling(1), queued(4),
            cancelledJob(3), cancelledJob(1), running(4), Finished{4, {}}, running(2)};
        QVERIFY(told() == expected);
    }

    void anIdInUseIsRefusedWithoutHarm() {
        m_queue->submit(decompose(1));
        (void)told();
        m_queue->submit(decompose(1));
        const auto events = told();
        QCOMPARE(events.size(), std::size_t(1));
        QCOMPARE(std::get<Failed>(events[0]).id, JobId(0)); // the job of that id goes on
        QCOMPARE(m_queue->take()->id, JobId(1));
    }

    void thereIsAnEndToWaiting() {
        for (JobId id = 1; id <= JobQueue::kMaxWaiting + 1; ++id)
            m_queue->submit(decompose(id));
        QCOMPARE(std::get<Failed>(m_told.back()).id, JobId(JobQueue::kMaxWaiting + 1));
    }

    void closingCancelsEverythingAndWakesTheEngine() {
        std::jthread engine([this] {
            while (const auto job = m_queue->take()) {
                while (!job->stop.stop_requested())
                    std::this_thread::yield();
                m_queue->finish(cancelled());
            }
        });
        m_queue->submit(decompose(1));
        m_queue->submit(decompose(2));
        m_queue->close();
        engine.join();
        m_queue->submit(decompose(3));
        int ended = 0;
        for (const Event& event : m_told)
            ended += std::holds_alternative<Failed>(event);
        QCOMPARE(ended, 3);
    }
};

QTEST_GUILESS_MAIN(TestJobQueue)
#include "test_job_queue.moc"
