// SPDX-License-Identifier: Apache-2.0
// The table is the architecture.
#include "tests/lint/layer_rules.h"

#include <QMap>
#include <QRegularExpression>
#include <QSet>

namespace {

/// All of the engine that the editor may see.
const QSet<QString> kEditorEngine = {"engine/core",  "engine/project", "engine/protocol",
                                     "engine/media", "engine/body",    "engine/cache"};
const QSet<QString> kControls = {"ui/bridge", "ui/commands", "ui/theme", "ui/playback",
                                 "ui/widgets"};
const QSet<QString> kViews = {"ui/viewport", "ui/session", "ui/panels", "ui/dialogs"};

// layer -> layers it may include besides itself
const QMap<QString, QSet<QString>> kAllowed = {
    {"engine/core", {}},
    {"engine/formats", {"engine/core"}},
    {"engine/body", {"engine/core", "engine/formats"}},
    {"engine/raster", {"engine/core", "engine/body"}},
    {"engine/nn", {"engine/core", "engine/formats", "engine/raster"}}, // draws learnt motion codes
    {"engine/weights", {"engine/core", "engine/formats"}},
    {"engine/media", {"engine/core"}},
    {"engine/cache", {"engine/core", "engine/formats"}},
    {"engine/models", {"engine/core", "engine/formats"}},
    {"engine/project", {"engine/core", "engine/formats"}},
    {"engine/protocol", {"engine/core"}},
    {"engine/perception",
     {"engine/core", "engine/formats", "engine/nn", "engine/weights", "engine/media"}},
    {"engine/decompose",
     {"engine/core", "engine/formats", "engine/body", "engine/raster", "engine/nn",
      "engine/weights", "engine/media", "engine/perception"}},
    {"engine/synth",
     {"engine/core", "engine/formats", "engine/body", "engine/raster", "engine/nn",
      "engine/weights"}},
    {"engine/train",
     {"engine/core", "engine/formats", "engine/body", "engine/raster", "engine/nn",
      "engine/weights", "engine/media", "engine/synth", "engine/eval"}},
    {"engine/eval",
     {"engine/core", "engine/formats", "engine/body", "engine/raster", "engine/media"}},
    {"engine/pipeline",
     {"engine/core", "engine/formats", "engine/body", "engine/raster", "engine/media",
      "engine/cache", "engine/models", "engine/project", "engine/perception", "engine/decompose",
      "engine/synth", "engine/train", "engine/eval", "engine/weights", "engine/nn"}},
    // The editor: views on commands on the bridge. What is heavy is another process.
    {"ui/translations", {}},
    {"ui/theme", {"engine/core"}},
    {"ui/bridge", kEditorEngine},
    {"ui/commands", kEditorEngine | QSet<QString>{"ui/bridge"}},
    {"ui/playback", kEditorEngine | QSet<QString>{"ui/bridge"}},
    {"ui/widgets", kEditorEngine | QSet<QString>{"ui/theme", "ui/playback"}},
    {"ui/viewport", kEditorEngine | kControls},
    {"ui/session", kEditorEngine | kControls},
    {"ui/panels", kEditorEngine | kControls | QSet<QString>{"ui/viewport", "ui/session"}},
    {"ui/dialogs", kEditorEngine | kControls | QSet<QString>{"ui/session"}},
    {"ui", kEditorEngine | kControls | kViews}, // the main window, and what is not named above
    {"app/cli",
     {"engine/core", "engine/formats", "engine/body", "engine/raster", "engine/media",
      "engine/cache", "engine/models", "engine/project", "engine/perception", "engine/decompose",
      "engine/synth", "engine/train", "engine/eval", "engine/pipeline", "engine/protocol"}},
    {"app/studio", kEditorEngine | kControls | kViews | QSet<QString>{"ui", "ui/translations"}},
};

// Where LibTorch may be seen: everywhere in these layers, and in the .cpp files of the others named
// below.
const QSet<QString> kTorchLayers = {"engine/nn", "engine/weights", "engine/train"};
const QSet<QString> kTorchInside = {"engine/perception", "engine/decompose", "engine/synth",
                                    "engine/pipeline", "app/cli"};

/// The most exact entry of the table.
QString layerOf(const QString& path) {
    QString layer;
    for (auto it = kAllowed.keyBegin(); it != kAllowed.keyEnd(); ++it)
        if (path.startsWith(*it + "/") && it->size() > layer.size())
            layer = *it;
    return layer;
}

} // namespace

QStringList layerProblems(const QString& path, const QString& text) {
    static const QRegularExpression include(R"(^\s*#\s*include\s*[<"]([^>"]+)[>"])",
                                            QRegularExpression::MultilineOption);
    static const QRegularExpression qt(R"(^(Q[A-Z]\w*|Qt\w+/\w+)$)");
    static const QRegularExpression torch(R"(^(torch|ATen|c10)/)");
    const QString layer = layerOf(path);
    const bool header = path.endsWith(".h") || path.endsWith(".cuh");
    // The body fit keeps LibTorch to itself: everything in its folder but the public header.
    const bool insideFit =
        path.startsWith("engine/decompose/fit/") && !path.endsWith("/body_fit.h");
    const bool torchAllowed =
        kTorchLayers.contains(layer) || insideFit || (kTorchInside.contains(layer) && !header);

    QStringList found;
    for (auto match = include.globalMatch(text); match.hasNext();) {
        const QString name = match.next().captured(1);
        const QString target = layerOf(name);
        if (!target.isEmpty() && target != layer && !kAllowed[layer].contains(target))
            found << path + ": " + layer + " may not include " + name;
        if (torch.match(name).hasMatch() && !torchAllowed)
            found << path + ": LibTorch may not be seen here (" + name + ")";
        if (layer.startsWith("engine/") && qt.match(name).hasMatch())
            found << path + ": the engine does not use Qt (" + name + ")";
    }
    return found;
}
