// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/body/motion.h"
#include "engine/decompose/scene/camera_path.h"
#include "engine/decompose/subject/choose_subject.h"
#include "engine/pipeline/stages/stage_context.h"

#include <memory>
#include <optional>
#include <vector>

namespace strata {

/// A clip taken apart. The layers lie in the cache; the sources below read them frame by frame.
struct Decomposition {
    Size size;
    std::vector<PersonSummary> everyone; // the main person first
    PersonSummary subject;
    StageResult people, matte, steady, camera, depth, bodyFit, layers, plate;
    CameraPath cameraPath;
    Motion motion;       // of the subject, one frame and one camera per frame of the clip
    double fitError = 0; // see DecomposeReport
    double fitAcceleration = 0;

    std::unique_ptr<MaskSource>
    matteSource() const; // the person, whatever is in front included or cut out
    std::unique_ptr<MaskSource> humanSource() const; // the person without what is in front
    std::unique_ptr<MaskSource> occluderSource() const;
    std::unique_ptr<DepthSource> depthSource() const; // inverse depth, larger = nearer
    std::unique_ptr<ColorSource> plateSource() const;
};

/// The stages of decompose(), for a job's plan; weights are about seconds per frame.
std::vector<PlannedStage> decomposePlan();

/// Takes the clip apart, or finds in the cache that it has been. NothingToDo when there is no
/// person to work on.
Result<Decomposition> decompose(StageContext& context, std::optional<int> person);

} // namespace strata
