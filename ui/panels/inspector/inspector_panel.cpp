// SPDX-License-Identifier: Apache-2.0
#include "ui/panels/inspector/inspector_panel.h"

#include "ui/panels/inspector/clip_section.h"
#include "ui/panels/inspector/synth_section.h"

#include <QVBoxLayout>

namespace strata::ui {

InspectorPanel::InspectorPanel(Session& session, QWidget* parent)
    : QScrollArea(parent) {
    auto* content = new QWidget(this);
    m_clip = new ClipSection(session, content);
    auto* layout = new QVBoxLayout(content);
    layout->setContentsMargins(6, 6, 6, 6);
    layout->addWidget(m_clip);
    layout->addWidget(new SynthSection(session, content));
    layout->addStretch();
    setWidget(content);
    setWidgetResizable(true);
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
}

} // namespace strata::ui
