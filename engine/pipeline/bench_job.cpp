// SPDX-License-Identifier: Apache-2.0
#include "engine/pipeline/bench_job.h"

#include "engine/nn/matrix_rate.h"
#include "engine/pipeline/bench_bounds.h"
#include "engine/pipeline/bench_probes.h"
#include "engine/pipeline/installation.h"

#include <algorithm>
#include <cstdio>
#include <map>
#include <memory>
#include <stdlib.h>

namespace strata {
namespace fs = std::filesystem;
namespace {

constexpr std::int64_t kFrames = 48;
constexpr std::int64_t kFewestFrames = 8; // fewer say nothing about speed
constexpr double kSlowBlas = 5; // GFLOP/s per core: below it is the reference implementation

/// Seconds that pass while each stage is the one that reports.
class StageClock {
public:
    void enter(const std::string& stage) {
        if (!m_stage.empty())
            m_seconds[m_stage] += m_watch.seconds();
        m_stage = stage;
        m_watch = {};
    }
    double seconds(const std::string& stage) const {
        const auto it = m_seconds.find(stage);
        return it == m_seconds.end() ? 0 : it->second;
    }

private:
    std::map<std::string, double> m_seconds;
    std::string m_stage;
    Stopwatch m_watch;
};

/// A folder that goes when it is no longer needed.
struct TemporaryFolder {
    fs::path path;

    static Result<std::unique_ptr<TemporaryFolder>> create() {
        std::error_code failed;
        std::string name = (fs::temp_directory_path(failed) / "strata-bench-XXXXXX").string();
        if (failed || !::mkdtemp(name.data()))
            return Error{ErrorCode::Io, "The temporary folder " + name + " cannot be made."};
        auto folder = std::make_unique<TemporaryFolder>();
        folder->path = name;
        return folder;
    }
    ~TemporaryFolder() {
        std::error_code ignored;
        if (!path.empty())
            fs::remove_all(path, ignored);
    }
};

ClipRequest shortened(ClipRequest request) {
    const FrameRange all = request.frames.value_or(FrameRange{0, kFrames});
    request.frames = FrameRange{all.begin, std::min(all.end, all.begin + kFrames)};
    return request;
}

Status loadAll(Networks& networks) {
    STRATA_TRY(networks.available());
    STRATA_TRY(networks.detector());
    STRATA_TRY(networks.pose());
    STRATA_TRY(networks.matting());
    STRATA_TRY(networks.depth());
    STRATA_TRY(networks.inpainter());
    return ok();
}

BenchStage decodeStage(Clip& clip, double readFrame) {
    BenchStage stage{"decode", 1 / readFrame, 0, "ffmpeg decoding to nothing"};
    const auto reference =
        ffmpegDecodeFps(clip.path(), clip.firstSourceFrame() + clip.frameCount());
    if (reference)
        stage.boundFps = *reference;
    else
        stage.bound = reference.error().message;
    return stage;
}

Status measureMachine(BenchReport& report) {
    STRATA_ASSIGN(const nn::MatrixRate rate, nn::measureMatrixRate());
    report.gflops = std::max(report.gflops, rate.best());
    report.blasGflops = std::max(report.blasGflops, rate.blas);
    report.threads = rate.threads;
    return ok();
}

std::string blasWarning(const BenchReport& report) {
    if (report.blasGflops >= kSlowBlas * report.threads)
        return {};
    char text[200];
    std::snprintf(text, sizeof text,
                  "LibTorch's BLAS multiplies matrices at only %.1f GFLOP/s; install "
                  "libopenblas0-pthread.",
                  report.blasGflops);
    return text;
}

} // namespace

Result<BenchReport> benchDecompose(const ClipRequest& request, const JobContext& context) {
    const ClipRequest wanted = shortened(request);
    STRATA_ASSIGN(const auto clip, Clip::open(wanted));
    if (clip->frameCount() < kFewestFrames)
        return Error{ErrorCode::Usage, "A benchmark needs at least " +
                                           std::to_string(kFewestFrames) + " frames, not " +
                                           std::to_string(clip->frameCount()) + "."};
    STRATA_ASSIGN(const ModelStore store, openModelStore());
    Networks networks(store);
    STRATA_ASSIGN(const NetworkFiles files, networks.files());
    STRATA_TRY(loadAll(networks));
    STRATA_ASSIGN(const InstalledBody body, loadInstalledBody(wanted.body));
    STRATA_ASSIGN(const auto folder, TemporaryFolder::create());
    STRATA_ASSIGN(const auto cache, CacheStore::open(folder->path / "cache"));

    BenchReport report;
    report.frames = clip->frameCount();
    STRATA_TRY(measureMachine(report));
    STRATA_ASSIGN(const double readFrame, readingTime(*clip));
    report.stages.push_back(decodeStage(*clip, readFrame));

    StageClock clock;
    const JobContext timed{context.stop, [&](const Progress& progress) {
                               clock.enter(progress.stage);
                               if (context.report)
                                   context.report(progress);
                           }};
    STRATA_ASSIGN(StageRunner runner, StageRunner::create(*cache, decomposePlan(), timed));
    NetworkUse use;
    StageContext stages{*clip, networks, body.model, body.key, runner, &use};
    STRATA_ASSIGN(const Decomposition parts, decompose(stages, wanted.person));
    clock.enter({});

    // Measured twice, because other programs may have kept the processor busy the first time.
    STRATA_TRY(measureMachine(report));
    report.warning = blasWarning(report);
    STRATA_ASSIGN(const StageBounds bounds,
                  boundsOf({files, use, parts, report.gflops, readFrame, folder->path}));
    for (const auto& stage : decomposePlan()) {
        const double seconds = clock.seconds(stage.name);
        const auto bound = bounds.find(stage.name);
        if (seconds > 0 && bound != bounds.end())
            report.stages.push_back({stage.name, double(report.frames) / seconds, bound->second.fps,
                                     bound->second.text});
    }
    return report;
}

} // namespace strata
