// SPDX-License-Identifier: Apache-2.0
#include "ui/dialogs/render_dialog.h"

#include "engine/core/assets_folder.h"
#include "ui/bridge/text.h"
#include "ui/commands/settings_commands.h"
#include "ui/session/edit_choice.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QPushButton>
#include <QSpinBox>
#include <QStandardPaths>
#include <QVBoxLayout>

namespace strata::ui {
namespace {

/// Where the user will look for it: beside the project, else beside the clip; the bundled sample
/// and discs that cannot be written to are no such places.
QString proposedFolder(const Document& document, const std::filesystem::path& clip) {
    if (!document.filePath().empty())
        return toQt(document.filePath().parent_path());
    const auto assets = assetsFolder();
    const bool bundled = assets && clip.parent_path() == *assets / "samples";
    const QString folder = toQt(clip.parent_path());
    if (!bundled && QFileInfo(folder).isWritable())
        return folder;
    const QString movies = QStandardPaths::writableLocation(QStandardPaths::MoviesLocation);
    return QFileInfo(movies).isWritable() ? movies : QDir::homePath();
}

/// "walk_edited.mp4".
QString proposedPath(const Document& document) {
    const MediaItem* clip = document.project().clipItem();
    if (!clip)
        return {};
    return proposedFolder(document, clip->path) + QLatin1Char('/') + toQt(clip->path.stem()) +
           QStringLiteral("_edited.mp4");
}

} // namespace

RenderDialog::RenderDialog(Session& session, QWidget* parent)
    : QDialog(parent)
    , m_session(session)
    , m_path(new QLineEdit(this))
    , m_codec(new QComboBox(this))
    , m_preset(new QComboBox(this))
    , m_quality(new QSpinBox(this))
    , m_audio(new QCheckBox(tr("Copy the sound"), this))
    , m_whole(new QCheckBox(tr("Whole clip instead of in to out"), this))
    , m_summary(new QLabel(this))
    , m_buttons(new QDialogButtonBox(QDialogButtonBox::Cancel, this)) {
    setWindowTitle(tr("Render"));
    resize(520, 0);
    const Project& project = session.document().project();
    const DeliverySettings& now = project.delivery;
    m_path->setText(proposedPath(m_session.document()));
    m_codec->addItems({tr("H.264 (plays everywhere)"), tr("H.265 (smaller files)")});
    m_codec->setCurrentIndex(int(now.codec));
    for (const auto name : kEncoderPresets)
        m_preset->addItem(QString::fromUtf8(name.data(), qsizetype(name.size())));
    m_preset->setCurrentText(toQt(now.preset));
    m_quality->setRange(0, int(kMostCrf));
    m_quality->setValue(qRound(now.crf));
    m_quality->setToolTip(tr("0 is lossless, 14 looks like the source, 28 is small"));
    m_audio->setChecked(now.audio);
    m_whole->setChecked(now.wholeClip);
    m_summary->setWordWrap(true);
    auto* browse = new QPushButton(tr("Choose…"), this);
    auto* place = new QHBoxLayout;
    place->addWidget(m_path);
    place->addWidget(browse);
    auto* form = new QFormLayout;
    form->addRow(tr("File"), place);
    form->addRow(tr("Codec"), m_codec);
    form->addRow(tr("Quality (CRF)"), m_quality);
    form->addRow(tr("Encoder"), m_preset);
    form->addRow(m_audio);
    form->addRow(m_whole);
    m_buttons->addButton(tr("Render"), QDialogButtonBox::AcceptRole);
    auto* layout = new QVBoxLayout(this);
    layout->addLayout(form);
    layout->addWidget(m_summary);
    layout->addWidget(m_buttons);
    connect(browse, &QPushButton::clicked, this, &RenderDialog::browse);
    connect(m_path, &QLineEdit::textChanged, this, &RenderDialog::refresh);
    connect(m_whole, &QCheckBox::toggled, this, &RenderDialog::refresh);
    connect(m_buttons, &QDialogButtonBox::accepted, this, &RenderDialog::accept);
    connect(m_buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    refresh();
}

QString RenderDialog::path() const {
    const QString path = m_path->text().trimmed();
    return path.isEmpty() || !QFileInfo(path).suffix().isEmpty() ? path : path + ".mp4";
}

DeliverySettings RenderDialog::settings() const {
    DeliverySettings settings = m_session.document().project().delivery;
    settings.codec = VideoCodec(m_codec->currentIndex());
    settings.crf = m_quality->value();
    settings.preset = m_preset->currentText().toStdString();
    settings.audio = m_audio->isChecked();
    settings.wholeClip = m_whole->isChecked();
    return settings;
}

/// Says what will be written, or why nothing can be.
void RenderDialog::refresh() {
    Project project = m_session.document().snapshot();
    project.delivery = settings();
    const auto edit =
        editChoice(project, m_session.currentPerson(), m_session.engine().worker().device);
    const FrameRange frames = deliveredFrames(project);
    if (!edit)
        m_summary->setText(toQt(edit.error().message));
    else
        m_summary->setText(
            tr("%n frames, from frame %1 on.", nullptr, int(frames.size())).arg(frames.begin));
    for (QAbstractButton* button : m_buttons->buttons())
        if (m_buttons->buttonRole(button) == QDialogButtonBox::AcceptRole)
            button->setEnabled(bool(edit) && !path().isEmpty());
}

void RenderDialog::browse() {
    const QString chosen = QFileDialog::getSaveFileName(this, tr("Render to"), m_path->text(),
                                                        tr("MP4 videos (*.mp4)"));
    if (!chosen.isEmpty())
        m_path->setText(chosen);
}

void RenderDialog::accept() {
    const MediaItem* clip = m_session.document().project().clipItem();
    const QFileInfo target(path());
    if (clip && target == QFileInfo(toQt(clip->path))) {
        QMessageBox::warning(this, windowTitle(),
                             tr("This is the clip itself; choose another name."));
        return;
    }
    if (target.exists() &&
        QMessageBox::question(this, windowTitle(),
                              tr("'%1' is there already. Replace it?").arg(target.fileName())) !=
            QMessageBox::Yes)
        return;
    m_session.check(SettingsCommands(m_session.document()).setDelivery(settings()));
    QDialog::accept();
}

} // namespace strata::ui
