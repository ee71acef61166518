// SPDX-License-Identifier: Apache-2.0
#include "ui/dialogs/models_dialog.h"

#include "ui/bridge/engine_client.h"
#include "ui/bridge/text.h"
#include "ui/theme/icons.h"

#include <QDialogButtonBox>
#include <QHeaderView>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QTreeWidget>
#include <QVBoxLayout>

namespace strata::ui {
namespace {

QString stateText(protocol::ModelPresence state) {
    switch (state) {
    case protocol::ModelPresence::Ready:
        return ModelsDialog::tr("ready");
    case protocol::ModelPresence::Damaged:
        return ModelsDialog::tr("damaged");
    case protocol::ModelPresence::Missing:
        break;
    }
    return ModelsDialog::tr("missing");
}

} // namespace

ModelsDialog::ModelsDialog(EngineClient& engine, QWidget* parent)
    : QDialog(parent)
    , m_engine(engine)
    , m_list(new QTreeWidget(this))
    , m_details(new QLabel(this))
    , m_button(new QPushButton(tr("Fetch the Missing Ones of the Default Set"), this)) {
    setWindowTitle(tr("Models"));
    resize(760, 460);
    m_list->setHeaderLabels({tr("Model"), tr("State"), tr("Size"), tr("Licence")});
    m_list->setRootIsDecorated(false);
    m_list->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    m_details->setWordWrap(true);
    m_details->setTextInteractionFlags(Qt::TextBrowserInteraction);
    m_details->setOpenExternalLinks(true);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    buttons->addButton(m_button, QDialogButtonBox::ActionRole);
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(m_list);
    layout->addWidget(m_details);
    layout->addWidget(buttons);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_button, &QPushButton::clicked, this, &ModelsDialog::fetch);
    connect(m_list, &QTreeWidget::currentItemChanged, this, &ModelsDialog::showDetails);
    connect(&engine, &EngineClient::modelsListed, this, &ModelsDialog::show);
    connect(&engine, &EngineClient::jobProgressed, this, [this](const auto& progress) {
        if (progress.id == m_fetch)
            m_details->setText(tr("Fetching: %1 %").arg(int(progress.fraction * 100)));
    });
    connect(&engine, &EngineClient::jobFinished, this, [this](JobId id) {
        if (id == m_fetch)
            m_engine.listModels();
    });
    connect(&engine, &EngineClient::jobFailed, this,
            [this](JobId id, ErrorCode, const QString& message) {
                if (id == m_fetch)
                    m_details->setText(message);
            });
    show(engine.worker().models);
    engine.listModels();
}

void ModelsDialog::show(const std::vector<protocol::Model>& models) {
    m_list->clear();
    for (const protocol::Model& model : models) {
        const bool ready = model.state == protocol::ModelPresence::Ready;
        auto* item = new QTreeWidgetItem(
            m_list, {toQt(model.title), stateText(model.state),
                     model.bytes > 0 ? locale().formattedDataSize(qint64(model.bytes)) : QString(),
                     toQt(model.license)});
        item->setIcon(1, themeIcon(ready ? Icon::Ok : Icon::Warning));
        item->setData(
            0, Qt::UserRole,
            tr("%1. Home: <a href=\"%2\">%2</a>. A file you have is taken over by "
               "<code>strata models import FILE</code>.")
                .arg(toQt(model.purpose).toHtmlEscaped(), toQt(model.home).toHtmlEscaped()));
    }
    m_list->setCurrentItem(m_list->topLevelItem(0));
}

void ModelsDialog::showDetails() {
    const QTreeWidgetItem* item = m_list->currentItem();
    m_details->setText(item ? item->data(0, Qt::UserRole).toString() : QString());
}

void ModelsDialog::fetch() { m_fetch = m_engine.fetchModels(QStringLiteral("lite")); }

} // namespace strata::ui
