// SPDX-License-Identifier: Apache-2.0
#include "app/cli/command_train.h"
#include "app/cli/progress_printer.h"
#include "engine/media/image_io.h"
#include "engine/media/resize.h"
#include "engine/media/video_reader.h"
#include "engine/pipeline/installation.h"
#include "engine/pipeline/networks.h"
#include "engine/train/data/asset_gathering.h"

#include <nlohmann/json.hpp>

#include <cstdio>
#include <memory>

namespace strata::cli {
namespace {

struct Options {
    std::string data, out, encoder;
};

Result<std::vector<ImageU8>> framesOf(const std::filesystem::path& path, int count) {
    STRATA_ASSIGN(const auto reader, VideoReader::open(path));
    std::vector<ImageU8> out;
    for (int i = 0; i < count; ++i) {
        STRATA_ASSIGN(const auto frame, reader->frame(reader->frameCount() * i / count));
        out.push_back(*frame);
    }
    return out;
}

PictureReaders readers() {
    return {[](const auto& path) { return readImageRgba(path); },
            [](const auto& path) { return readImageGray(path); }, framesOf,
            [](const ImageU8& image, Size size) {
                return resizeImage(image, size, ResizeFilter::Area);
            }};
}

/// How many of a kind there are, and how many of them are held out.
struct Tally {
    const char* kind;
    std::size_t all, heldOut;
};

std::vector<Tally> talliesOf(const TrainingAssets& assets) {
    const auto worn = [&](WearKind kind) { // a kind that is not divided is the same on both sides
        const auto train = assets.wearOf(kind, Split::Train);
        const auto held = assets.wearOf(kind, Split::HeldOut);
        return train == held ? Tally{nameOf(kind), train.size(), 0}
                             : Tally{nameOf(kind), train.size() + held.size(), held.size()};
    };
    return {worn(WearKind::Suit),
            worn(WearKind::Shoes),
            worn(WearKind::Hair),
            {"cloth", assets.patches.size(), assets.patchesOf(Split::HeldOut).size()},
            {"places", assets.places.size(), assets.placesOf(Split::HeldOut).size()},
            {"motions", assets.motions.size(), assets.motionsOf(Split::HeldOut).size()}};
}

Status packEncoder(const std::string& file) {
    STRATA_ASSIGN(const ModelStore store, openModelStore());
    Networks networks(store);
    STRATA_ASSIGN(DepthEstimator* const depth, networks.depth());
    return depth->writeEncoder(file);
}

Status packAssets(const Options& options, Session& session) {
    ProgressPrinter printer(ProgressPrinter::modeFor(session.json, session.quiet));
    STRATA_ASSIGN(const auto folder, assetsFolder());
    STRATA_ASSIGN(const TrainingAssets assets,
                  gatherAssets(options.data, folder / "body/strata_body.npz", readers(), {},
                               {session.stop, [&](const Progress& p) { printer.show(p); }}));
    STRATA_TRY(assets.save(options.out));
    printer.finish();
    std::error_code none;
    const double megabytes = double(std::filesystem::file_size(options.out, none)) / 1e6;
    if (session.json) {
        nlohmann::json done = {{"event", "done"}, {"megabytes", megabytes}};
        for (const auto& t : talliesOf(assets))
            done[t.kind] = {{"all", t.all}, {"held_out", t.heldOut}};
        std::printf("%s\n", done.dump().c_str());
        return ok();
    }
    for (const auto& t : talliesOf(assets))
        std::printf("%-8s %5zu, %zu of them held out\n", t.kind, t.all, t.heldOut);
    std::printf("%.1f MB in %s\n", megabytes, options.out.c_str());
    return ok();
}

Status run(const Options& options, Session& session) {
    if (options.out.empty() && options.encoder.empty())
        return Error{ErrorCode::Usage, "Say what to write: --out, --encoder or both."};
    if (options.out.empty() != options.data.empty())
        return Error{ErrorCode::Usage, "--data and --out belong together."};
    if (!options.encoder.empty())
        STRATA_TRY(packEncoder(options.encoder));
    return options.out.empty() ? ok() : packAssets(options, session);
}

} // namespace

Command addTrainPack(CLI::App& train) {
    auto options = std::make_shared<Options>();
    CLI::App* app = train.add_subcommand(
        "pack",
        "Gather clothes, cloth, places and motions into the one file that clips are drawn from");
    app->add_option("--data", options->data,
                    "Folder with body/makehuman, people, scenes and motion");
    app->add_option("--out", options->out, "The file to write (.safetensors)");
    app->add_option("--encoder", options->encoder,
                    "Write the image encoder of Depth Anything V2 Small to this file, too: the "
                    "small networks are told about identities by it");
    return {app, [options](Session& session) { return run(*options, session); }};
}

} // namespace strata::cli
