// SPDX-License-Identifier: Apache-2.0
#include "app/cli/clip_options.h"
#include "app/cli/progress_printer.h"

#include <nlohmann/json.hpp>

#include <cstdio>
#include <memory>
#include <optional>

namespace strata::cli {
namespace {

struct Options {
    ClipOptions clip;
    std::string templateFolder, identity, motion, scene, out, preview;
    std::uint64_t seed = 42;
    ExportSettings settings;
    std::string synth = "small";
    GenerateSettings generate;
    std::optional<int> size, steps; // else as the generator wants it
    std::optional<double> guidance;
    std::vector<double> guidanceRange;
    bool noOccluder = false, personInFront = false, noAudio = false;
    MatteTrim personTrim, occluderTrim;
};

Status readRange(const std::vector<double>& range, GenerateSettings& settings) {
    if (range.empty())
        return ok();
    if (range.size() != 2 || range[0] < 0 || range[1] > 1 || range[0] > range[1])
        return Error{ErrorCode::Usage, "--guidance-range needs two shares of the run from 0 to 1, "
                                       "the smaller one first, such as 0.2,1."};
    settings.guideFrom = range[0];
    settings.guideTo = range[1];
    return ok();
}

GenerateSettings generatorOf(const Options& options) {
    const GenerateSettings usual =
        options.synth == "small" ? GenerateSettings::ofSmall() : GenerateSettings{};
    GenerateSettings settings = options.generate;
    settings.small = usual.small;
    settings.size = options.size.value_or(usual.size);
    settings.steps = options.steps.value_or(usual.steps);
    settings.guidance = options.guidance.value_or(usual.guidance);
    return settings;
}

/// A sentence between the lines of progress.
void tell(const std::string& sentence, const Session& session, ProgressPrinter& printer) {
    if (session.json) {
        std::printf("%s\n", nlohmann::json({{"event", "note"}, {"text", sentence}}).dump().c_str());
    } else if (!session.quiet) {
        printer.finish();
        std::fprintf(stderr, "%s\n", sentence.c_str());
    }
}

Status run(const Options& options, Session& session) {
    if (options.clip.video.empty() == options.templateFolder.empty())
        return Error{ErrorCode::Usage,
                     "Name the clip to edit: either --video FILE or --template FOLDER."};
    if (options.identity.empty() && options.motion.empty() && options.scene.empty())
        return Error{ErrorCode::Usage,
                     "Nothing to change: give at least one of --identity, --motion and --scene."};

    EditRequest request;
    STRATA_ASSIGN(request.clip, options.clip.request());
    request.templateFolder = options.templateFolder;
    request.identity = options.identity;
    request.motion = options.motion;
    request.scene = options.scene;
    request.keepOccluder = !options.noOccluder;
    request.personInFront = options.personInFront;
    request.personTrim = options.personTrim;
    request.occluderTrim = options.occluderTrim;
    request.seed = options.seed;
    ProgressPrinter printer(ProgressPrinter::modeFor(session.json, session.quiet));
    if (options.synth != "mesh") {
        request.generate = generatorOf(options);
        STRATA_TRY(readRange(options.guidanceRange, *request.generate));
        request.generate->told = [&](const std::string& sentence) {
            tell(sentence, session, printer);
        };
    }
    request.settings = options.settings;
    request.settings.audio = !options.noAudio;
    request.out = options.out;
    request.preview = options.preview;

    STRATA_ASSIGN(const EditReport report,
                  runEdit(request, {session.stop, [&](const Progress& p) { printer.show(p); }}));
    printer.finish();
    if (session.json)
        std::printf("%s\n", nlohmann::json({{"event", "done"},
                                            {"out", report.out.string()},
                                            {"preview", report.preview.string()},
                                            {"frames", report.frames},
                                            {"note", report.note}})
                                .dump()
                                .c_str());
    else {
        if (!report.note.empty() && !session.quiet)
            std::fprintf(stderr, "%s\n", report.note.c_str());
        std::printf("%s\n", report.out.c_str());
    }
    return ok();
}

void addGenerator(CLI::App& app, Options& options) {
    const char* group = "The generators (--synth small, --synth mimo)";
    app.add_option(
           "--synth", options.synth,
           "Who draws the person: our generator (small), the mesh synthesiser alone (mesh), "
           "which is quicker, or the published generator (mimo)")
        ->check(CLI::IsMember({"mesh", "mimo", "small"}))
        ->capture_default_str();
    app.add_option("--networks", options.generate.networks,
                   "A folder of networks that 'strata train run' wrote, for --synth small")
        ->check(CLI::ExistingDirectory)
        ->group(group);
    app.add_option("--size", options.size, "Side of the square it sees (784; small 192)")
        ->check(CLI::Range(64, 1536))
        ->group(group);
    app.add_option("--steps", options.steps, "Steps of denoising (25; small 1)")
        ->check(CLI::Range(1, 1000))
        ->group(group);
    app.add_option("--guidance", options.guidance,
                   "Strength of the identity, 1 for none (3.5; small 1)")
        ->check(CLI::Range(1.0, 30.0))
        ->group(group);
    app.add_option("--guidance-range", options.guidanceRange,
                   "Guide only in this part of the run, such as 0.2,1: quicker, not the same")
        ->delimiter(',')
        ->group(group);
    app.add_flag("--parity", options.generate.parity, "Exactly as published, mistakes included")
        ->group(group);
    app.add_option("--device", options.generate.device, "cpu or cuda")
        ->capture_default_str()
        ->group(group);
    app.add_option("--precision", options.generate.precision, "auto, float, half or bfloat16")
        ->check(CLI::IsMember({"auto", "float", "half", "bfloat16"}))
        ->capture_default_str()
        ->group(group);
}

void addTrims(CLI::App& app, Options& options) {
    const char* group = "The layers' edges, in pixels of the clip";
    const auto add = [&](const char* name, double& value, double least, const char* help) {
        app.add_option(name, value, help)
            ->check(CLI::Range(least, kMostMatteTrim))
            ->capture_default_str()
            ->group(group);
    };
    add("--person-grow", options.personTrim.grow, -kMostMatteTrim,
        "Take this much more around the old person, less when negative");
    add("--person-feather", options.personTrim.feather, 0, "Soften the edge of the old person");
    add("--occluder-grow", options.occluderTrim.grow, -kMostMatteTrim,
        "Take this much more of what passes in front, less when negative");
    add("--occluder-feather", options.occluderTrim.feather, 0,
        "Soften the edge of what passes in front");
}

constexpr const char* kFooter = R"(
Examples:
  strata edit --video clip.mp4 --identity person.jpg --out new.mp4
  strata edit --video clip.mp4 --motion walk.bvh --scene beach.jpg --out new.mp4 --preview sheet.png

What the person, the motion and the scene are taken from can be combined freely; what is not given stays as it
is in the clip. An interrupted run goes on where it stopped when the same command is given again.)";

} // namespace

