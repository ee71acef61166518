// SPDX-License-Identifier: Apache-2.0
#include "app/cli/command.h"
#include "app/cli/progress_printer.h"
#include "engine/pipeline/installation.h"

#include <nlohmann/json.hpp>

#include <cstdio>
#include <memory>

namespace strata::cli {
namespace {

struct Options {
    std::string what = "lite";
    std::string file;
    CLI::App *list = nullptr, *fetch = nullptr, *verify = nullptr, *import = nullptr;
};

const char* nameOf(ModelState state) {
    switch (state) {
    case ModelState::Ready:
        return "ready";
    case ModelState::Damaged:
        return "damaged";
    default:
        return "missing";
    }
}

double megabytes(const ModelManifest& manifest) {
    double bytes = 0;
    for (const auto& file : manifest.files)
        bytes += double(file.bytes);
    return bytes / 1e6;
}

void print(const Session& session, const ModelStore& store, const ModelManifest& manifest,
           bool hashes) {
    const char* state = nameOf(store.state(manifest, hashes));
    if (session.json)
        std::printf("%s\n", nlohmann::json({{"event", "model"},
                                            {"id", manifest.id},
                                            {"group", manifest.group},
                                            {"title", manifest.title},
                                            {"state", state},
                                            {"megabytes", megabytes(manifest)},
                                            {"license", manifest.license},
                                            {"home", manifest.home}})
                                .dump()
                                .c_str());
    else {
        char size[32] = "size unknown";
        if (const double known = megabytes(manifest); known > 0)
            std::snprintf(size, sizeof size, "%.1f MB", known);
        std::printf("%-8s %-24s %-5s %12s  %s (%s)\n", state, manifest.id.c_str(),
                    manifest.group.c_str(), size, manifest.purpose.c_str(),
                    manifest.license.c_str());
    }
}

Status verify(const Session& session, const ModelStore& store) {
    std::string damaged;
    for (const auto& manifest : store.manifests()) {
        print(session, store, manifest, true);
        if (store.state(manifest, true) == ModelState::Damaged)
            damaged += (damaged.empty() ? "" : ", ") + manifest.id;
    }
    if (!damaged.empty())
        return Error{ErrorCode::BadFormat,
                     "Damaged: " + damaged + "; run 'strata models fetch' with these names."};
    return ok();
}

Status run(const Options& options, Session& session) {
    STRATA_ASSIGN(ModelStore store, openModelStore());
    if (options.fetch->parsed()) {
        ProgressPrinter printer(ProgressPrinter::modeFor(session.json, session.quiet));
        return store.fetch(options.what,
                           {session.stop, [&](const Progress& p) { printer.show(p); }});
    }
    if (options.verify->parsed())
        return verify(session, store);
    if (options.import->parsed()) {
        STRATA_ASSIGN(const std::string id, store.import(options.file));
        std::printf("%s is %s; it is ready to use.\n", options.file.c_str(), id.c_str());
        return ok();
    }
    for (const auto& manifest : store.manifests())
        print(session, store, manifest, false);
    return ok();
}

} // namespace

Command addModels(CLI::App& root) {
    auto options = std::make_shared<Options>();
    CLI::App* app =
        root.add_subcommand("models", "List, fetch, verify and import the networks Strata uses");
    app->require_subcommand(1);
    options->list = app->add_subcommand("list", "All models with size, licence and state");
    options->fetch =
        app->add_subcommand("fetch", "Download models by name or group and verify them");
    options->fetch->add_option("what", options->what, "A model's name or a group")
        ->capture_default_str();
    options->verify =
        app->add_subcommand("verify", "Check every installed file against its SHA-256");
    options->import = app->add_subcommand("import", "Take over a model file you already have");
    options->import->add_option("file", options->file, "The file")->required();
    return {app, [options](Session& session) { return run(*options, session); }};
}

} // namespace strata::cli
