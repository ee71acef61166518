// SPDX-License-Identifier: Apache-2.0
#include "app/cli/worker/engine_jobs.h"

#include "app/cli/worker/engine_requests.h"
#include "app/cli/worker/job_reporter.h"
#include "engine/cache/cache_store.h"
#include "engine/pipeline/installation.h"

namespace strata::cli {

using namespace protocol;

namespace {

std::int64_t firstFrameOf(const ClipChoice& clip) { return clip.frames ? clip.frames->begin : 0; }

/// One kind of job each.
struct Run {
    std::stop_token stop;
    const Engine::Tell& tell;

    Result<JobReport> operator()(const Decompose& request) const {
        JobReporter reporter(request.id, firstFrameOf(request.clip), tell);
        STRATA_ASSIGN(
            const DecomposeReport report,
            runDecompose(engineRequest(request), reporter.context(stop), reporter.observer()));
        JobReport done;
        done.out = report.out.string();
        done.frames = report.frames;
        done.person = report.person;
        done.fitError = report.fitError;
        done.fitAcceleration = report.fitAcceleration;
        return done;
    }

    Result<JobReport> operator()(const Edit& request) const {
        JobReporter reporter(request.id, firstFrameOf(request.edit.clip), tell);
        EditRequest edit = engineRequest(request);
        if (edit.generate)
            edit.generate->told = [&](const std::string& text) { tell(Log{request.id, text}); };
        STRATA_ASSIGN(const EditReport report,
                      runEdit(edit, reporter.context(stop), reporter.observer()));
        JobReport done;
        done.out = report.out.string();
        done.preview = report.preview.string();
        done.frames = report.frames;
        done.note = report.note;
        return done;
    }

    Result<JobReport> operator()(const Preview& request) const {
        JobReporter reporter(request.id, firstFrameOf(request.edit.clip), tell);
        STRATA_ASSIGN(
            const PreviewReport report,
            runPreview(engineRequest(request), reporter.context(stop), reporter.observer()));
        JobReport done;
        done.frames = std::int64_t(report.pictures.size());
        return done;
    }

    Result<JobReport> operator()(const FetchModels& request) const {
        JobReporter reporter(request.id, 0, tell);
        STRATA_ASSIGN(ModelStore store, openModelStore());
        STRATA_TRY(store.fetch(request.what, reporter.context(stop)));
        return JobReport{};
    }

    template <typename T>
    Result<JobReport> operator()(const T&) const {
        return Error{ErrorCode::Internal, "This request is no job."};
    }
};

Model describe(const ModelStore& store, const ModelManifest& manifest) {
    Model model;
    model.id = manifest.id;
    model.group = manifest.group;
    model.title = manifest.title;
    model.purpose = manifest.purpose;
    model.license = manifest.license;
    model.home = manifest.home;
    model.bytes = manifest.bytes();
    switch (store.state(manifest)) {
    case ModelState::Missing:
        model.state = ModelPresence::Missing;
        break;
    case ModelState::Ready:
        model.state = ModelPresence::Ready;
        break;
    case ModelState::Damaged:
        model.state = ModelPresence::Damaged;
        break;
    }
    return model;
}

Result<std::vector<Model>> installedModels() {
    STRATA_ASSIGN(const ModelStore store, openModelStore());
    std::vector<Model> models;
    for (const auto& manifest : store.manifests())
        models.push_back(describe(store, manifest));
    return models;
}

} // namespace

Engine pipelineEngine() {
    return {[](const Request& job, std::stop_token stop, const Engine::Tell& tell) {
                return std::visit(Run{std::move(stop), tell}, job);
            },
            installedModels};
}

Result<Hello> introduction() {
    const InstalledDevice device = installedDevice();
    Hello hello;
    hello.program = STRATA_VERSION;
    hello.device = device.kind;
    hello.deviceName = device.name;
    hello.cache = CacheStore::defaultRoot().string();
    STRATA_ASSIGN(hello.models, installedModels());
    return hello;
}

} // namespace strata::cli
