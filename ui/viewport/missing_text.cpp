// SPDX-License-Identifier: Apache-2.0
#include "ui/viewport/missing_text.h"

#include <QCoreApplication>

namespace strata::ui {
namespace {

struct MissingText {
    Q_DECLARE_TR_FUNCTIONS(Viewport)
public:
    static QString of(const FrameLayers& frame, ViewMode mode) {
        switch (mode) {
        case ViewMode::Result:
        case ViewMode::Source:
            return {};
        case ViewMode::Scene:
            return frame.plate ? QString() : tr("The scene without people is not known here yet.");
        case ViewMode::Human:
        case ViewMode::Alpha:
        case ViewMode::Rubylith:
        case ViewMode::Boundary:
            return frame.human || frame.alpha ? QString()
                                              : tr("No person has been cut out here yet.");
        case ViewMode::Occluder:
            return frame.occluder ? QString() : tr("What stands in front is not known here yet.");
        case ViewMode::Depth:
            return frame.depth ? QString() : tr("The depth is not known here yet.");
        case ViewMode::MotionCode:
            return frame.body ? QString() : tr("No body has been fitted here yet.");
        }
        return {};
    }
    static QString ofSpace(const FrameLayers& frame) {
        return frame.depth ? QString() : tr("The space view needs the depth, not known here yet.");
    }
    static QString ofBody(const FrameLayers& frame) {
        return frame.body ? QString() : tr("No body has been fitted here yet.");
    }
};

} // namespace

QString missingText(const FrameLayers& frame, const ViewState& state) {
    if (state.space)
        return MissingText::ofSpace(frame);
    QString text = MissingText::of(frame, state.mode);
    if (text.isEmpty() && state.compare != CompareMode::Off)
        text = MissingText::of(frame, state.compareWith);
    if (text.isEmpty() && state.overlay != BodyOverlay::Off)
        text = MissingText::ofBody(frame);
    return text;
}

} // namespace strata::ui
