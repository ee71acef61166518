// SPDX-License-Identifier: Apache-2.0
#include "ui/panels/layers/layers_panel.h"

#include "ui/bridge/color.h"
#include "ui/commands/layer_commands.h"

#include <QColorDialog>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QMenu>
#include <QSignalBlocker>
#include <QSlider>
#include <QSpinBox>
#include <QStyledItemDelegate>
#include <QTreeView>
#include <QVBoxLayout>

namespace strata::ui {
namespace {

constexpr int kIconColumn = 28; // points
constexpr int kFace = 24;       // the same

/// Names with pictures large enough to tell a face.
class NameDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

protected:
    void initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const override {
        QStyledItemDelegate::initStyleOption(option, index);
        option->decorationSize = {kFace, kFace};
    }
};

QTreeView* makeView(QWidget* parent, QAbstractItemModel* model) {
    auto* view = new QTreeView(parent);
    view->setModel(model);
    view->setObjectName(QStringLiteral("layers"));
    view->setAccessibleName(LayersPanel::tr("Layers, the front one first"));
    view->setRootIsDecorated(false);
    view->setItemDelegateForColumn(LayerRows::Name, new NameDelegate(view)); // parent-owned
    view->setEditTriggers(QAbstractItemView::DoubleClicked | QAbstractItemView::EditKeyPressed);
    view->setContextMenuPolicy(Qt::CustomContextMenu);
    view->setDragDropMode(QAbstractItemView::InternalMove);
    view->setDragDropOverwriteMode(false);
    QHeaderView* header = view->header();
    header->setSectionsMovable(false);
    header->setStretchLastSection(false);
    header->setMinimumSectionSize(kIconColumn);
    for (int column = 0; column < LayerRows::Name; ++column) {
        header->setSectionResizeMode(column, QHeaderView::Fixed);
        header->resizeSection(column, kIconColumn);
    }
    header->setSectionResizeMode(LayerRows::Name, QHeaderView::Stretch);
    header->setSectionResizeMode(LayerRows::Opacity, QHeaderView::ResizeToContents);
    return view;
}

} // namespace

LayersPanel::LayersPanel(Session& session, QWidget* parent)
    : QWidget(parent)
    , m_session(session)
    , m_rows(session)
    , m_view(makeView(this, &m_rows))
    , m_opacity(new QSlider(Qt::Horizontal, this))
    , m_grow(trimBox("grow", -int(kMostMatteTrim), tr("Grow"),
                     tr("Moves the layer's edge outwards; inwards when negative")))
    , m_feather(trimBox("feather", 0, tr("Feather"), tr("Width of a soft edge"))) {
    m_opacity->setRange(0, 100);
    m_opacity->setAccessibleName(tr("Opacity of the selected layer"));
    auto* row = new QHBoxLayout;
    row->addWidget(new QLabel(tr("Opacity"), this));
    row->addWidget(m_opacity);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(4, 4, 4, 4);
    layout->addWidget(m_view);
    layout->addLayout(row);
    auto* edges = new QHBoxLayout;
    for (QSpinBox* box : {m_grow, m_feather}) {
        edges->addWidget(new QLabel(box->accessibleName(), this));
        edges->addWidget(box, 1);
    }
    layout->addLayout(edges);

    connect(m_view, &QTreeView::clicked, &m_rows, &LayerRows::toggle);
    connect(m_view, &QTreeView::customContextMenuRequested, this, &LayersPanel::showMenu);
    connect(m_view->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            &LayersPanel::select);
    connect(m_opacity, &QSlider::valueChanged, this, &LayersPanel::setOpacity);
    connect(m_opacity, &QSlider::sliderReleased, this, [this] { m_drag.end(); });
    connect(&session, &Session::currentLayerChanged, this, &LayersPanel::showCurrent);
    connect(&m_rows, &QAbstractItemModel::modelReset, this, &LayersPanel::showCurrent);
    connect(&m_rows, &QAbstractItemModel::dataChanged, this, &LayersPanel::showCurrent);
    showCurrent();
}

