// SPDX-License-Identifier: Apache-2.0
// `strata train run` and `strata eval coder` for machines without the libraries that the program
// itself needs; the options are called the same.
#include "packaging/gpu/program/report.h"

#include "engine/eval/picture_score.h"
#include "engine/train/session/coder_rounds.h"
#include "engine/train/session/train_session.h"

#include <array>
#include <csignal>
#include <stop_token>

namespace strata::gpu {
namespace {

constexpr const char* kBody = STRATA_SOURCE_DIR "/assets/body/strata_body.npz";

// A signal may only set a flag of this kind; the progress of a step looks at it.
volatile std::sig_atomic_t asked = 0;

int failed(const Error& error) {
    std::fprintf(stderr, "%s\n", error.message.c_str());
    return 1;
}

/// Stops after the step that is under way, and saves.
JobContext untilAsked(std::stop_source& stop) {
    std::signal(SIGINT, [](int) { asked = 1; });
    std::signal(SIGTERM, [](int) { asked = 1; });
    return {stop.get_token(), [&stop](const Progress& progress) {
                if (asked)
                    stop.request_stop();
                if (progress.done % 50 == 0)
                    std::printf("%s %lld of %lld\n", progress.stage.c_str(),
                                static_cast<long long>(progress.done),
                                static_cast<long long>(progress.total));
                std::fflush(stdout);
            }};
}

} // namespace

int train(const Arguments& arguments) {
    TrainSessionOptions options;
    options.config = arguments.text("config", options.config);
    options.settings = arguments.all("set");
    options.begin = arguments.all("begin");
    options.assets = arguments.text("assets", "");
    options.clips = arguments.text("clips", "");
    options.body = arguments.text("body", kBody);
    options.encoder = arguments.text("encoder", "");
    options.side = arguments.number("size", options.side);
    options.out = arguments.text("out", "");
    options.from = arguments.text("from", "");
    options.device = arguments.text("device", "cuda");
    std::stop_source stop;
    const auto done = trainSession(options, untilAsked(stop));
    if (!done)
        return failed(done.error());
    std::printf("%lld steps, loss %.5f over the last of them; networks in %s\n",
                static_cast<long long>(done->steps), done->loss, done->networks.c_str());
    return 0;
}

int scoreCoder(const Arguments& arguments) {
    CoderRounds rounds;
    rounds.from = arguments.text("from", "");
    rounds.assets = arguments.text("assets", "");
    rounds.body = arguments.text("body", kBody);
    rounds.side = arguments.number("size", rounds.side);
    rounds.clips = arguments.number("count", rounds.clips);
    rounds.device = arguments.text("device", "cuda");
    std::array<PictureScore, kRoundNames.size()> scores;
    const auto take = [&](RoundKind kind, const ImageU8& given, const ImageU8& back) {
        return scores[std::size_t(kind)].add(back, given);
    };
    std::stop_source stop;
    if (const Status done = codeAndDecode(rounds, take, untilAsked(stop)); !done)
        return failed(done.error());
    Report report(arguments.text("out", ""));
    for (std::size_t k = 0; k < scores.size(); ++k)
        report.write(Report::Line(kRoundNames[k])
                         .add("psnr", scores[k].psnr())
                         .add("ssim", scores[k].similarity()));
    return 0;
}

} // namespace strata::gpu
