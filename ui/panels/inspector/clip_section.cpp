// SPDX-License-Identifier: Apache-2.0
#include "ui/panels/inspector/clip_section.h"

#include "ui/bridge/text.h"

#include <QFormLayout>
#include <QLabel>

namespace strata::ui {
namespace {

QString colorText(const Rgb8& color) {
    return QStringLiteral("%1 %2 %3").arg(color[0]).arg(color[1]).arg(color[2]);
}

QString factsText(const MediaFacts& facts) {
    const int frames = int(facts.frameCount);
    return (facts.hasAudio
                ? ClipSection::tr("%1 × %2, %3 frames/s, %n frames, with sound", nullptr, frames)
                : ClipSection::tr("%1 × %2, %3 frames/s, %n frames", nullptr, frames))
        .arg(facts.size.width)
        .arg(facts.size.height)
        .arg(facts.rate.value(), 0, 'g', 5);
}

} // namespace

ClipSection::ClipSection(Session& session, QWidget* parent)
    : QGroupBox(tr("Clip"), parent)
    , m_session(session)
    , m_file(new QLabel(this))
    , m_facts(new QLabel(this))
    , m_probe(new QLabel(this)) {
    for (QLabel* label : {m_file, m_facts, m_probe}) {
        label->setWordWrap(true);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    }
    auto* form = new QFormLayout(this);
    form->addRow(tr("File"), m_file);
    form->addRow(tr("Picture"), m_facts);
    form->addRow(tr("Cursor"), m_probe);
    Document& document = session.document();
    for (auto signal :
         {&Document::projectReplaced, &Document::clipChanged, &Document::mediaChanged})
        connect(&document, signal, this, &ClipSection::refresh);
    refresh();
    clearProbe();
}

void ClipSection::refresh() {
    const MediaItem* clip = m_session.document().project().clipItem();
    m_file->setText(clip ? toQt(clip->path.filename()) : tr("No clip"));
    m_file->setToolTip(clip ? toQt(clip->path) : QString());
    m_facts->setText(clip ? factsText(clip->facts) : QString());
}

void ClipSection::showProbe(const ProbeSample& sample) {
    QStringList parts{QStringLiteral("(%1, %2)").arg(sample.pixel.x()).arg(sample.pixel.y())};
    const auto add = [&](const QString& name, const auto& value, const auto& text) {
        if (value)
            parts << name.arg(text(*value));
    };
    const auto integer = [](int value) { return QString::number(value); };
    const auto share = [](int value) { return QString::number(value / 655.35, 'f', 1); };
    add(tr("source %1"), sample.source, colorText);
    add(tr("scene %1"), sample.plate, colorText);
    add(tr("result %1"), sample.result, colorText);
    add(tr("human %1"), sample.human, integer);
    add(tr("in front %1"), sample.occluder, integer);
    add(tr("alpha %1"), sample.alpha, integer);
    add(tr("nearness %1 %"), sample.depth, share);
    m_probe->setText(parts.join(QStringLiteral("\n")));
}

void ClipSection::clearProbe() { m_probe->setText(QStringLiteral("–")); }

} // namespace strata::ui
