// SPDX-License-Identifier: Apache-2.0
#include "ui/bridge/worker_process.h"

#include "engine/protocol/codec.h"

#include <QProcessEnvironment>

#include <utility>

#include <sys/resource.h>

namespace strata::ui {
namespace {

constexpr int kMostUnknown = 100;      // lines in a row that are no messages
constexpr int kMostLogBytes = 1 << 14; // of a line on standard error
constexpr int kPartingMs = 200;        // for a worker whose editor closes
constexpr int kWorkerNice = 5;         // of 19

/// With what the worker would otherwise set for itself by starting a second time.
QProcessEnvironment workerEnvironment() {
    auto environment = QProcessEnvironment::systemEnvironment();
    if (!environment.contains("OMP_WAIT_POLICY") && !environment.contains("GOMP_SPINCOUNT"))
        environment.insert("OMP_WAIT_POLICY", "passive");
    return environment;
}

QString endOf(QProcess& process) {
    if (process.exitStatus() == QProcess::CrashExit)
        return WorkerProcess::tr("The worker crashed.");
    return WorkerProcess::tr("The worker ended by itself with code %1.").arg(process.exitCode());
}

} // namespace

WorkerProcess::WorkerProcess(Settings settings, QObject* parent)
    : QObject(parent)
    , m_settings(std::move(settings)) {
    for (QTimer* timer : {&m_helloTimer, &m_shutdownTimer})
        timer->setSingleShot(true);
    // It uses every core, and threads that it makes get what it has: the editor's come first.
    connect(&m_process, &QProcess::started, this,
            [this] { ::setpriority(PRIO_PROCESS, id_t(m_process.processId()), kWorkerNice); });
    connect(&m_process, &QProcess::readyReadStandardOutput, this, &WorkerProcess::readMessages);
    connect(&m_process, &QProcess::readyReadStandardError, this, &WorkerProcess::readLog);
    connect(&m_process, &QProcess::finished, this, [this] {
        readMessages();
        readLog();
        finish(m_reason.isEmpty() ? withLastWords(endOf(m_process)) : m_reason);
    });
    connect(&m_process, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error != QProcess::FailedToStart)
            return; // finished() follows
        m_end = End::NotStarted;
        finish(tr("The worker %1 cannot be started: %2.")
                   .arg(m_settings.program, m_process.errorString()));
    });
    connect(&m_helloTimer, &QTimer::timeout, this, [this] {
        giveUp(End::Failed, withLastWords(tr("The worker did not introduce itself in time.")));
    });
    connect(&m_pulse, &QTimer::timeout, this, &WorkerProcess::checkPulse);
    connect(&m_shutdownTimer, &QTimer::timeout, &m_process, &QProcess::kill);
}

WorkerProcess::~WorkerProcess() {
    m_process.disconnect(this);
    if (m_process.state() == QProcess::NotRunning)
        return;
    m_process.closeWriteChannel();
    if (!m_process.waitForFinished(kPartingMs))
        m_process.kill(); // QProcess waits for the rest
}

void WorkerProcess::start() {
    if (m_ending)
        return finish(m_reason);
    m_helloTimer.start(m_settings.helloTimeoutMs);
    m_process.setProcessEnvironment(workerEnvironment());
    m_process.start(m_settings.program, m_settings.arguments);
}

void WorkerProcess::send(const protocol::Request& request) {
    if (m_ending || m_process.state() != QProcess::Running)
        return;
    m_process.write(QByteArray::fromStdString(protocol::encode(request) + '\n'));
}

void WorkerProcess::askToEnd() {
    if (m_ended || m_ending)
        return;
    if (m_ready)
        send(protocol::Shutdown{});
    m_ending = true;
    m_end = End::Asked;
    m_reason = tr("The worker was asked to end.");
    m_helloTimer.stop();
    m_pulse.stop();
    m_shutdownTimer.start(m_settings.shutdownMs);
    m_process.closeWriteChannel(); // once what is written has gone out
}

