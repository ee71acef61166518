// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/panels/layers/person_portrait.h"
#include "ui/session/session.h"

#include <QAbstractTableModel>
#include <QIcon>

#include <map>

namespace strata::ui {

/// The layers as rows, the front one first, with a column for each thing that can be set.
class LayerRows : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Visible, Solo, Locked, Name, Opacity, kColumns };

    explicit LayerRows(Session& session, QObject* parent = nullptr);

    const Layer* layerAt(int row) const; // null outside
    int rowOf(LayerId id) const;         // -1 when it is not there

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role) override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;
    // Layers are dragged between each other to change their order.
    Qt::DropActions supportedDropActions() const override { return Qt::MoveAction; }
    QStringList mimeTypes() const override;
    QMimeData* mimeData(const QModelIndexList& indexes) const override;
    bool dropMimeData(const QMimeData* data, Qt::DropAction action, int row, int column,
                      const QModelIndex& parent) override;
    /// One place to the front (+1) or to the back (-1).
    void shift(LayerId id, int by);
    /// What a click on the column does.
    void toggle(const QModelIndex& index);

private:
    void refresh();
    int fromBack(int row) const;
    void move(LayerId id, std::int64_t index);
    void lookForPortrait(const FrameLayersPtr& frame);

    struct Portrait {
        double worth = 0;
        QIcon icon;
    };
    Session& m_session;
    std::map<PersonId, Portrait> m_portraits; // as far as they were seen since the clip is open
};

/// "Person 1", "Scene", or what the user called it.
QString layerName(const Project& project, const Layer& layer);

} // namespace strata::ui
