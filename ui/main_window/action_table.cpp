// SPDX-License-Identifier: Apache-2.0
#include "ui/main_window/action_table.h"

#include <QCoreApplication>

namespace strata::ui {
namespace {

using enum MenuPlace;

constexpr const char* kSwitch = "on";

/// Gives the texts below their context.
struct Action {
    Q_DECLARE_TR_FUNCTIONS(Action)
public:
    static const ActionSpec kAll[];
};

#define ACTION(text) QT_TR_NOOP(text) // lupdate is told of it in ui/translations

const ActionSpec Action::kAll[] = {
    {"file.new", File, ACTION("&New Project"), "Ctrl+N"},
    {"file.open", File, ACTION("&Open…"), "Ctrl+O", Icon::Folder},
    {"file.recent", File, ACTION("Open &Recent")},
    {"file.save", File, ACTION("&Save"), "Ctrl+S", Icon::Save, "", true},
    {"file.saveAs", File, ACTION("Save &As…"), "Ctrl+Shift+S"},
    {"file.render", File, ACTION("&Render…"), "Ctrl+M", Icon::Render, "", true},
    {"file.models", File, ACTION("&Models…"), "", {}, "", true},
    {"file.preferences", File, ACTION("&Preferences…"), "Ctrl+,", Icon::Settings},
    {"file.quit", File, ACTION("&Quit"), "Ctrl+Q", {}, "", true},

    {"edit.undo", Edit, ACTION("&Undo"), "Ctrl+Z", Icon::Undo},
    {"edit.redo", Edit, ACTION("&Redo"), "Ctrl+Shift+Z; Ctrl+Y", Icon::Redo},
    {"edit.search", Edit, ACTION("&Find Command…"), "Ctrl+K", Icon::Search, "", true},
    {"edit.shortcuts", Edit, ACTION("&Keyboard Shortcuts…"), "Ctrl+Alt+K"},

    {"clip.decompose", Clip, ACTION("&Take Apart"), "Ctrl+D", Icon::Layers},
    {"clip.identity", Clip, ACTION("Choose &Identity…"), "Ctrl+1", Icon::Person, "", true},
    {"clip.motion", Clip, ACTION("Choose &Motion…"), "Ctrl+2", Icon::Motion},
    {"clip.scene", Clip, ACTION("Choose &Scene…"), "Ctrl+3", Icon::Scene},
    {"clip.clear", Clip, ACTION("&Clear All Sources")},
    {"brush.paint", Clip, ACTION("&Paint the Matte"), "B", {}, kSwitch, true},
    {"brush.smaller", Clip, ACTION("S&maller Brush"), "["},
    {"brush.larger", Clip, ACTION("&Larger Brush"), "]"},
    {"brush.clear", Clip, ACTION("Clear the Frame's Strok&es")},
    {"clip.forward", Clip, ACTION("Bring Layer &Forward"), "Ctrl+]", {}, "", true},
    {"clip.backward", Clip, ACTION("Send Layer &Backward"), "Ctrl+["},

    {"view.result", View, ACTION("&Result"), "1", {}, "mode"},
    {"view.source", View, ACTION("S&ource"), "2", {}, "mode"},
    {"view.human", View, ACTION("&Human"), "3", {}, "mode"},
    {"view.scene", View, ACTION("S&cene"), "4", {}, "mode"},
    {"view.occluder", View, ACTION("&Occluder"), "5", {}, "mode"},
    {"view.alpha", View, ACTION("&Alpha"), "6", {}, "mode"},
    {"view.rubylith", View, ACTION("R&ubylith"), "7", {}, "mode"},
    {"view.boundary", View, ACTION("&Boundary"), "8", {}, "mode"},
    {"view.depth", View, ACTION("&Depth"), "9", {}, "mode"},
    {"view.code", View, ACTION("&Motion Code"), "0", {}, "mode"},
    {"view.noOverlay", View, ACTION("No Body O&verlay"), "Alt+1", {}, "overlay", true},
    {"view.mesh", View, ACTION("Body &Mesh"), "Alt+2", Icon::Person, "overlay"},
    {"view.wireframe", View, ACTION("Body &Wireframe"), "Alt+3", {}, "overlay"},
    {"view.skeleton", View, ACTION("S&keleton"), "Alt+4", Icon::Skeleton, "overlay"},
    {"view.compareOff", View, ACTION("No &Comparison"), "Shift+1", {}, "compare", true},
    {"view.wipe", View, ACTION("Wipe with Source"), "W; Shift+2", Icon::Split, "compare"},
    {"view.side", View, ACTION("Side by Side"), "Shift+3", {}, "compare"},
    {"view.difference", View, ACTION("Difference"), "Shift+4", {}, "compare"},
    {"view.onion", View, ACTION("Onion Skin"), "Shift+5", {}, "compare"},
    {"view.space", View, ACTION("View in &Space"), "Shift+D", Icon::Cube, kSwitch, true},
    {"view.fit", View, ACTION("&Fit"), "F", Icon::ZoomFit, "", true},
    {"view.pixels", View, ACTION("&1:1"), "Ctrl+0"},
    {"view.zoomIn", View, ACTION("Zoom &In"), "Ctrl++; Ctrl+=", Icon::ZoomIn},
    {"view.zoomOut", View, ACTION("Zoom Ou&t"), "Ctrl+-", Icon::ZoomOut},
    {"view.checkerboard", View, ACTION("Chec&kerboard"), "", {}, kSwitch, true},
    {"view.safeAreas", View, ACTION("Sa&fe Areas"), "", {}, kSwitch},
    {"view.statistics", View, ACTION("S&tatistics and Pose"), "F12", Icon::Info, kSwitch},
    {"view.full", View, ACTION("Full Preview"), "", {}, "quality", true},
    {"view.half", View, ACTION("½ Preview"), "", {}, "quality"},
    {"view.quarter", View, ACTION("¼ Preview"), "", {}, "quality"},

    {"play.toggle", Playback, ACTION("&Play or Pause"), "Space", Icon::Play},
    {"play.back", Playback, ACTION("Play &Backwards, Faster"), "J", Icon::PlayBack},
    {"play.stop", Playback, ACTION("&Stop"), "K", Icon::Stop},
    {"play.forward", Playback, ACTION("Play &Forwards, Faster"), "L"},
    {"play.stepBack", Playback, ACTION("Frame B&ack"), "Left", Icon::StepBack, "", true},
    {"play.stepForward", Playback, ACTION("Frame For&ward"), "Right", Icon::StepForward},
    {"play.tenBack", Playback, ACTION("Ten Frames Back"), "Shift+Left"},
    {"play.tenForward", Playback, ACTION("Ten Frames Forward"), "Shift+Right"},
    {"play.start", Playback, ACTION("To the &Start"), "Home", Icon::ToStart},
    {"play.end", Playback, ACTION("To the &End"), "End", Icon::ToEnd},
    {"play.in", Playback, ACTION("Set &In"), "I", Icon::MarkIn, "", true},
    {"play.out", Playback, ACTION("Set &Out"), "O", Icon::MarkOut},
    {"play.clearInOut", Playback, ACTION("&Clear In and Out"), "Alt+X"},
    {"play.loop", Playback, ACTION("&Loop"), "Ctrl+L", Icon::Loop, kSwitch},
    {"play.sound", Playback, ACTION("So&und"), "Shift+M", Icon::Volume, kSwitch},
    {"play.marker", Playback, ACTION("Add &Marker"), "M", Icon::Marker, "", true},
    {"play.previousMarker", Playback, ACTION("P&revious Marker"), "Up", Icon::MarkerPrevious},
    {"play.nextMarker", Playback, ACTION("&Next Marker"), "Down", Icon::MarkerNext},

    {"window.fullScreen", Window, ACTION("&Full Screen"), "F11", {}, kSwitch},
    {"window.editing", Window, ACTION("Workspace: &Editing"), "Alt+Shift+1", {}, "", true},
    {"window.layers", Window, ACTION("Workspace: &Layers"), "Alt+Shift+2"},
    {"window.review", Window, ACTION("Workspace: &Review"), "Alt+Shift+3"},
    {"window.workspaces", Window, ACTION("&Own Workspaces")},
    {"window.saveWorkspace", Window, ACTION("&Save the Workspace…")},
    {"window.removeWorkspace", Window, ACTION("&Delete a Workspace")},

    {"help.first", Help, ACTION("&First Steps")},
    {"help.about", Help, ACTION("&About Strata")},
};

#undef ACTION

} // namespace

std::span<const ActionSpec> actionTable() { return Action::kAll; }

QString menuTitle(MenuPlace place) {
    switch (place) {
    case File:
        return QCoreApplication::translate("Menu", "&File");
    case Edit:
        return QCoreApplication::translate("Menu", "&Edit");
    case Clip:
        return QCoreApplication::translate("Menu", "&Clip");
    case View:
        return QCoreApplication::translate("Menu", "&View");
    case Playback:
        return QCoreApplication::translate("Menu", "&Playback");
    case Window:
        return QCoreApplication::translate("Menu", "&Window");
    case Help:
        return QCoreApplication::translate("Menu", "&Help");
    }
    return {};
}

} // namespace strata::ui
