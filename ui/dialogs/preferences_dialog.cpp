// SPDX-License-Identifier: Apache-2.0
#include "ui/dialogs/preferences_dialog.h"

#include "engine/cache/cache_store.h"
#include "ui/bridge/text.h"
#include "ui/session/preferences.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QGroupBox>
#include <QLabel>
#include <QLineEdit>
#include <QSpinBox>
#include <QVBoxLayout>

namespace strata::ui {

PreferencesDialog::PreferencesDialog(Preferences& preferences, QWidget* parent)
    : QDialog(parent)
    , m_preferences(preferences) {
    setWindowTitle(tr("Preferences"));
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(makeLook());
    layout->addWidget(makeWork());
    layout->addWidget(buttons);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
}

QWidget* PreferencesDialog::makeLook() {
    auto* box = new QGroupBox(tr("Look"), this);
    auto* theme = new QComboBox(box);
    theme->addItems({tr("Dark"), tr("Light")});
    theme->setCurrentIndex(int(m_preferences.theme()));
    auto* language = new QComboBox(box);
    language->addItem(tr("As the system"), QString());
    language->addItem(QStringLiteral("English"), QStringLiteral("en"));
    language->addItem(QStringLiteral("简体中文"), QStringLiteral("zh_CN"));
    language->setCurrentIndex(std::max(0, language->findData(m_preferences.language())));
    auto* form = new QFormLayout(box);
    form->addRow(tr("Theme"), theme);
    form->addRow(tr("Language (after a restart)"), language);
    connect(theme, &QComboBox::currentIndexChanged, this,
            [this](int index) { m_preferences.setTheme(ThemeKind(index)); });
    connect(language, &QComboBox::currentIndexChanged, this, [this, language](int index) {
        m_preferences.setLanguage(language->itemData(index).toString());
    });
    return box;
}

QWidget* PreferencesDialog::makeWork() {
    auto* box = new QGroupBox(tr("Work"), this);
    auto* apart = new QCheckBox(tr("Take a clip apart as soon as it is opened"), box);
    apart->setChecked(m_preferences.decomposesAtOnce());
    auto* preview = new QCheckBox(tr("Draw the edit into the frame on screen"), box);
    preview->setChecked(m_preferences.previewsAtOnce());
    auto* memory = new QSpinBox(box);
    memory->setRange(128, 65536);
    memory->setSingleStep(128);
    memory->setSuffix(tr(" MB"));
    memory->setValue(m_preferences.frameCacheMegabytes());
    auto* autosave = new QSpinBox(box);
    autosave->setRange(5, 3600);
    autosave->setSuffix(tr(" s"));
    autosave->setValue(m_preferences.autosaveSeconds());
    auto* worker = new QLineEdit(m_preferences.worker(), box);
    worker->setPlaceholderText(tr("The engine that came with Strata"));
    auto* cache = new QLabel(toQt(CacheStore::defaultRoot()), box);
    cache->setTextInteractionFlags(Qt::TextSelectableByMouse);
    cache->setToolTip(tr("Set STRATA_CACHE to keep results elsewhere"));
    auto* form = new QFormLayout(box);
    form->addRow(apart);
    form->addRow(preview);
    form->addRow(tr("Frames in memory"), memory);
    form->addRow(tr("Autosave after"), autosave);
    form->addRow(tr("Engine (after a restart)"), worker);
    form->addRow(tr("Results are kept in"), cache);
    connect(apart, &QCheckBox::toggled, &m_preferences, &Preferences::setDecomposesAtOnce);
    connect(preview, &QCheckBox::toggled, &m_preferences, &Preferences::setPreviewsAtOnce);
    connect(memory, &QSpinBox::valueChanged, &m_preferences, &Preferences::setFrameCacheMegabytes);
    connect(autosave, &QSpinBox::valueChanged, &m_preferences, &Preferences::setAutosaveSeconds);
    connect(worker, &QLineEdit::editingFinished, this,
            [this, worker] { m_preferences.setWorker(worker->text().trimmed()); });
    return box;
}

} // namespace strata::ui
