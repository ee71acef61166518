// SPDX-License-Identifier: Apache-2.0
#include "ui/main_window/play_actions.h"

#include "ui/commands/range_commands.h"
#include "ui/main_window/actions.h"
#include "ui/widgets/timeline/timeline_widget.h"

namespace strata::ui {

void connectPlayActions(Actions& actions, Session& session, TimelineWidget& timeline,
                        Preferences& preferences) {
    PlaybackClock& clock = session.player().clock();
    const auto on = [&](const char* id, auto&& what) { actions.onTriggered(id, what); };
    on("play.toggle", [&clock] { clock.toggle(); });
    on("play.back", [&clock] { clock.shuttleBack(); });
    on("play.stop", [&clock] { clock.stop(); });
    on("play.forward", [&clock] { clock.shuttleForward(); });
    on("play.stepBack", [&clock] { clock.step(-1); });
    on("play.stepForward", [&clock] { clock.step(1); });
    on("play.tenBack", [&clock] { clock.step(-10); });
    on("play.tenForward", [&clock] { clock.step(10); });
    on("play.start", [&clock] { clock.goToStart(); });
    on("play.end", [&clock] { clock.goToEnd(); });
    on("play.in", [&timeline] { timeline.markIn(); });
    on("play.out", [&timeline] { timeline.markOut(); });
    on("play.clearInOut", [&timeline] { timeline.clearInOut(); });
    on("play.marker", [&timeline] { timeline.addMarker(); });
    on("play.previousMarker", [&timeline] { timeline.goToPreviousMarker(); });
    on("play.nextMarker", [&timeline] { timeline.goToNextMarker(); });
    actions.onToggled("play.loop", [&session](bool loop) {
        session.check(RangeCommands(session.document()).setLoop(loop));
    });
    actions.onToggled("play.sound", [&preferences](bool on) { preferences.setPlaysSound(on); });
    const auto showSound = [&actions, &session, &preferences] {
        const bool on = preferences.playsSound();
        session.player().sound().setMuted(!on);
        actions.setChecked("play.sound", on);
        actions.at("play.sound")->setIcon(themeIcon(on ? Icon::Volume : Icon::VolumeOff));
    };
    QObject::connect(&preferences, &Preferences::changed, &actions, showSound);
    showSound();
    const auto show = [&actions, &session] {
        const Project& project = session.document().project();
        actions.setChecked("play.loop", project.loop);
        const bool clip = project.clipItem() != nullptr;
        actions.setEnabled({"play.toggle", "play.back", "play.forward", "play.stepBack",
                            "play.stepForward", "play.in", "play.out", "play.clearInOut",
                            "play.marker", "play.start", "play.end", "clip.decompose",
                            "clip.identity", "clip.motion", "clip.scene", "clip.clear",
                            "brush.paint", "brush.clear", "file.render"},
                           clip);
    };
    QObject::connect(&session.document(), &Document::changed, &actions, show);
    show();
}

} // namespace strata::ui
