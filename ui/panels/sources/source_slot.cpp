// SPDX-License-Identifier: Apache-2.0
#include "ui/panels/sources/source_slot.h"

#include "ui/bridge/text.h"
#include "ui/theme/icons.h"

#include <QDragEnterEvent>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QImageReader>
#include <QLabel>
#include <QMimeData>
#include <QStyle>
#include <QToolButton>
#include <QVBoxLayout>

namespace strata::ui {
namespace {

constexpr int kThumbnail = 56; // points

struct SlotText {
    QString title, empty;
    Icon icon;
};

SlotText textOf(SourceSlot slot) {
    switch (slot) {
    case SourceSlot::Identity:
        return {SourceSlotWidget::tr("Identity"),
                SourceSlotWidget::tr("Drop a picture of a person"), Icon::Person};
    case SourceSlot::Motion:
        return {SourceSlotWidget::tr("Motion"), SourceSlotWidget::tr("Drop a BVH or AMASS file"),
                Icon::Motion};
    case SourceSlot::Scene:
        break;
    }
    return {SourceSlotWidget::tr("Scene"), SourceSlotWidget::tr("Drop a picture or a video"),
            Icon::Scene};
}

MediaUse useOf(SourceSlot slot) {
    return slot == SourceSlot::Identity ? MediaUse::Identity
           : slot == SourceSlot::Motion ? MediaUse::Motion
                                        : MediaUse::Scene;
}

QPixmap thumbnailOf(const MediaItem& item, double ratio) {
    if (item.kind != MediaKind::Picture)
        return {};
    QImageReader reader(toQt(item.path));
    reader.setAutoTransform(true);
    const int side = int(kThumbnail * ratio);
    const QSize full = reader.size();
    if (!full.isValid())
        return {};
    reader.setScaledSize(full.scaled(side, side, Qt::KeepAspectRatio));
    QPixmap picture = QPixmap::fromImage(reader.read());
    picture.setDevicePixelRatio(ratio);
    return picture;
}

QString droppedFile(const QMimeData* data) {
    const auto urls = data->urls();
    return urls.size() == 1 && urls.front().isLocalFile() ? urls.front().toLocalFile() : QString();
}

QStringList suffixesFor(SourceSlot slot) {
    switch (slot) {
    case SourceSlot::Identity:
        return pictureSuffixes();
    case SourceSlot::Motion:
        return motionSuffixes();
    case SourceSlot::Scene:
        break;
    }
    return pictureSuffixes() + clipSuffixes();
}

} // namespace

bool canServe(SourceSlot slot, const std::filesystem::path& path) {
    const auto kind = mediaKindOf(path);
    return kind && canServe(*kind, useOf(slot));
}

SourceSlotWidget::SourceSlotWidget(SourceSlot slot, QWidget* parent)
    : QFrame(parent)
    , m_slot(slot)
    , m_picture(new QLabel(this))
    , m_name(new QLabel(this))
    , m_clear(new QToolButton(this)) {
    setObjectName(QStringLiteral("sourceSlot"));
    setFrameShape(QFrame::StyledPanel);
    setAcceptDrops(true);
    setFocusPolicy(Qt::TabFocus);
    setCursor(Qt::PointingHandCursor);
    m_picture->setFixedSize(kThumbnail, kThumbnail);
    m_picture->setAlignment(Qt::AlignCenter);
    m_name->setWordWrap(true);
    m_clear->setIcon(themeIcon(Icon::Close));
    m_clear->setAutoRaise(true);
    m_clear->setToolTip(tr("Keep the clip's own"));
    m_clear->setAccessibleName(tr("Clear %1").arg(textOf(slot).title));
    auto* title = new QLabel(textOf(slot).title, this);
    QFont bold = title->font();
    bold.setBold(true);
    title->setFont(bold);
    auto* words = new QVBoxLayout;
    words->addWidget(title);
    words->addWidget(m_name, 1);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(6, 6, 6, 6);
    layout->addWidget(m_picture);
    layout->addLayout(words, 1);
    layout->addWidget(m_clear, 0, Qt::AlignTop);
    connect(m_clear, &QToolButton::clicked, this, &SourceSlotWidget::cleared);
    show(nullptr);
}

void SourceSlotWidget::show(const MediaItem* item) {
    const SlotText text = textOf(m_slot);
    const QPixmap picture = item ? thumbnailOf(*item, devicePixelRatioF()) : QPixmap();
    m_picture->setPixmap(picture.isNull()
                             ? iconPixmap(text.icon, 32, palette().color(QPalette::PlaceholderText),
                                          devicePixelRatioF())
                             : picture);
    std::error_code failed;
    const bool missing = item && !std::filesystem::exists(item->path, failed);
    const QString name = item ? toQt(item->path.filename()) : text.empty;
    m_name->setText(missing ? tr("%1 (missing)").arg(name) : name);
    m_name->setEnabled(item != nullptr);
    m_clear->setVisible(item != nullptr);
    setToolTip(item ? toQt(item->path) : text.empty);
    setAccessibleName(tr("%1: %2").arg(text.title, m_name->text()));
}

void SourceSlotWidget::choose() {
    QStringList patterns;
    for (const QString& suffix : suffixesFor(m_slot))
        patterns << QStringLiteral("*.") + suffix;
    const QString path =
        QFileDialog::getOpenFileName(this, tr("Choose %1").arg(textOf(m_slot).title), {},
                                     tr("Usable files (%1)").arg(patterns.join(QLatin1Char(' '))));
    if (!path.isEmpty())
        Q_EMIT fileChosen(path);
}

void SourceSlotWidget::setHighlighted(bool on) {
    setProperty("dropTarget", on);
    style()->unpolish(this);
    style()->polish(this);
}

void SourceSlotWidget::dragEnterEvent(QDragEnterEvent* event) {
    const QString path = droppedFile(event->mimeData());
    if (path.isEmpty() || !canServe(m_slot, toPath(path)))
        return;
    setHighlighted(true);
    event->acceptProposedAction();
}

void SourceSlotWidget::dragLeaveEvent(QDragLeaveEvent*) { setHighlighted(false); }

void SourceSlotWidget::dropEvent(QDropEvent* event) {
    setHighlighted(false);
    Q_EMIT fileChosen(droppedFile(event->mimeData()));
    event->acceptProposedAction();
}

void SourceSlotWidget::mouseReleaseEvent(QMouseEvent* event) {
    if (event->button() == Qt::LeftButton && rect().contains(event->pos()))
        choose();
}

void SourceSlotWidget::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)
        choose();
    else if (event->key() == Qt::Key_Delete && m_clear->isVisibleTo(this))
        Q_EMIT cleared();
    else
        QFrame::keyPressEvent(event);
}

} // namespace strata::ui
