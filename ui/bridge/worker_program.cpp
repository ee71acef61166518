// SPDX-License-Identifier: Apache-2.0
#include "ui/bridge/worker_program.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QStandardPaths>

namespace strata::ui {

QString workerProgram(const QString& chosen) {
    if (!chosen.isEmpty())
        return chosen;
    if (const QString named = qEnvironmentVariable("STRATA_WORKER"); !named.isEmpty())
        return named;
    const QString here = QCoreApplication::applicationDirPath();
    for (const QString& place : {here + "/strata", here + "/../cli/strata"})
        if (const QFileInfo file(place); file.isFile() && file.isExecutable())
            return file.canonicalFilePath();
    const QString found = QStandardPaths::findExecutable("strata");
    return found.isEmpty() ? "strata" : found;
}

} // namespace strata::ui
