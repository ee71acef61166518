// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/theme/icons.h"

#include <optional>
#include <span>

namespace strata::ui {

/// Where an action stands; the order is that of the menu bar.
enum class MenuPlace { File, Edit, Clip, View, Playback, Window, Help };

/// One thing the user can ask for. Menus, shortcuts, the command search and the list of shortcuts
/// are all made from the same table.
struct ActionSpec {
    const char* id; // stable: shortcuts are stored under it
    MenuPlace menu;
    const char* text;          // to be translated in the context "Action", with mnemonic
    const char* shortcut = ""; // as shipped, portable text; several parted by "; "
    std::optional<Icon> icon = {};
    const char* group = ""; // checkable: "" is none, "on" alone, else exclusive in its group
    bool separatorBefore = false;
};

std::span<const ActionSpec> actionTable();

/// The menu's title, with mnemonic.
QString menuTitle(MenuPlace place);

} // namespace strata::ui
