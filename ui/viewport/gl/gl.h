// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/image.h"

#include <QOpenGLFunctions_3_3_Core>

namespace strata::ui {

/// OpenGL 3.3 core of the current context. Everything in this folder is made, used and destroyed
/// with that context current, on the GUI thread.
using Gl = QOpenGLFunctions_3_3_Core;

} // namespace strata::ui