QSpinBox* LayersPanel::trimBox(const char* id, int least, const QString& name,
                               const QString& hint) {
    auto* box = new QSpinBox(this);
    box->setObjectName(id);
    box->setRange(least, int(kMostMatteTrim));
    box->setSuffix(tr(" px"));
    box->setAccessibleName(name);
    box->setToolTip(hint);
    connect(box, &QSpinBox::valueChanged, this, &LayersPanel::setTrim);
    return box;
}

void LayersPanel::shiftCurrent(int by) {
    if (const auto layer = m_session.currentLayer())
        m_rows.shift(*layer, by);
}

void LayersPanel::select(const QModelIndex& index) {
    if (const Layer* layer = m_rows.layerAt(index.row()))
        m_session.setCurrentLayer(layer->id);
}

void LayersPanel::showCurrent() {
    const auto current = m_session.currentLayer();
    const int row = current ? m_rows.rowOf(*current) : -1;
    const Layer* layer = m_rows.layerAt(row);
    if (layer && m_view->currentIndex().row() != row) {
        const QSignalBlocker quiet(m_view->selectionModel());
        m_view->setCurrentIndex(m_rows.index(row, LayerRows::Name));
        m_view->viewport()->update();
    }
    const QSignalBlocker quiet(m_opacity);
    m_opacity->setEnabled(layer && !layer->locked);
    m_opacity->setValue(layer ? qRound(layer->opacity * 100) : 100);
    const bool hasEdge = layer && layer->kind != strata::LayerKind::Scene;
    const QSignalBlocker quietGrow(m_grow), quietFeather(m_feather);
    for (QSpinBox* box : {m_grow, m_feather})
        box->setEnabled(hasEdge && !layer->locked);
    m_grow->setValue(hasEdge ? qRound(layer->trim.grow) : 0);
    m_feather->setValue(hasEdge ? qRound(layer->trim.feather) : 0);
}

void LayersPanel::setOpacity(int percent) {
    const auto layer = m_session.currentLayer();
    if (!layer)
        return;
    const Gesture gesture = m_opacity->isSliderDown() ? m_drag.current() : m_drag.step();
    m_session.check(
        LayerCommands(m_session.document()).setOpacity(*layer, percent / 100.0, gesture));
}

void LayersPanel::setTrim() {
    if (const auto layer = m_session.currentLayer())
        m_session.check(LayerCommands(m_session.document())
                            .setTrim(*layer, {double(m_grow->value()), double(m_feather->value())},
                                     m_trimming.step()));
}

void LayersPanel::askColor() {
    const auto id = m_session.currentLayer();
    const Layer* layer = id ? m_session.document().project().find(*id) : nullptr;
    if (!layer)
        return;
    const QColor chosen =
        QColorDialog::getColor(toQt(layer->color), this, tr("Colour of the Layer"));
    if (chosen.isValid())
        m_session.check(LayerCommands(m_session.document()).setColor(*id, toLabelColor(chosen)));
}

void LayersPanel::showMenu(const QPoint& at) {
    const QModelIndex index = m_view->indexAt(at);
    const Layer* layer = m_rows.layerAt(index.row());
    if (!index.isValid() || !layer)
        return;
    QMenu menu(this);
    menu.addAction(tr("Rename"), this,
                   [&] { m_view->edit(m_rows.index(index.row(), LayerRows::Name)); });
    menu.addAction(tr("Colour…"), this, &LayersPanel::askColor);
    if (layer->kind != strata::LayerKind::Scene) {
        const LayerId id = layer->id;
        menu.addSeparator();
        menu.addAction(tr("Bring Forward"), this, [=, this] { m_rows.shift(id, 1); });
        menu.addAction(tr("Send Backward"), this, [=, this] { m_rows.shift(id, -1); });
    }
    menu.exec(m_view->viewport()->mapToGlobal(at));
}

} // namespace strata::ui
