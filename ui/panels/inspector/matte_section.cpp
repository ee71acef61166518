// SPDX-License-Identifier: Apache-2.0
#include "ui/panels/inspector/matte_section.h"

#include "ui/commands/layer_commands.h"
#include "ui/panels/layers/layer_rows.h"

#include <QDoubleSpinBox>
#include <QFormLayout>
#include <QLineEdit>
#include <QSignalBlocker>

namespace strata::ui {
namespace {

QDoubleSpinBox* pixels(QWidget* parent, double least, double most) {
    auto* box = new QDoubleSpinBox(parent);
    box->setRange(least, most);
    box->setSingleStep(0.5);
    box->setDecimals(1);
    box->setSuffix(MatteSection::tr(" px"));
    return box;
}

} // namespace

MatteSection::MatteSection(Session& session, QWidget* parent)
    : QGroupBox(tr("Layer"), parent)
    , m_session(session)
    , m_name(new QLineEdit(this))
    , m_grow(pixels(this, -64, 64))
    , m_feather(pixels(this, 0, 64)) {
    auto* form = new QFormLayout(this);
    form->addRow(tr("Name"), m_name);
    form->addRow(tr("Grow matte"), m_grow);
    form->addRow(tr("Feather"), m_feather);
    connect(m_name, &QLineEdit::editingFinished, this, [this] {
        if (const auto layer = m_session.currentLayer(); layer && m_name->isModified())
            m_session.check(
                LayerCommands(m_session.document()).rename(*layer, m_name->text().toStdString()));
        m_name->setModified(false);
    });
    connect(m_grow, &QDoubleSpinBox::valueChanged, this, &MatteSection::setTrim);
    connect(m_feather, &QDoubleSpinBox::valueChanged, this, &MatteSection::setTrim);
    connect(&session, &Session::currentLayerChanged, this, &MatteSection::refresh);
    connect(&session.document(), &Document::layerChanged, this, &MatteSection::refresh);
    connect(&session.document(), &Document::layersChanged, this, &MatteSection::refresh);
    refresh();
}

void MatteSection::refresh() {
    const auto id = m_session.currentLayer();
    const Project& project = m_session.document().project();
    const Layer* layer = id ? project.find(*id) : nullptr;
    setEnabled(layer != nullptr);
    const QSignalBlocker quietGrow(m_grow), quietFeather(m_feather);
    m_name->setText(layer ? layerName(project, *layer) : QString());
    m_grow->setValue(layer ? layer->trim.grow : 0);
    m_feather->setValue(layer ? layer->trim.feather : 0);
    const bool matte = layer && layer->kind != strata::LayerKind::Scene && !layer->locked;
    m_grow->setEnabled(matte);
    m_feather->setEnabled(matte);
}

void MatteSection::setTrim() {
    if (const auto layer = m_session.currentLayer())
        m_session.check(
            LayerCommands(m_session.document())
                .setTrim(*layer, {m_grow->value(), m_feather->value()}, m_steps.step()));
}

} // namespace strata::ui
