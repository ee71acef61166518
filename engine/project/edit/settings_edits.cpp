// SPDX-License-Identifier: Apache-2.0
#include "engine/project/edit/settings_edits.h"

#include "engine/project/edit/edit_support.h"

namespace strata {

Result<Project> setSynthSettings(Project project, SynthSettings settings) {
    if (!areNumbers({settings.guidance, settings.guideFrom, settings.guideTo}))
        return usage("Guidance and its range must be numbers.");
    settings.size = (std::clamp(settings.size, kLeastSynthSize, kMostSynthSize) + 4) / 8 * 8;
    settings.steps = std::clamp(settings.steps, 1, kMostSteps);
    settings.guidance = std::clamp(settings.guidance, 1.0, kMostGuidance);
    settings.guideFrom = std::clamp(settings.guideFrom, 0.0, 1.0);
    settings.guideTo = std::clamp(settings.guideTo, settings.guideFrom, 1.0);
    project.synth = settings;
    return project;
}

Result<Project> setDeliverySettings(Project project, DeliverySettings settings) {
    if (!areNumbers({settings.crf}))
        return usage("The quality of the video (CRF) must be a number.");
    if (!isEncoderPreset(settings.preset))
        return usage("There is no encoder preset '" + settings.preset + "'.");
    settings.crf = std::clamp(settings.crf, 0.0, kMostCrf);
    project.delivery = std::move(settings);
    return project;
}

} // namespace strata
