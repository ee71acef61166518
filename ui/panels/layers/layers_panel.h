// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/commands/gesture.h"
#include "ui/panels/layers/layer_rows.h"

#include <QWidget>

class QSlider;
class QTreeView;

namespace strata::ui {

/// Visibility, solo, lock, name, colour and opacity of the layers.
class LayersPanel : public QWidget {
    Q_OBJECT
public:
    explicit LayersPanel(Session& session, QWidget* parent = nullptr);

private:
    void select(const QModelIndex& index);
    void showCurrent();
    void setOpacity(int percent);
    void askColor();
    void showMenu(const QPoint& at);

    Session& m_session;
    LayerRows m_rows;
    QTreeView* m_view;     // parent-owned
    QSlider* m_opacity;    // parent-owned
    GestureTracker m_drag; // of the opacity
};

} // namespace strata::ui
