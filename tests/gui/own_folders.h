// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QCoreApplication>
#include <QTemporaryDir>

/// Settings, state and cache of the editor in a folder of the test's own, and the program just
/// built as its worker.
inline void useOwnFolders(const QTemporaryDir& folder) {
    for (const char* name : {"XDG_CONFIG_HOME", "XDG_STATE_HOME", "STRATA_CACHE"})
        qputenv(name, folder.filePath(QLatin1String(name)).toLocal8Bit());
    qputenv("STRATA_WORKER", STRATA_PROGRAM);
    QCoreApplication::setOrganizationName("strata");
}
