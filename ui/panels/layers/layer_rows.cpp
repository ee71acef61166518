// SPDX-License-Identifier: Apache-2.0
#include "ui/panels/layers/layer_rows.h"

#include "ui/bridge/color.h"
#include "ui/bridge/text.h"
#include "ui/commands/layer_commands.h"
#include "ui/theme/icons.h"

#include <QMimeData>

namespace strata::ui {
namespace {

constexpr int kPortraitSide = 96; // pixels: enough for any screen
constexpr double kMuchBetter = 1.25;
constexpr const char* kDragged = "application/x-strata-layer"; // the layer's id

Icon iconOf(const Layer& layer, int column) {
    switch (column) {
    case LayerRows::Visible:
        return layer.visible ? Icon::Eye : Icon::EyeOff;
    case LayerRows::Solo:
        return Icon::Solo;
    case LayerRows::Locked:
        return layer.locked ? Icon::Lock : Icon::Unlock;
    default:
        return layer.kind == strata::LayerKind::Scene    ? Icon::Scene
               : layer.kind == strata::LayerKind::Person ? Icon::Person
                                                         : Icon::Occluder;
    }
}

QString hintOf(const Layer& layer, int column) {
    switch (column) {
    case LayerRows::Visible:
        return layer.visible ? LayerRows::tr("Hide this layer") : LayerRows::tr("Show this layer");
    case LayerRows::Solo:
        return layer.solo ? LayerRows::tr("Show the others again")
                          : LayerRows::tr("Show this layer alone");
    case LayerRows::Locked:
        return layer.locked ? LayerRows::tr("Unlock") : LayerRows::tr("Lock against changes");
    case LayerRows::Name:
        return LayerRows::tr("Double-click to rename");
    default:
        return {};
    }
}

} // namespace

QString layerName(const Project& project, const Layer& layer) {
    if (!layer.name.empty())
        return toQt(layer.name);
    switch (layer.kind) {
    case strata::LayerKind::Scene:
        return LayerRows::tr("Scene");
    case strata::LayerKind::Occluder:
        return LayerRows::tr("In Front");
    case strata::LayerKind::Person:
        break;
    }
    const Person* person = layer.person ? project.find(*layer.person) : nullptr;
    if (person && !person->name.empty())
        return toQt(person->name);
    return LayerRows::tr("Person %1").arg(layer.person ? number(*layer.person) : 0);
}

LayerRows::LayerRows(Session& session, QObject* parent)
    : QAbstractTableModel(parent)
    , m_session(session) {
    Document& document = session.document();
    connect(&document, &Document::projectReplaced, this, &LayerRows::refresh);
    connect(&document, &Document::layersChanged, this, &LayerRows::refresh);
    const auto repaint = [this] {
        if (rowCount() > 0)
            Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, kColumns - 1));
    };
    connect(&document, &Document::layerChanged, this, repaint);
    connect(&document, &Document::personChanged, this, repaint);
    connect(&session.player(), &Player::opened, this, [this] { m_portraits.clear(); });
    connect(&session.player(), &Player::frameReady, this, &LayerRows::lookForPortrait);
}

/// Of the person whose layers the player shows; a picture is replaced only by a much better one.
void LayerRows::lookForPortrait(const FrameLayersPtr& frame) {
    const auto person = m_session.currentPerson();
    if (!person || m_session.player().clock().speed() != 0)
        return;
    Portrait& known = m_portraits[*person];
    auto found = portraitOf(*frame, kPortraitSide);
    if (!found || found->worth < kMuchBetter * known.worth)
        return;
    known = {found->worth, QIcon(QPixmap::fromImage(std::move(found->image)))};
    for (int row = 0; row < rowCount(); ++row)
        if (layerAt(row)->person == person)
            Q_EMIT dataChanged(index(row, Name), index(row, Name), {Qt::DecorationRole});
}

void LayerRows::refresh() {
    beginResetModel();
    endResetModel();
}

int LayerRows::fromBack(int row) const { return rowCount() - 1 - row; }

const Layer* LayerRows::layerAt(int row) const {
    const auto& layers = m_session.document().project().layers;
    return row >= 0 && row < int(layers.size()) ? &layers[std::size_t(fromBack(row))] : nullptr;
}

int LayerRows::rowOf(LayerId id) const {
    for (int row = 0; row < rowCount(); ++row)
        if (layerAt(row)->id == id)
            return row;
    return -1;
}

