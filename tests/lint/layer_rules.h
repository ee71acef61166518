// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QString>
#include <QStringList>

/// What a source file includes although its layer may not know about it, one sentence each. `path`
/// is relative to the root of the repository.
QStringList layerProblems(const QString& path, const QString& text);
