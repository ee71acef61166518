// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/session/preferences.h"
#include "ui/session/session.h"

namespace strata::ui {

class Actions;
class TimelineWidget;

/// Binds the actions "play.…" to the clock and the timeline.
void connectPlayActions(Actions& actions, Session& session, TimelineWidget& timeline,
                        Preferences& preferences);

} // namespace strata::ui