int LayerRows::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : int(m_session.document().project().layers.size());
}

int LayerRows::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : kColumns;
}

QVariant LayerRows::data(const QModelIndex& index, int role) const {
    const Layer* layer = layerAt(index.row());
    if (!layer)
        return {};
    const int column = index.column();
    switch (role) {
    case Qt::DisplayRole:
    case Qt::EditRole:
        if (column == Name)
            return role == Qt::EditRole ? toQt(layer->name)
                                        : layerName(m_session.document().project(), *layer);
        if (column == Opacity)
            return tr("%1 %").arg(qRound(layer->opacity * 100));
        return {};
    case Qt::DecorationRole: {
        if (column == Opacity || (column == Solo && !layer->solo))
            return {};
        if (column == Name && layer->person)
            if (const auto portrait = m_portraits.find(*layer->person);
                portrait != m_portraits.end() && !portrait->second.icon.isNull())
                return portrait->second.icon;
        return column == Name ? themeIcon(iconOf(*layer, column), toQt(layer->color))
                              : themeIcon(iconOf(*layer, column));
    }
    case Qt::ToolTipRole:
        return hintOf(*layer, column);
    case Qt::TextAlignmentRole:
        return column == Opacity ? int(Qt::AlignRight | Qt::AlignVCenter)
                                 : int(Qt::AlignLeft | Qt::AlignVCenter);
    default:
        return {};
    }
}

bool LayerRows::setData(const QModelIndex& index, const QVariant& value, int role) {
    const Layer* layer = layerAt(index.row());
    if (!layer || role != Qt::EditRole || index.column() != Name)
        return false;
    const Status done =
        LayerCommands(m_session.document()).rename(layer->id, value.toString().toStdString());
    m_session.check(done);
    return bool(done);
}

QVariant LayerRows::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    return section == Name ? tr("Layer") : section == Opacity ? tr("Opacity") : QString();
}

Qt::ItemFlags LayerRows::flags(const QModelIndex& index) const {
    Qt::ItemFlags flags = QAbstractTableModel::flags(index);
    if (index.isValid() && index.column() == Name)
        flags |= Qt::ItemIsEditable;
    const Layer* layer = layerAt(index.row());
    if (!index.isValid())
        flags |= Qt::ItemIsDropEnabled; // between rows
    else if (layer && layer->kind != strata::LayerKind::Scene)
        flags |= Qt::ItemIsDragEnabled;
    return flags;
}

QStringList LayerRows::mimeTypes() const { return {kDragged}; }

QMimeData* LayerRows::mimeData(const QModelIndexList& indexes) const {
    const Layer* layer = indexes.isEmpty() ? nullptr : layerAt(indexes.front().row());
    if (!layer)
        return nullptr;
    auto* data = new QMimeData; // the drag's
    data->setData(kDragged, QByteArray::number(qlonglong(number(layer->id))));
    return data;
}

bool LayerRows::dropMimeData(const QMimeData* data, Qt::DropAction, int row, int,
                             const QModelIndex& parent) {
    if (!data->hasFormat(kDragged) || parent.isValid())
        return false;
    const LayerId id{data->data(kDragged).toLongLong()};
    const int from = rowOf(id);
    if (from < 0)
        return false;
    // `row` counts the dragged one too, which leaves its place.
    const int to = row < 0 ? rowCount() - 1 : row > from ? row - 1 : row;
    move(id, fromBack(to));
    return false; // nothing is left for the view to take away
}

void LayerRows::shift(LayerId id, int by) {
    if (const int row = rowOf(id); row >= 0)
        move(id, fromBack(row) + by);
}

void LayerRows::move(LayerId id, std::int64_t index) {
    m_session.check(LayerCommands(m_session.document()).move(id, index));
}

void LayerRows::toggle(const QModelIndex& index) {
    const Layer* layer = layerAt(index.row());
    if (!layer)
        return;
    const LayerCommands commands(m_session.document());
    if (index.column() == Visible)
        m_session.check(commands.setVisible(layer->id, !layer->visible));
    else if (index.column() == Solo)
        m_session.check(commands.setSolo(layer->id, !layer->solo));
    else if (index.column() == Locked)
        m_session.check(commands.setLocked(layer->id, !layer->locked));
}

} // namespace strata::ui
