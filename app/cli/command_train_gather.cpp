// SPDX-License-Identifier: Apache-2.0
#include "app/cli/clip_options.h"
#include "app/cli/command_train.h"
#include "app/cli/progress_printer.h"
#include "engine/pipeline/gather_job.h"

#include <nlohmann/json.hpp>

#include <cstdio>
#include <memory>

namespace strata::cli {
namespace fs = std::filesystem;
namespace {

struct Options {
    ClipOptions clip; // of each of the files
    std::vector<std::string> files;
    std::string out;
    int side = 192, frames = 8;
};

struct Gathered {
    std::size_t files = 0;
    int pieces = 0;
    std::int64_t frames = 0;
};

Result<GatherReport> gatherFile(const Options& options, const std::string& file,
                                const JobContext& job) {
    ClipOptions one = options.clip;
    one.video = file;
    GatherRequest request;
    STRATA_ASSIGN(request.clip, one.request());
    request.side = options.side;
    request.frames = options.frames;
    const auto write = [&](std::int64_t first, const ClipPiece& piece) {
        char number[24];
        std::snprintf(number, sizeof number, "_%08lld", static_cast<long long>(first));
        const std::string name = fs::path(file).stem().string() + number + ".safetensors";
        return packClipPiece(piece, fs::path(options.out) / name);
    };
    return runGather(request, write, job);
}

Status run(const Options& options, Session& session) {
    std::error_code failed;
    fs::create_directories(options.out, failed);
    if (failed)
        return Error{ErrorCode::Io,
                     "The folder '" + options.out + "' cannot be made: " + failed.message() + "."};
    Gathered sum;
    for (const std::string& file : options.files) {
        ProgressPrinter printer(ProgressPrinter::modeFor(session.json, session.quiet));
        const auto done =
            gatherFile(options, file, {session.stop, [&](const Progress& p) { printer.show(p); }});
        printer.finish();
        if (!done) {
            const bool nobody = done.error().code == ErrorCode::NothingToDo;
            if (!nobody || options.files.size() == 1)
                return done.error();
            std::fprintf(stderr, "%s: %s\n", file.c_str(), done.error().message.c_str());
            continue;
        }
        ++sum.files;
        sum.pieces += done->pieces;
        sum.frames += done->frames;
    }
    if (sum.files == 0)
        return Error{ErrorCode::NothingToDo, "No person was found in any of the files."};
    if (session.json)
        std::printf("%s\n", nlohmann::json({{"event", "done"},
                                            {"files", sum.files},
                                            {"clips", sum.pieces},
                                            {"frames", sum.frames}})
                                .dump()
                                .c_str());
    else
        std::printf("%d clips with %lld frames from %zu files\n", sum.pieces,
                    static_cast<long long>(sum.frames), sum.files);
    return ok();
}

constexpr const char* kFooter = R"(
Each file is taken apart as by 'strata decompose' and cut into clips of a few frames in squares round the person, which
'strata train run --clips' learns from like rendered ones. A picture gives a clip of one frame. An interrupted run goes
on where it stopped when the same command is given again.)";

} // namespace

Command addTrainGather(CLI::App& train) {
    auto options = std::make_shared<Options>();
    CLI::App* app = train.add_subcommand(
        "gather", "Take videos and pictures of people apart and pack them as training clips");
    app->footer(kFooter);
    app->add_option("files", options->files, "Videos, pictures, folders of pictures")->required();
    app->add_option("--out", options->out, "Folder that gets the packed clips")->required();
    app->add_option("--size", options->side, "Side of the square pictures, a multiple of 8")
        ->check(CLI::Range(16, 2048))
        ->capture_default_str();
    app->add_option("--length", options->frames, "Frames of each clip, at most")
        ->check(CLI::Range(1, 1000))
        ->capture_default_str();
    options->clip.addTo(*app);
    return {app, [options](Session& session) { return run(*options, session); }};
}

} // namespace strata::cli
