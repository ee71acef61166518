// SPDX-License-Identifier: Apache-2.0
#include "ui/dialogs/recovery_dialog.h"

#include "ui/bridge/text.h"

#include <QDateTime>
#include <QDialogButtonBox>
#include <QLabel>
#include <QListWidget>
#include <QLocale>
#include <QPushButton>
#include <QVBoxLayout>

namespace strata::ui {
namespace {

QString lineOf(const RecoverableAutosave& autosave) {
    const auto seconds = autosave.time.time_since_epoch().count();
    const QString when =
        QLocale().toString(QDateTime::fromSecsSinceEpoch(seconds), QLocale::ShortFormat);
    const QString name = autosave.original.empty() ? RecoveryDialog::tr("a project never saved")
                                                   : toQt(autosave.original.filename());
    return autosave.originalIsNewer
               ? RecoveryDialog::tr("%1, %2 (saved again later)").arg(when, name)
               : QStringLiteral("%1, %2").arg(when, name);
}

} // namespace

RecoveryDialog::RecoveryDialog(std::vector<RecoverableAutosave> found, QWidget* parent)
    : QDialog(parent)
    , m_found(std::move(found))
    , m_list(new QListWidget(this)) {
    setObjectName(QStringLiteral("recovery"));
    setWindowTitle(tr("Recover Unsaved Work"));
    resize(460, 260);
    auto* text = new QLabel(
        tr("Strata did not end as it should. These changes were not saved to a file:"), this);
    text->setWordWrap(true);
    for (const RecoverableAutosave& autosave : m_found)
        m_list->addItem(lineOf(autosave));
    m_list->setCurrentRow(0);
    m_list->setAccessibleName(tr("Unsaved projects, the newest first"));
    auto* buttons = new QDialogButtonBox(this);
    auto* recover = buttons->addButton(tr("Recover"), QDialogButtonBox::AcceptRole);
    recover->setDefault(true);
    auto* discard = buttons->addButton(tr("Discard All"), QDialogButtonBox::DestructiveRole);
    buttons->addButton(tr("Later"), QDialogButtonBox::RejectRole);
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(text);
    layout->addWidget(m_list);
    layout->addWidget(buttons);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(discard, &QPushButton::clicked, this, &RecoveryDialog::discardAll);
    connect(m_list, &QListWidget::itemActivated, this, &QDialog::accept);
}

std::optional<RecoverableAutosave> RecoveryDialog::chosen() const {
    const int row = m_list->currentRow();
    if (result() != Accepted || row < 0)
        return {};
    return m_found[std::size_t(row)];
}

void RecoveryDialog::discardAll() {
    for (const RecoverableAutosave& autosave : m_found)
        discard(autosave);
    reject();
}

} // namespace strata::ui
