// SPDX-License-Identifier: Apache-2.0
#include "ui/panels/inspector/synth_section.h"

#include "ui/commands/settings_commands.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QFormLayout>
#include <QSignalBlocker>
#include <QSpinBox>

#include <limits>

namespace strata::ui {
namespace {

QSpinBox* number(QWidget* parent, int least, int most, int step) {
    auto* box = new QSpinBox(parent);
    box->setRange(least, most);
    box->setSingleStep(step);
    return box;
}

} // namespace

SynthSection::SynthSection(Session& session, QWidget* parent)
    : QGroupBox(tr("Drawing"), parent)
    , m_session(session)
    , m_kind(new QComboBox(this))
    , m_size(number(this, kLeastSynthSize, kMostSynthSize, 8))
    , m_steps(number(this, 1, kMostSteps, 1))
    , m_seed(number(this, 0, std::numeric_limits<int>::max(), 1))
    , m_guidance(new QDoubleSpinBox(this))
    , m_occluder(new QCheckBox(tr("Keep what passes in front"), this)) {
    m_kind->addItem(tr("Mesh (instant)"));
    m_kind->addItem(tr("Published generator"));
    m_kind->addItem(tr("Strata's generator"));
    m_kind->setItemData(int(SynthKind::Small),
                        tr("Small diffusion networks that correct what the mesh gives"),
                        Qt::ToolTipRole);
    m_guidance->setRange(1, kMostGuidance);
    m_guidance->setSingleStep(0.5);
    auto* form = new QFormLayout(this);
    form->addRow(tr("Draw by"), m_kind);
    form->addRow(tr("Size"), m_size);
    form->addRow(tr("Steps"), m_steps);
    form->addRow(tr("Guidance"), m_guidance);
    form->addRow(tr("Seed"), m_seed);
    form->addRow(m_occluder);
    connect(m_kind, &QComboBox::currentIndexChanged, this, &SynthSection::apply);
    for (QSpinBox* box : {m_size, m_steps, m_seed})
        connect(box, &QSpinBox::valueChanged, this, &SynthSection::apply);
    connect(m_guidance, &QDoubleSpinBox::valueChanged, this, &SynthSection::apply);
    connect(m_occluder, &QCheckBox::toggled, this, &SynthSection::apply);
    Document& document = session.document();
    connect(&document, &Document::synthSettingsChanged, this, &SynthSection::refresh);
    connect(&document, &Document::projectReplaced, this, &SynthSection::refresh);
    refresh();
}

void SynthSection::refresh() {
    const SynthSettings& synth = m_session.document().project().synth;
    const QSignalBlocker quiet[] = {QSignalBlocker(m_kind),     QSignalBlocker(m_size),
                                    QSignalBlocker(m_steps),    QSignalBlocker(m_seed),
                                    QSignalBlocker(m_guidance), QSignalBlocker(m_occluder)};
    m_kind->setCurrentIndex(int(synth.kind));
    m_size->setValue(synth.size);
    m_steps->setValue(synth.steps);
    m_seed->setValue(int(std::min<std::uint64_t>(synth.seed, std::uint64_t(m_seed->maximum()))));
    m_guidance->setValue(synth.guidance);
    m_occluder->setChecked(synth.keepOccluder);
    for (QWidget* field : std::initializer_list<QWidget*>{m_size, m_steps, m_guidance})
        field->setEnabled(synth.kind == SynthKind::Mimo);
}

void SynthSection::apply() {
    SynthSettings synth = m_session.document().project().synth;
    synth.kind = SynthKind(m_kind->currentIndex());
    synth.size = m_size->value() / 8 * 8;
    synth.steps = m_steps->value();
    synth.seed = std::uint64_t(m_seed->value());
    synth.guidance = m_guidance->value();
    synth.keepOccluder = m_occluder->isChecked();
    m_session.check(SettingsCommands(m_session.document()).setSynth(synth, m_gesture.step()));
}

} // namespace strata::ui
