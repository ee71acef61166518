// SPDX-License-Identifier: Apache-2.0
#include "engine/pipeline/stages/fit_stage.h"

#include "engine/core/atomic_file.h"
#include "engine/decompose/fit/body_fit.h"
#include "engine/pipeline/stages/subject_stages.h"

#include <nlohmann/json.hpp>

namespace strata {
namespace {

constexpr const char* kMotionFile = "motion.npz";
constexpr const char* kReportFile = "fit.json";

Status computeFit(StageContext& context, PeopleSource& people, int id, const StageChunk& chunk,
                  const JobContext& job) {
    std::vector<FitFrame> frames(std::size_t(chunk.range.size()));
    for (std::size_t i = 0; i < frames.size(); ++i) {
        STRATA_ASSIGN(const PeopleFrame* const here, people.frame(std::int64_t(i)));
        const PersonObservation* person = here->find(id);
        if (!person)
            continue;
        frames[i].seen = true;
        frames[i].pose = person->pose;
    }
    STRATA_ASSIGN(const FitResult fit, fitBody(context.body, frames, context.clip.frameSize(),
                                               context.clip.info().fps, {}, job));
    STRATA_TRY(writeAmass(chunk.folder / kMotionFile, fit.motion));
    const nlohmann::json report = {{"error", fit.report.reprojectionError},
                                   {"acceleration", fit.report.acceleration}};
    return writeFileAtomically(chunk.folder / kReportFile, report.dump());
}

} // namespace

Result<FittedBody> runFitStage(StageContext& context, const StageResult& people, int id) {
    StageSpec spec = context.spec("body", 3);
    spec.params["person"] = id;
    spec.inputs.insert(spec.inputs.end(), {people.key, context.bodyKey});
    spec.chunkLength = 0;
    PeopleSource source(people);
    FittedBody fitted;
    STRATA_ASSIGN(fitted.stage,
                  context.runner.run(spec, [&](const StageChunk& chunk, const JobContext& job) {
                      return computeFit(context, source, id, chunk, job);
                  }));
    const auto& folder = fitted.stage.chunks.front();
    STRATA_ASSIGN(fitted.motion, readAmass(folder / kMotionFile));
    STRATA_ASSIGN(const std::string text, readFile(folder / kReportFile));
    const auto report = nlohmann::json::parse(text, nullptr, false);
    if (!report.is_object())
        return Error{ErrorCode::BadFormat,
                     "The cached body fit in " + folder.string() + " is damaged."};
    fitted.error = report.value("error", 0.0);
    fitted.acceleration = report.value("acceleration", 0.0);
    return fitted;
}

} // namespace strata
