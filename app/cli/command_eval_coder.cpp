// SPDX-License-Identifier: Apache-2.0
#include "app/cli/command.h"
#include "app/cli/progress_printer.h"
#include "engine/eval/picture_score.h"
#include "engine/media/contact_sheet.h"
#include "engine/media/image_io.h"
#include "engine/pipeline/installation.h"
#include "engine/train/session/coder_rounds.h"

#include <nlohmann/json.hpp>

#include <array>
#include <cstdio>
#include <memory>

namespace strata::cli {
namespace {

constexpr std::size_t kShown = 24; // pictures on the sheet, each beside what came back

struct Options {
    CoderRounds rounds;
    std::string sheet;
};

using Scores = std::array<PictureScore, kRoundNames.size()>;

ImageU8 sideBySide(const ImageU8& left, const ImageU8& right) {
    ImageU8 out(left.width() + right.width(), left.height(), 3);
    for (int y = 0; y < out.height(); ++y) {
        std::copy_n(left.row(y), std::size_t(left.width()) * 3, out.row(y));
        std::copy_n(right.row(y), std::size_t(right.width()) * 3, out.pixel(left.width(), y));
    }
    return out;
}

void print(const Scores& scores, const Session& session) {
    nlohmann::json done = {{"event", "done"}};
    for (std::size_t k = 0; k < scores.size(); ++k) {
        const PictureScore& score = scores[k];
        done[kRoundNames[k]] = {
            {"pictures", score.pictures()}, {"psnr", score.psnr()}, {"ssim", score.similarity()}};
        if (!session.json)
            std::printf("%-10s %4d pictures: PSNR %.2f dB, SSIM %.4f\n", kRoundNames[k],
                        score.pictures(), score.psnr(), score.similarity());
    }
    if (session.json)
        std::printf("%s\n", done.dump().c_str());
}

Status run(Options options, Session& session) {
    STRATA_ASSIGN(const auto folder, assetsFolder());
    options.rounds.body = folder / "body/strata_body.npz";
    ProgressPrinter printer(ProgressPrinter::modeFor(session.json, session.quiet));
    Scores scores;
    std::vector<SheetCell> cells;
    const auto take = [&](RoundKind kind, const ImageU8& given, const ImageU8& back) -> Status {
        STRATA_TRY(scores[std::size_t(kind)].add(back, given));
        if (!options.sheet.empty() && cells.size() < kShown)
            cells.push_back({std::make_shared<const ImageU8>(sideBySide(given, back)), ""});
        return ok();
    };
    STRATA_TRY(codeAndDecode(options.rounds, take,
                             {session.stop, [&](const Progress& p) { printer.show(p); }}));
    printer.finish();
    print(scores, session);
    if (options.sheet.empty())
        return ok();
    return writePng(options.sheet, makeContactSheet(cells, {4, 2 * options.rounds.side, 4}));
}

} // namespace

Command addEvalCoder(CLI::App& eval) {
    auto options = std::make_shared<Options>();
    CLI::App* app = eval.add_subcommand(
        "coder", "PSNR and SSIM of held-out pictures that a picture coder gives back");
    app->add_option("from", options->rounds.from,
                    "A folder of networks that training wrote, or a checkpoint")
        ->required();
    app->add_option("--assets", options->rounds.assets, "The file that 'strata train pack' wrote")
        ->required();
    app->add_option("--size", options->rounds.side, "Side of the pictures")
        ->check(CLI::Range(16, 2048))
        ->capture_default_str();
    app->add_option("--count", options->rounds.clips, "How many clips, three pictures of each")
        ->check(CLI::Range(1, 100000))
        ->capture_default_str();
    app->add_option("--device", options->rounds.device, "cpu or cuda")->capture_default_str();
    app->add_option("--sheet", options->sheet, "A picture (PNG) of what came back");
    return {app, [options](Session& session) { return run(*options, session); }};
}

} // namespace strata::cli
