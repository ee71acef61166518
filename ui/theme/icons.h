// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QIcon>

#include <optional>
#include <span>

namespace strata::ui {

/// The icons of assets/icons. The file of an icon has its name in kebab case (EyeOff: eye-off.svg).
enum class Icon {
    Play,
    PlayBack, // backwards
    Pause,
    Stop,
    StepForward,
    StepBack,
    ToStart,
    ToEnd,
    Loop,
    MarkIn,
    MarkOut,
    Marker,
    MarkerPrevious,
    MarkerNext,
    Snap,
    ZoomIn,
    ZoomOut,
    ZoomFit,
    Eye,
    EyeOff,
    Lock,
    Unlock,
    Solo,
    Trash,
    Plus,
    Minus,
    Close,
    Person,
    Scene,
    Occluder,
    Motion,
    Picture,
    Film,
    Folder,
    Save,
    Undo,
    Redo,
    Search,
    Settings,
    Info,
    Ok,
    Warning,
    Error,
    Cancel,
    Render,
    Split, // A/B wipe
    Layers,
    Cube, // free view in space
    Skeleton,
    Link,
    Volume,
    VolumeOff,
    Menu,
};

/// Drawn in the text colour of the application's palette (muted when disabled, the selection's when
/// selected) at the moment it is shown, so that it follows a change of theme. `tint` replaces the
/// text colour. Sharp at every size and pixel ratio.
QIcon themeIcon(Icon icon, std::optional<QColor> tint = {});

/// The icon as a picture of `size` by `size` points for a painter of that pixel ratio.
QPixmap iconPixmap(Icon icon, int size, const QColor& color, double pixelRatio = 1.0);

/// The coloured icon of the application itself.
QIcon applicationIcon();

/// Its file's name without folder and extension.
QString iconName(Icon icon);
std::span<const Icon> allIcons();

} // namespace strata::ui