void WorkerProcess::readMessages() {
    // At most what the pipe holds: QProcess reads no further before this returns.
    const QByteArray bytes = m_process.readAllStandardOutput();
    m_lines.add({bytes.constData(), std::size_t(bytes.size())});
    while (const auto line = m_lines.next())
        if (!m_ending)
            handleLine(*line);
}

void WorkerProcess::handleLine(const protocol::LineReader::Line& line) {
    if (line.tooLong)
        return handleUnknown(tr("a line that is too long"));
    const auto event = protocol::decodeEvent(line.text);
    if (!event)
        return handleUnknown(QString::fromStdString(line.text.substr(0, 200)));
    if (const auto* hello = std::get_if<protocol::Hello>(&*event))
        return handleHello(*hello);
    if (!m_ready)
        return handleUnknown(QString::fromStdString(line.text.substr(0, 200)));
    m_unknownInARow = 0;
    if (std::holds_alternative<protocol::Pong>(*event))
        m_lastPong.restart();
    else
        Q_EMIT received(*event);
}

void WorkerProcess::handleUnknown(const QString& what) {
    Q_EMIT logged(tr("The worker said what is not understood: %1").arg(what));
    if (++m_unknownInARow >= kMostUnknown)
        giveUp(End::Failed, tr("The worker does not speak the protocol."));
}

void WorkerProcess::handleHello(const protocol::Hello& hello) {
    if (hello.protocol != protocol::kVersion)
        return giveUp(End::WrongVersion,
                      tr("The worker %1 speaks version %2 of the protocol and this program "
                         "version %3; both must come from the same version of Strata.")
                          .arg(m_settings.program)
                          .arg(hello.protocol)
                          .arg(protocol::kVersion));
    if (std::exchange(m_ready, true))
        return;
    m_unknownInARow = 0;
    m_helloTimer.stop();
    m_readySince.start();
    m_lastPong.start();
    m_lastPulse.start();
    m_pulse.start(m_settings.pingEveryMs);
    Q_EMIT ready(hello);
}

void WorkerProcess::checkPulse() {
    // After a pause of this program itself (the computer slept, say) the worker gets its time anew.
    if (m_lastPulse.restart() > 2 * m_settings.pingEveryMs)
        m_lastPong.restart();
    if (m_lastPong.elapsed() > m_settings.hungAfterMs)
        return giveUp(End::Failed,
                      withLastWords(tr("The worker did not answer for %n seconds.", nullptr,
                                       qRound(m_settings.hungAfterMs / 1000.0))));
    send(protocol::Ping{++m_lastPing});
}

void WorkerProcess::readLog() {
    m_logRest += m_process.readAllStandardError();
    qsizetype begin = 0;
    for (auto end = m_logRest.indexOf('\n'); end >= 0; end = m_logRest.indexOf('\n', begin)) {
        m_lastWords = QString::fromUtf8(m_logRest.mid(begin, end - begin)).trimmed();
        begin = end + 1;
        if (!m_lastWords.isEmpty())
            Q_EMIT logged(m_lastWords);
    }
    m_logRest.remove(0, begin);
    if (m_logRest.size() > kMostLogBytes)
        m_logRest.clear();
}

void WorkerProcess::giveUp(End end, const QString& reason) {
    if (m_ending)
        return;
    m_ending = true;
    m_end = end;
    m_reason = reason;
    m_process.kill();
}

void WorkerProcess::finish(const QString& reason) {
    if (std::exchange(m_ended, true))
        return;
    m_ending = true;
    m_helloTimer.stop();
    m_pulse.stop();
    m_shutdownTimer.stop();
    Q_EMIT ended(m_end, reason);
}

QString WorkerProcess::withLastWords(const QString& sentence) const {
    return m_lastWords.isEmpty() ? sentence
                                 : tr("%1 Its last words: %2").arg(sentence, m_lastWords);
}

} // namespace strata::ui