Command addEdit(CLI::App& root) {
    auto options = std::make_shared<Options>();
    CLI::App* app =
        root.add_subcommand("edit", "Replace the person, the motion or the scene of a clip");
    app->footer(kFooter);
    app->add_option("--video", options->clip.video,
                    "The clip: a video, a picture or a folder of pictures");
    app->add_option("--template", options->templateFolder,
                    "A decomposed clip (MIMO template folder) instead");
    app->add_option("--identity", options->identity,
                    "Picture of the person to put in, best head to feet");
    app->add_option("--motion", options->motion, "Motion to perform: BVH or AMASS .npz");
    app->add_option("--scene", options->scene, "Video or picture to put the person into");
    app->add_option("-o,--out", options->out, "The MP4 to write")->required();
    app->add_option("--preview", options->preview,
                    "Also write a contact sheet of the result (PNG or JPEG); a draft of it while "
                    "the published generator runs");
    options->clip.addTo(*app);
    app->add_flag("--no-occluder", options->noOccluder,
                  "Leave out what passes in front of the person");
    app->add_flag("--person-in-front", options->personInFront,
                  "Put the person before what passes in front");
    addTrims(*app, *options);
    app->add_option("--seed", options->seed, "Seed of everything random")->capture_default_str();
    app->add_option("--codec", options->settings.codec, "h264 or h265")
        ->check(CLI::IsMember({"h264", "h265"}))
        ->capture_default_str();
    app->add_option("--crf", options->settings.crf, "Quality of the video, lower is better")
        ->check(CLI::Range(0.0, 51.0))
        ->capture_default_str();
    app->add_option("--preset", options->settings.preset, "Speed of the encoder")
        ->capture_default_str();
    addGenerator(*app, *options);
    app->add_flag("--no-audio", options->noAudio, "Do not copy the sound of the clip");
    return {app, [options](Session& session) { return run(*options, session); }};
}

} // namespace strata::cli
