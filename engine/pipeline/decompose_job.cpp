// SPDX-License-Identifier: Apache-2.0
#include "engine/pipeline/decomposition.h"
#include "engine/pipeline/installation.h"
#include "engine/pipeline/job_requests.h"
#include "engine/pipeline/output_check.h"
#include "engine/pipeline/template_writer.h"

namespace strata {
namespace {

constexpr double kWriteWeight = 0.1;

std::filesystem::path withoutTrailingSlash(const std::filesystem::path& folder) {
    const auto normal = folder.lexically_normal();
    return normal.has_filename() ? normal : normal.parent_path();
}

std::vector<PlannedStage> planOf(const DecomposeRequest& request) {
    auto plan = decomposePlan();
    if (!request.out.empty())
        plan.push_back({"write", kWriteWeight});
    return plan;
}

/// Progress of the writing as the last part of the job's.
JobContext writingContext(const JobContext& context) {
    double others = 0;
    for (const auto& stage : decomposePlan())
        others += stage.weight;
    return {context.stop, [&context, others](const Progress& p) {
                if (context.report)
                    context.report({p.stage,
                                    (others + kWriteWeight * p.fraction) / (others + kWriteWeight),
                                    p.done, p.total});
            }};
}

} // namespace

Result<DecomposeReport> runDecompose(const DecomposeRequest& request, const JobContext& context,
                                     const JobObserver& observer) {
    if (!request.out.empty())
        STRATA_TRY(checkOutputFolder(request.out, request.overwrite));
    STRATA_ASSIGN(const auto clip, Clip::open(request.clip));
    STRATA_ASSIGN(const ModelStore store, openModelStore());
    Networks networks(store);
    STRATA_TRY(networks.available());
    STRATA_ASSIGN(const InstalledBody body, loadInstalledBody(request.clip.body));
    STRATA_ASSIGN(const auto cache, CacheStore::open());
    STRATA_ASSIGN(StageRunner runner,
                  StageRunner::create(*cache, planOf(request), context, observer));
    StageContext stages{*clip, networks, body.model, body.key, runner};
    STRATA_ASSIGN(const Decomposition parts, decompose(stages, request.clip.person));

    DecomposeReport report;
    report.frames = clip->frameCount();
    report.person = parts.subject.id;
    report.fitError = parts.fitError;
    report.fitAcceleration = parts.fitAcceleration;
    if (!request.out.empty()) {
        report.out = withoutTrailingSlash(request.out);
        STRATA_ASSIGN(const WrittenTemplate written,
                      writeTemplate(stages, parts, report.out, writingContext(context)));
        report.hasOccluder = written.hasOccluder;
    }
    return report;
}

} // namespace strata
