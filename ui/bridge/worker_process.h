// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/protocol/line_reader.h"
#include "engine/protocol/messages.h"

#include <QElapsedTimer>
#include <QObject>
#include <QProcess>
#include <QString>
#include <QStringList>
#include <QTimer>

namespace strata::ui {

/// One worker from its start to its end: starts the program, checks how it introduces itself, turns
/// its lines into messages and watches that it answers. Never blocks but in its destructor.
class WorkerProcess : public QObject {
    Q_OBJECT

public:
    struct Settings {
        QString program;
        QStringList arguments;
        int helloTimeoutMs = 0, pingEveryMs = 0, hungAfterMs = 0, shutdownMs = 0;
    };

    enum class End {
        Asked,        // askToEnd()
        NotStarted,   // there is no such program, or it may not be run
        WrongVersion, // of the protocol
        Failed,       // it crashed, exited, hung or does not speak the protocol
    };

    explicit WorkerProcess(Settings settings, QObject* parent = nullptr);
    ~WorkerProcess() override;

    void start();
    void send(const protocol::Request& request);
    /// Kills it, if it has not ended by itself in time.
    void askToEnd();

    qint64 processId() const { return m_process.processId(); }
    bool isReady() const { return m_ready; }
    /// Milliseconds since it became ready; 0 before.
    qint64 readyForMs() const { return m_ready ? m_readySince.elapsed() : 0; }

Q_SIGNALS:
    void ready(const strata::protocol::Hello& hello);
    /// What it says once it is ready, pongs left out.
    void received(const strata::protocol::Event& event);
    /// A line on standard error, or one that is not understood.
    void logged(const QString& line);
    /// The last signal, exactly once; `reason` is a sentence.
    void ended(strata::ui::WorkerProcess::End end, const QString& reason);

private:
    void readMessages();
    void readLog();
    void handleLine(const protocol::LineReader::Line& line);
    void handleUnknown(const QString& what);
    void handleHello(const protocol::Hello& hello);
    void checkPulse();
    /// Kills the process; ended() follows with this reason.
    void giveUp(End end, const QString& reason);
    void finish(const QString& reason);
    QString withLastWords(const QString& sentence) const;

    Settings m_settings;
    QProcess m_process;
    protocol::LineReader m_lines;
    QTimer m_helloTimer, m_pulse, m_shutdownTimer;
    QElapsedTimer m_readySince, m_lastPong, m_lastPulse;
    protocol::JobId m_lastPing = protocol::kMaxId / 2; // far from the ids of jobs
    QByteArray m_logRest; // of standard error: the line that is not complete
    QString m_lastWords;
    QString m_reason; // why it was killed
    End m_end = End::Failed;
    int m_unknownInARow = 0;
    bool m_ready = false;
    bool m_ending = false; // nothing it says counts any more
    bool m_ended = false;
};

} // namespace strata::ui
