// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/timeline/timeline_snap.h"

#include "ui/widgets/timeline/timeline_hit.h"

#include <algorithm>
#include <cmath>

namespace strata::ui {

std::vector<std::int64_t> snapTargets(const TimelineModel& model, SnapFor what,
                                      std::int64_t exceptMarker) {
    // A border's number is that of the frame after it.
    const std::int64_t back = what == SnapFor::InOut ? 0 : 1;
    std::vector<std::int64_t> targets{0, model.frameCount - back};
    if (what != SnapFor::InOut) {
        const FrameRange range = effectiveInOut(model);
        targets.push_back(range.begin);
        targets.push_back(range.end - back);
    }
    if (what != SnapFor::Playhead)
        targets.push_back(model.currentFrame);
    for (const TimelineMarker& marker : model.markers)
        if (marker.id != exceptMarker)
            targets.push_back(marker.frame);
    std::sort(targets.begin(), targets.end());
    targets.erase(std::unique(targets.begin(), targets.end()), targets.end());
    return targets;
}

std::int64_t snapped(std::int64_t frame, double exactFrame, double reach,
                     const std::vector<std::int64_t>& targets) {
    const auto after =
        std::lower_bound(targets.begin(), targets.end(), exactFrame,
                         [](std::int64_t target, double exact) { return double(target) < exact; });
    std::int64_t best = frame;
    double distance = reach;
    const auto consider = [&](std::int64_t target) {
        if (const double d = std::abs(double(target) - exactFrame); d <= distance) {
            best = target;
            distance = d;
        }
    };
    if (after != targets.end())
        consider(*after);
    if (after != targets.begin())
        consider(*std::prev(after));
    return best;
}

} // namespace strata::ui
