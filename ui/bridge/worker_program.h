// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QString>

namespace strata::ui {

/// The program that is started as the worker: `chosen` if not empty, else $STRATA_WORKER, else
/// `strata` beside this program or in its place in a build tree, else the one in PATH. Where none
/// of these is, simply "strata".
QString workerProgram(const QString& chosen);

} // namespace strata::ui
