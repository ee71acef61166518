// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>
#include <QDir>
#include <QProcess>
#include <QProcessEnvironment>
#include <QString>
#include <QStringList>
#include <QTemporaryDir>

/// Runs the built `strata` (and ffmpeg, to make inputs) in a folder of its own with a cache of its
/// own.
class Program {
public:
    struct Outcome {
        int exitCode = -1;
        QString out, err;
    };

    Program() { environment.insert("STRATA_CACHE", path("cache")); }

    QString path(const QString& name) const { return QDir(m_folder.path()).filePath(name); }
    bool exists(const QString& name) const { return QFile::exists(path(name)); }
    /// Names in the working folder, the cache apart.
    QStringList leftovers() const {
        QStringList names =
            QDir(m_folder.path()).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot);
        names.removeAll("cache");
        return names;
    }

    Outcome strata(const QStringList& arguments, int timeoutMs = 600000) const {
        return run(STRATA_PROGRAM, arguments, timeoutMs);
    }
    bool ffmpeg(const QStringList& arguments) const {
        return run("ffmpeg", QStringList{"-v", "error", "-y"} + arguments, 120000).exitCode == 0;
    }
    Outcome run(const QString& program, const QStringList& arguments, int timeoutMs) const {
        QProcess process;
        process.setProcessEnvironment(environment);
        process.setWorkingDirectory(m_folder.path());
        process.start(program, arguments);
        Outcome outcome;
        if (process.waitForFinished(STRATA_SLOWDOWN * timeoutMs) &&
            process.exitStatus() == QProcess::NormalExit)
            outcome.exitCode = process.exitCode();
        else
            process.kill();
        outcome.out = QString::fromUtf8(process.readAllStandardOutput());
        outcome.err = QString::fromUtf8(process.readAllStandardError());
        return outcome;
    }

    static QString sample(const QString& name) {
        return QString(STRATA_SOURCE_DIR "/assets/samples/") + name;
    }

    /// Whether the lite models are installed; the tests that need networks skip themselves without.
    bool hasModels() const {
        const Outcome list = strata({"models", "list", "--json"}, 60000);
        int ready = 0;
        for (const QString& line : list.out.split('\n'))
            ready += line.contains("\"group\":\"lite\"") && line.contains("\"state\":\"ready\"");
        return ready >= 4;
    }

    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();

private:
    QTemporaryDir m_folder;
};
