// SPDX-License-Identifier: Apache-2.0
#include "ui/main_window/welcome_page.h"

#include "ui/theme/icons.h"

#include <QFileInfo>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace strata::ui {
namespace {

constexpr int kMostShown = 5, kIcon = 96;

QLabel* paragraph(QWidget* parent, const QString& text) {
    auto* label = new QLabel(text, parent);
    label->setAlignment(Qt::AlignHCenter);
    label->setWordWrap(true);
    return label;
}

} // namespace

WelcomePage::WelcomePage(QWidget* parent)
    : QWidget(parent)
    , m_recent(new QWidget(this)) {
    auto* icon = new QLabel(this);
    icon->setPixmap(applicationIcon().pixmap(kIcon, kIcon));
    icon->setAlignment(Qt::AlignHCenter);
    auto* title = paragraph(this, tr("Strata"));
    QFont large = title->font();
    large.setPointSizeF(large.pointSizeF() * 2.2);
    title->setFont(large);
    auto* open = new QPushButton(themeIcon(Icon::Folder), tr("Open a Video…"), this);
    auto* sample = new QPushButton(themeIcon(Icon::Film), tr("Try the Sample"), this);
    open->setDefault(true);
    auto* buttons = new QHBoxLayout;
    buttons->addStretch();
    buttons->addWidget(open);
    buttons->addWidget(sample);
    buttons->addStretch();
    auto* layout = new QVBoxLayout(this);
    layout->addStretch();
    layout->addWidget(icon);
    layout->addWidget(title);
    layout->addWidget(paragraph(
        this, tr("Drop a video of a person here. Strata takes it apart into scene, person and what "
                 "passes in front; then drop a picture of somebody else, a motion or another scene "
                 "on the slots at the right.")));
    layout->addSpacing(16);
    layout->addLayout(buttons);
    layout->addSpacing(16);
    layout->addWidget(m_recent);
    layout->addStretch();
    new QVBoxLayout(m_recent);
    connect(open, &QPushButton::clicked, this, &WelcomePage::openRequested);
    connect(sample, &QPushButton::clicked, this, &WelcomePage::sampleRequested);
}

void WelcomePage::setRecentFiles(const QStringList& files) {
    qDeleteAll(m_recent->findChildren<QWidget*>(Qt::FindDirectChildrenOnly));
    for (const QString& path : files.mid(0, kMostShown)) {
        auto* button = new QPushButton(QFileInfo(path).fileName(), m_recent);
        button->setFlat(true);
        button->setToolTip(path);
        connect(button, &QPushButton::clicked, this, [this, path] { Q_EMIT fileRequested(path); });
        m_recent->layout()->addWidget(button);
        m_recent->layout()->setAlignment(button, Qt::AlignHCenter);
    }
}

} // namespace strata::ui
