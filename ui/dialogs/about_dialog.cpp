// SPDX-License-Identifier: Apache-2.0
#include "ui/dialogs/about_dialog.h"

#include "engine/core/assets_folder.h"
#include "ui/bridge/text.h"
#include "ui/theme/icons.h"

#include <QCoreApplication>
#include <QDialogButtonBox>
#include <QFile>
#include <QLabel>
#include <QPlainTextEdit>
#include <QVBoxLayout>

namespace strata::ui {
namespace {

constexpr int kIcon = 64;

/// NOTICE beside the assets: in a source tree one folder up, installed inside.
QString notice() {
    const auto assets = assetsFolder();
    if (!assets)
        return {};
    for (const auto& place : {*assets / "NOTICE", assets->parent_path() / "NOTICE"})
        if (QFile file(toQt(place)); file.open(QIODevice::ReadOnly))
            return QString::fromUtf8(file.readAll());
    return {};
}

} // namespace

AboutDialog::AboutDialog(QWidget* parent)
    : QDialog(parent) {
    setWindowTitle(tr("About Strata"));
    resize(560, 460);
    auto* icon = new QLabel(this);
    icon->setPixmap(applicationIcon().pixmap(kIcon, kIcon));
    auto* text = new QLabel(
        tr("<h2>Strata %1</h2><p>Takes character video apart into scene, person and what passes in "
           "front, and puts it together again with another person, motion or scene.</p>"
           "<p>Apache License 2.0. Made with Qt (LGPL), FFmpeg (LGPL/GPL), OpenCV, LibTorch, ONNX "
           "Runtime, GLM and Dear ImGui.</p>")
            .arg(QCoreApplication::applicationVersion()),
        this);
    text->setWordWrap(true);
    auto* sources = new QPlainTextEdit(notice(), this);
    sources->setReadOnly(true);
    sources->setAccessibleName(tr("Sources and licences"));
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(icon);
    layout->addWidget(text);
    layout->addWidget(sources, 1);
    layout->addWidget(buttons);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
}

} // namespace strata::ui
