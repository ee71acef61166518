// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QString>

namespace strata {

class Studio;

/// Measures the editor on `clip` and prints figures to standard output, each with its goal: time to
/// the first frame, seeks, playback, the timeline, processor time at rest. Returns an exit code.
int benchStudio(Studio& studio, const QString& clip, double startSeconds);

} // namespace strata
