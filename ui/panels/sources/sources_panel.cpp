// SPDX-License-Identifier: Apache-2.0
#include "ui/panels/sources/sources_panel.h"

#include "ui/bridge/text.h"
#include "ui/commands/source_commands.h"

#include <QComboBox>
#include <QSignalBlocker>
#include <QVBoxLayout>

namespace strata::ui {

QString personName(const Person& person) {
    return person.name.empty() ? SourcesPanel::tr("Person %1").arg(number(person.id))
                               : toQt(person.name);
}

SourcesPanel::SourcesPanel(Session& session, QWidget* parent)
    : QWidget(parent)
    , m_session(session)
    , m_people(new QComboBox(this))
    , m_identity(new SourceSlotWidget(SourceSlot::Identity, this))
    , m_motion(new SourceSlotWidget(SourceSlot::Motion, this))
    , m_scene(new SourceSlotWidget(SourceSlot::Scene, this)) {
    m_people->setAccessibleName(tr("Person"));
    m_people->setPlaceholderText(tr("Nobody found yet"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(6, 6, 6, 6);
    layout->addWidget(m_people);
    for (SourceSlotWidget* slot : {m_identity, m_motion, m_scene}) {
        layout->addWidget(slot);
        connect(slot, &SourceSlotWidget::fileChosen, this,
                [this, slot](const QString& path) { drop(slot->slot(), path); });
        connect(slot, &SourceSlotWidget::cleared, this, [this, slot] { clear(slot->slot()); });
    }
    layout->addStretch();

    connect(m_people, &QComboBox::currentIndexChanged, this, [this](int index) {
        if (index >= 0)
            m_session.setCurrentPerson(PersonId{m_people->itemData(index).toLongLong()});
    });
    Document& document = session.document();
    for (auto signal : {&Document::projectReplaced, &Document::peopleChanged})
        connect(&document, signal, this, &SourcesPanel::refreshPeople);
    for (auto signal : {&Document::sceneSourceChanged, &Document::mediaChanged})
        connect(&document, signal, this, &SourcesPanel::refresh);
    connect(&document, &Document::personChanged, this, &SourcesPanel::refreshPeople);
    connect(&session, &Session::currentPersonChanged, this, &SourcesPanel::refreshPeople);
    refreshPeople();
}

void SourcesPanel::refreshPeople() {
    const QSignalBlocker quiet(m_people);
    m_people->clear();
    for (const Person& person : m_session.document().project().people)
        m_people->addItem(personName(person), qlonglong(number(person.id)));
    const auto current = m_session.currentPerson();
    m_people->setCurrentIndex(current ? m_people->findData(qlonglong(number(*current))) : -1);
    m_people->setEnabled(m_people->count() > 0);
    refresh();
}

void SourcesPanel::refresh() {
    const Project& project = m_session.document().project();
    const auto id = m_session.currentPerson();
    const Person* person = id ? project.find(*id) : nullptr;
    const auto item = [&](std::optional<MediaId> medium) {
        return medium ? project.find(*medium) : nullptr;
    };
    m_identity->show(person ? item(person->sources.identity) : nullptr);
    m_motion->show(person ? item(person->sources.motion) : nullptr);
    m_scene->show(item(project.scene));
    const bool clip = project.clipItem() != nullptr;
    m_identity->setEnabled(person != nullptr);
    m_motion->setEnabled(person != nullptr);
    m_scene->setEnabled(clip);
}

SourceSlotWidget* SourcesPanel::widgetOf(SourceSlot slot) const {
    return slot == SourceSlot::Identity ? m_identity
           : slot == SourceSlot::Motion ? m_motion
                                        : m_scene;
}

void SourcesPanel::choose(SourceSlot slot) { widgetOf(slot)->choose(); }

void SourcesPanel::drop(SourceSlot slot, const QString& path) {
    m_session.dropSource(slot, m_session.currentPerson(), toPath(path));
}

void SourcesPanel::clear(SourceSlot slot) {
    const SourceCommands commands(m_session.document());
    if (slot == SourceSlot::Scene)
        return m_session.check(commands.setScene({}));
    const auto person = m_session.currentPerson();
    if (!person)
        return;
    m_session.check(slot == SourceSlot::Identity ? commands.setIdentity(*person, {})
                                                 : commands.setMotion(*person, {}));
}

} // namespace strata::ui
