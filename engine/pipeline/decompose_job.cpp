// SPDX-License-Identifier: Apache-2.0
#include "engine/pipeline/decomposition.h"
#include "engine/pipeline/installation.h"
#include "engine/pipeline/job_requests.h"
#include "engine/pipeline/output_check.h"
#include "engine/pipeline/template_writer.h"

namespace strata {
namespace {

std::filesystem::path withoutTrailingSlash(const std::filesystem::path& folder) {
    const auto normal = folder.lexically_normal();
    return normal.has_filename() ? normal : normal.parent_path();
}

} // namespace

Result<DecomposeReport> runDecompose(const DecomposeRequest& request, const JobContext& context) {
    STRATA_TRY(checkOutputFolder(request.out, request.overwrite));
    const auto out = withoutTrailingSlash(request.out);
    STRATA_ASSIGN(const auto clip, Clip::open(request.clip));
    STRATA_ASSIGN(const ModelStore store, openModelStore());
    Networks networks(store);
    STRATA_TRY(networks.available());
    STRATA_ASSIGN(const InstalledBody body, loadInstalledBody(request.clip.body));
    STRATA_ASSIGN(const auto cache, CacheStore::open());

    auto plan = decomposePlan();
    constexpr double kWriteWeight = 0.1;
    double others = 0;
    for (const auto& stage : plan)
        others += stage.weight;
    plan.push_back({"write", kWriteWeight});
    STRATA_ASSIGN(StageRunner runner, StageRunner::create(*cache, plan, context));
    StageContext stages{*clip, networks, body.model, body.key, runner};
    STRATA_ASSIGN(const Decomposition parts, decompose(stages, request.clip.person));

    JobContext writing{context.stop, [&](const Progress& p) {
                           if (context.report)
                               context.report(
                                   {p.stage,
                                    (others + kWriteWeight * p.fraction) / (others + kWriteWeight),
                                    p.done, p.total});
                       }};
    STRATA_ASSIGN(const WrittenTemplate written, writeTemplate(stages, parts, out, writing));

    DecomposeReport report;
    report.out = out;
    report.frames = clip->frameCount();
    report.person = parts.subject.id;
    report.hasOccluder = written.hasOccluder;
    report.fitError = parts.fitError;
    report.fitAcceleration = parts.fitAcceleration;
    return report;
}

} // namespace strata
