// SPDX-License-Identifier: Apache-2.0
#include "app/cli/command.h"
#include "app/cli/progress_printer.h"
#include "engine/eval/mask_metrics.h"
#include "engine/eval/plate_metrics.h"
#include "engine/media/gray_reader.h"

#include <nlohmann/json.hpp>

#include <cstdio>
#include <memory>

namespace strata::cli {
namespace {

struct Options {
    std::string result, truth, mask;
    int margin = 16;
    CLI::App *masks = nullptr, *plate = nullptr, *away = nullptr;
};

Status evalMasks(const Options& options, const Session& session, const JobContext& job) {
    STRATA_ASSIGN(const auto result, MaskReader::open(options.result));
    STRATA_ASSIGN(const auto truth, MaskReader::open(options.truth));
    STRATA_ASSIGN(const MaskReport report, scoreMasks(*result, *truth, job));
    const MaskScore& mean = report.mean;
    if (session.json)
        std::printf("%s\n", nlohmann::json({{"event", "done"},
                                            {"frames", report.frames.size()},
                                            {"iou", mean.iou},
                                            {"precision", mean.precision},
                                            {"recall", mean.recall},
                                            {"boundary", mean.boundary},
                                            {"worst_iou", report.worstIou},
                                            {"worst_frame", report.worstFrame}})
                                .dump()
                                .c_str());
    else
        std::printf("%zu frames: mean IoU %.4f, precision %.4f, recall %.4f, boundary F %.4f; "
                    "worst IoU %.4f in frame "
                    "%lld\n",
                    report.frames.size(), mean.iou, mean.precision, mean.recall, mean.boundary,
                    report.worstIou, static_cast<long long>(report.worstFrame));
    return ok();
}

Status evalPictures(const Options& options, const Session& session, const JobContext& job) {
    STRATA_ASSIGN(const auto result, VideoReader::open(options.result));
    STRATA_ASSIGN(const auto truth, VideoReader::open(options.truth));
    STRATA_ASSIGN(const auto mask, MaskReader::open(options.mask));
    const bool inside = options.plate->parsed();
    STRATA_ASSIGN(const PlateReport report,
                  inside ? scorePlateInside(*result, *truth, *mask, job)
                         : scorePlateOutside(*result, *truth, *mask, options.margin, job));
    if (session.json)
        std::printf("%s\n", nlohmann::json({{"event", "done"},
                                            {"frames", report.frames},
                                            {"psnr", report.psnr},
                                            {"worst_psnr", report.worstPsnr},
                                            {"worst_frame", report.worstFrame}})
                                .dump()
                                .c_str());
    else
        std::printf("%lld frames: PSNR %s the mask %.2f dB; worst %.2f dB in frame %lld\n",
                    static_cast<long long>(report.frames), inside ? "inside" : "away from",
                    report.psnr, report.worstPsnr, static_cast<long long>(report.worstFrame));
    return ok();
}

Status runVideos(const Options& options, Session& session) {
    ProgressPrinter printer(ProgressPrinter::modeFor(session.json, session.quiet));
    const JobContext job{session.stop, [&](const Progress& p) { printer.show(p); }};
    return options.masks->parsed() ? evalMasks(options, session, job)
                                   : evalPictures(options, session, job);
}

} // namespace

Command addEval(CLI::App& root) {
    auto options = std::make_shared<Options>();
    CLI::App* app = root.add_subcommand("eval", "Measure results against the truth");
    app->require_subcommand(1);
    const Command coder = addEvalCoder(*app), generator = addEvalGenerator(*app);
    options->masks =
        app->add_subcommand("masks", "Intersection over union of a mask with the true one");
    options->plate = app->add_subcommand("plate", "PSNR of a plate inside the removed person");
    options->away = app->add_subcommand("away", "PSNR of an edited clip away from the person");
    for (CLI::App* sub : {options->masks, options->plate, options->away}) {
        sub->add_option("result", options->result,
                        "What was made: video, picture or folder of pictures")
            ->required();
        sub->add_option("truth", options->truth, "What is true, in the same form")->required();
    }
    for (CLI::App* sub : {options->plate, options->away})
        sub->add_option("--mask", options->mask, "Where the person is (inside above 127)")
            ->required();
    options->away
        ->add_option("--margin", options->margin, "Pixels round the mask that are left out")
        ->capture_default_str();
    return {app, [options, coder, generator](Session& session) {
                for (const Command& part : {coder, generator})
                    if (part.app->parsed())
                        return part.run(session);
                return runVideos(*options, session);
            }};
}

} // namespace strata::cli
