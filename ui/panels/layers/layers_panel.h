// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/commands/gesture.h"
#include "ui/panels/layers/layer_rows.h"

#include <QWidget>

class QSlider;
class QSpinBox;
class QTreeView;

namespace strata::ui {

/// Order, visibility, solo, lock, name, colour, opacity and the edges of the layers.
class LayersPanel : public QWidget {
    Q_OBJECT
public:
    explicit LayersPanel(Session& session, QWidget* parent = nullptr);

    /// The selected layer one place to the front (+1) or to the back (-1).
    void shiftCurrent(int by);

private:
    void select(const QModelIndex& index);
    void showCurrent();
    void setOpacity(int percent);
    void setTrim();
    QSpinBox* trimBox(const char* id, int least, const QString& name, const QString& hint);
    void askColor();
    void showMenu(const QPoint& at);

    Session& m_session;
    LayerRows m_rows;
    QTreeView* m_view;            // parent-owned
    QSlider* m_opacity;           // parent-owned
    QSpinBox *m_grow, *m_feather; // parent-owned
    GestureTracker m_drag;        // of the opacity
    GestureTracker m_trimming;
};

} // namespace strata::ui
