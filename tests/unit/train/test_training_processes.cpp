// SPDX-License-Identifier: Apache-2.0
#include <torch/torch.h>

#include "engine/formats/safetensors.h"
#include "tests/unit/train/made_up_clips.h"

#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <unistd.h>

using namespace strata;
namespace fs = std::filesystem;

namespace {

constexpr int kJointBatch = 4;

TrainingConfig jointTraining(int processes) {
    TrainingConfig config = test::tinyTraining();
    config.batch = kJointBatch / processes;
    config.checkpointEvery = 2;
    return config;
}

/// What each of the processes does: a training as the environment says; the process STRATA_DIES
/// kills itself after three steps.
Status work() {
    torch::set_num_threads(1);
    STRATA_ASSIGN(const auto place,
                  placeFromEnvironment([](const char* n) { return std::getenv(n); }));
    STRATA_ASSIGN(const auto group, ProcessGroup::join(*place, false));
    test::MadeUpClips clips;
    TrainingParts parts;
    parts.source = &clips;
    parts.body = test::squareBody();
    parts.folder = std::getenv("STRATA_FOLDER");
    parts.group = group.get();
    parts.overlap = !std::getenv("STRATA_NO_OVERLAP");
    STRATA_ASSIGN(const auto trainer, Trainer::create(jointTraining(group->size()), parts));
    const char* dies = std::getenv("STRATA_DIES");
    const bool mine = dies && std::atoi(dies) == group->rank();
    return trainer->run({{}, [&](const Progress& progress) {
                             if (mine && progress.done == 3)
                                 ::kill(::getpid(), SIGKILL);
                         }});
}

int workAndReport() {
    const Status done = work();
    if (!done)
        std::fprintf(stderr, "%s\n", done.error().message.c_str());
    std::fflush(stderr);
    ::_exit(done ? 0 : 1); // as a program that lost a peer must: without waiting for it
}

int somePort() { // seldom used by others
    return 20000 + int(::getpid() * 7919L % 20000);
}

struct Worker {
    int code = 0;
    std::string said;
};

std::vector<Worker> together(int count, const QString& folder, const char* dies = nullptr,
                             bool overlap = true) {
    static int used = 0;
    const int port = somePort() + used++;
    std::vector<std::unique_ptr<QProcess>> processes;
    for (int rank = 0; rank < count; ++rank) {
        auto environment = QProcessEnvironment::systemEnvironment();
        const auto set = [&](const char* name, const QString& value) {
            environment.insert(name, value);
        };
        set("STRATA_WORKER", "1");
        set("STRATA_FOLDER", folder);
        set("RANK", QString::number(rank));
        set("WORLD_SIZE", QString::number(count));
        set("MASTER_ADDR", "127.0.0.1");
        set("MASTER_PORT", QString::number(port));
        set("STRATA_TIMEOUT", "60");
        set("OMP_NUM_THREADS", "1");
        if (dies)
            set("STRATA_DIES", dies);
        if (!overlap)
            set("STRATA_NO_OVERLAP", "1");
        auto process = std::make_unique<QProcess>();
        process->setProcessEnvironment(environment);
        process->start(QCoreApplication::applicationFilePath(), {});
        processes.push_back(std::move(process));
    }
    std::vector<Worker> out;
    for (auto& process : processes) {
        const bool ended = process->waitForFinished(120000);
        if (!ended)
            process->kill();
        const bool exited = ended && process->exitStatus() == QProcess::NormalExit;
        out.push_back(
            {exited ? process->exitCode() : -1, process->readAllStandardError().toStdString()});
    }
    return out;
}

std::string reports(const std::vector<Worker>& workers) {
    std::string out;
    for (const auto& worker : workers)
        out += "[" + std::to_string(worker.code) + "] " + worker.said + "\n";
    return out;
}

fs::path checkpointOf(const QString& folder) {
    return CheckpointStore(fs::path(folder.toStdString()) / "checkpoints", 9).latest().value_or("");
}

double largestDifference(const fs::path& a, const fs::path& b, const std::string& prefix) {
    const auto left = readSafetensors(a), right = readSafetensors(b);
    if (!left || !right || left->size() != right->size())
        return 1e9;
    double most = 0;
    for (const auto& [name, array] : *left) {
        if (!name.starts_with(prefix))
            continue;
        const auto x = array.toFloats(), y = right->at(name).toFloats();
        for (std::size_t i = 0; i < x.size(); ++i)
            most = std::max(most, double(std::abs(x[i] - y[i])));
    }
    return most;
}

} // namespace

class TestTrainingProcesses : public QObject {
    Q_OBJECT

    /// One process with the joint batch.
    Status alone(const QString& folder) {
        torch::set_num_threads(1);
        test::MadeUpClips clips;
        TrainingParts parts;
        parts.source = &clips;
        parts.body = test::squareBody();
        parts.folder = folder.toStdString();
        STRATA_ASSIGN(const auto trainer, Trainer::create(jointTraining(1), parts));
        return trainer->run({});
    }

private Q_SLOTS:
    void initTestCase() {
        if (!ProcessGroup::available())
            QSKIP("built without Gloo");
    }

    void manyProcessesLearnWhatOneLearnsFromTheJointBatch_data() {
        QTest::addColumn<int>("count");
        QTest::addColumn<bool>("overlap");
        QTest::newRow("two") << 2 << true;
        QTest::newRow("four") << 4 << true;
        QTest::newRow("two, one after the other") << 2 << false;
    }
    void manyProcessesLearnWhatOneLearnsFromTheJointBatch() {
        QFETCH(int, count);
        QFETCH(bool, overlap);
        QTemporaryDir one, many;
        QVERIFY(alone(one.path()));
        const auto workers = together(count, many.path(), nullptr, overlap);
        for (const auto& worker : workers)
            QVERIFY2(worker.code == 0, reports(workers).c_str());
        for (const char* prefix : {"value/", "average/"}) {
            const double difference =
                largestDifference(checkpointOf(one.path()), checkpointOf(many.path()), prefix);
            QVERIFY2(difference < 2e-5, std::to_string(difference).c_str());
        }
    }

    void whenOneEndsAllEndAndCanGoOn_data() {
        QTest::addColumn<QByteArray>("dies");
        QTest::newRow("first") << QByteArray("0");
        QTest::newRow("other") << QByteArray("1");
    }
    void whenOneEndsAllEndAndCanGoOn() {
        QFETCH(QByteArray, dies);
        QTemporaryDir one, many;
        QVERIFY(alone(one.path()));
        const auto workers = together(2, many.path(), dies.constData());
        const auto& left = workers[dies == "0" ? 1 : 0];
        QVERIFY2(left.code == 1, reports(workers).c_str());
        QVERIFY2(left.said.find("Another process of this training has ended") != std::string::npos,
                 left.said.c_str());
        const auto saved = checkpointOf(many.path()).filename().string();
        QCOMPARE(saved, std::string(dies == "0" ? "step_0000000002.safetensors"
                                                : "step_0000000003.safetensors"));
        const auto again = together(2, many.path());
        for (const auto& worker : again)
            QVERIFY2(worker.code == 0, reports(again).c_str());
        const double difference =
            largestDifference(checkpointOf(one.path()), checkpointOf(many.path()), "value/");
        QVERIFY2(difference < 2e-5, std::to_string(difference).c_str());
    }
};

int main(int argc, char** argv) {
    if (std::getenv("STRATA_WORKER"))
        return workAndReport();
    QCoreApplication application(argc, argv);
    TestTrainingProcesses test;
    return QTest::qExec(&test, argc, argv);
}
#include "test_training_processes.moc"
