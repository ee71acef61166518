// SPDX-License-Identifier: Apache-2.0
#include "engine/pipeline/edit_generated.h"

#include "engine/media/image_io.h"
#include "engine/pipeline/generator_config.h"
#include "engine/pipeline/generator_plan.h"
#include "engine/pipeline/motion_pictures.h"
#include "engine/pipeline/preview_sheet.h"
#include "engine/pipeline/stages/generate_stage.h"
#include "engine/raster/motion_code.h"
#include "engine/synth/canonical.h"
#include "engine/synth/diffusion/frame_selection.h"

#include <cmath>

namespace strata {
namespace {

bool bringsMotion(const EditRequest& request) {
    return !request.templateFolder.empty() && request.motion.empty();
}

ImageU8 withMatte(const ImageU8& rgb, const std::uint8_t* matte) {
    ImageU8 out(rgb.width(), rgb.height(), 4);
    const std::size_t pixels = rgb.count() / 3;
    for (std::size_t i = 0; i < pixels; ++i) {
        std::copy_n(rgb.data() + 3 * i, 3, out.data() + 4 * i);
        out.data()[4 * i + 3] = matte[i];
    }
    return out;
}

/// The picture given, else the clip's own person where it is seen best.
Result<ImageU8> characterOf(StageContext& context, const EditRequest& request, EditLayers& layers,
                            std::vector<std::string>& keys) {
    if (request.identity.empty()) {
        keys.push_back("portrait " + std::to_string(layers.portraitFrame));
        STRATA_ASSIGN(const auto rgb, context.clip.frame(layers.portraitFrame));
        STRATA_ASSIGN(const auto matte, layers.human->frame(layers.portraitFrame));
        return withMatte(*rgb, matte->data());
    }
    STRATA_ASSIGN(std::string digest, contentDigest(request.identity));
    keys.push_back("identity " + digest + context.networks.digest("modnet"));
    STRATA_ASSIGN(const ImageU8 rgb, readImage(request.identity));
    STRATA_ASSIGN(Matting* const matting, context.networks.matting());
    STRATA_ASSIGN(const ImageF alpha, matting->alpha(rgb));
    std::vector<std::uint8_t> matte(alpha.count());
    for (std::size_t i = 0; i < matte.size(); ++i)
        matte[i] = std::uint8_t(std::lround(255.f * std::clamp(alpha.data()[i], 0.f, 1.f)));
    return withMatte(rgb, matte.data());
}

Result<std::unique_ptr<ColorSource>> motionOf(StageContext& context, const EditRequest& request,
                                              GeneratedEdit& edit) {
    if (bringsMotion(request)) {
        edit.keys.push_back("motion of the template");
        return templateMotion(request.templateFolder, context.clip);
    }
    STRATA_ASSIGN(MotionColors colors,
                  readMotionColors(edit.installed.colors, context.body.vTemplate.size()));
    edit.keys.push_back("colors " + colors.key);
    PlacedMotion placed; // in the build of the one who leaves, as the network learnt it
    placed.motion = std::move(edit.driving);
    return drawnMotion(context.body, std::move(placed), std::move(colors.values),
                       context.clip.frameSize());
}

GeneratorSettings generatorOf(const EditRequest& request, const nn::MimoConfig& networks) {
    const GenerateSettings& wanted = *request.generate;
    GeneratorSettings settings = wanted.parity ? releaseSettings() : GeneratorSettings{};
    settings.picture = {wanted.size, wanted.size};
    settings.sampler.steps = wanted.steps;
    settings.sampler.guidance = float(wanted.guidance);
    settings.sampler.guideFrom = wanted.guideFrom;
    settings.sampler.guideTo = wanted.guideTo;
    settings.seed = request.seed;
    settings.takesOccluder = networks.occluder;
    settings.takesSketch = networks.sketch;
    return settings;
}

Result<InstalledGenerator> installedSmall(const ModelStore& store, const EditRequest& request) {
    if (request.generate->parity)
        return Error{ErrorCode::Usage,
                     "Only the published generator can be run exactly as published."};
    const auto& folder = request.generate->networks;
    const auto place = [&](const char* name) -> Result<std::filesystem::path> {
        if (folder.empty())
            return store.file("small", name);
        if (std::filesystem::exists(folder / name))
            return folder / name;
        return Error{ErrorCode::NotFound,
                     "The folder '" + folder.string() + "' has no " + name + "."};
    };
    InstalledGenerator installed;
    installed.networks = nn::MimoConfig::small();
    auto& files = installed.files;
    STRATA_ASSIGN(files.vae, place("vae.safetensors"));
    STRATA_ASSIGN(files.pose, place("pose.safetensors"));
    STRATA_ASSIGN(files.reference, place("reference.safetensors"));
    STRATA_ASSIGN(files.denoiser, place("denoiser.safetensors"));
    if (folder.empty() || std::filesystem::exists(folder / "refiner.safetensors")) {
        STRATA_ASSIGN(files.refiner, place("refiner.safetensors"));
    } else { // of an earlier training
        installed.networks.refiner.channels.clear();
    }
    STRATA_ASSIGN(installed.codes, place("codes.safetensors"));
    STRATA_ASSIGN(const auto settings, place("training.json"));
    STRATA_ASSIGN(installed.networks.vae.scale, readLatentScale(settings));
    installed.further = {installed.codes, settings};
    return installed;
}

Result<InstalledGenerator> installedMimo(const ModelStore& store, const EditRequest& request) {
    InstalledGenerator installed;
    auto& files = installed.files;
    STRATA_ASSIGN(files.denoiser, store.file("mimo", "denoising_unet.pth"));
    STRATA_ASSIGN(files.reference, store.file("mimo", "reference_unet.pth"));
    STRATA_ASSIGN(files.motion, store.file("mimo", "motion_module.pth"));
    STRATA_ASSIGN(files.pose, store.file("mimo", "pose_guider.pth"));
    STRATA_ASSIGN(files.vae, store.file("sd_vae_ft_mse", "diffusion_pytorch_model.safetensors"));
    STRATA_ASSIGN(files.clip, store.file("clip_image_encoder", "pytorch_model.bin"));
    if (!bringsMotion(request)) {
        STRATA_ASSIGN(installed.colors, store.file("mimo_codes", "sdc_info.npy"));
    }
    const auto sizes = files.denoiser.parent_path() / "networks.json";
    STRATA_ASSIGN(installed.networks, readGeneratorConfig(sizes));
    if (std::filesystem::exists(sizes))
        installed.further.push_back(sizes);
    return installed;
}

std::vector<std::filesystem::path> decidingFiles(const InstalledGenerator& installed) {
    const MimoFiles& files = installed.files;
    std::vector<std::filesystem::path> out;
    for (const auto& file : {files.denoiser, files.reference, files.motion, files.pose,
                             files.refiner, files.vae, files.clip})
        if (!file.empty())
            out.push_back(file);
    out.insert(out.end(), installed.further.begin(), installed.further.end());
    return out;
}

/// Pictures that the generator's inputs point to.
struct DrawnInputs {
    std::unique_ptr<ColorSource> motion;
    std::unique_ptr<BodyPictures> body;
    std::unique_ptr<DeepColorSource> deepSketch;
    std::unique_ptr<ColorSource> sketch;
};

Result<DrawnInputs> publishedInputs(StageContext& context, const EditRequest& request,
                                    GeneratedEdit& edit, GenerateInputs& inputs) {
    STRATA_ASSIGN(inputs.character, characterOf(context, request, edit.layers, edit.keys));
    DrawnInputs drawn;
    STRATA_ASSIGN(drawn.motion, motionOf(context, request, edit));
    return drawn;
}

Result<DrawnInputs> smallInputs(StageContext& context, const EditRequest& request,
                                GeneratedEdit& edit, GenerateInputs& inputs) {
    const BodyModel& body = context.body;
    const auto& networks = edit.installed.networks;
    const EditDrawing& drawing = *edit.drawing;
    const PlacedMotion& placed = *drawing.inputs.motion;
    if (placed.motion.frames.empty() || placed.motion.cameras.size() != placed.motion.frames.size())
        return Error{ErrorCode::NothingToDo,
                     "Our own generator needs the body's motion, which this template lacks."};
    STRATA_ASSIGN(inputs.square,
                  canonicalPicture(body, drawing.made->identity, request.generate->size));
    STRATA_ASSIGN(DepthEstimator* const encoder, context.networks.depth());
    STRATA_ASSIGN(const auto tokens,
                  encoder->tokens(inputs.square, int(std::lround(std::sqrt(networks.tokens)))));
    edit.keys.push_back("tokens " + context.networks.digest("depth_anything_v2_small"));
    inputs.tokens = FrameStack(1, {1, int(networks.tokens), int(networks.denoiser.contextWidth)});
    if (tokens.size() != inputs.tokens.values().size())
        return Error{ErrorCode::ShapeMismatch,
                     "The image encoder gives other tokens than the generator takes."};
    inputs.tokens.values() = tokens;
    STRATA_ASSIGN(LearntCodes codes, readLearntCodes(edit.installed.codes, body.vTemplate.size()));
    DrawnInputs drawn;
    drawn.motion = drawnMotion(body, placed,
                               defaultMotionCode({&body.vTemplate[0].x, body.vTemplate.size() * 3}),
                               context.clip.frameSize());
    drawn.body = drawnBody(body, placed, std::move(codes));
    if (context.clip.info().bitDepth > 8) {
        drawn.deepSketch = deepDrawnFrames(context, drawing.inputs);
        drawn.sketch = narrowedFrames(*drawn.deepSketch);
    } else {
        drawn.sketch = drawnFrames(context, drawing.inputs);
    }
    return drawn;
}

} // namespace

Result<InstalledGenerator> installedGenerator(const ModelStore& store, const EditRequest& request) {
    return request.generate->small ? installedSmall(store, request) : installedMimo(store, request);
}

Result<StageResult> runGeneratedEdit(StageContext& context, const EditRequest& request,
                                     GeneratedEdit edit) {
    const GenerateSettings& wanted = *request.generate;
    if (wanted.parity && context.clip.frameCount() > kReleaseFrameLimit)
        return Error{ErrorCode::Usage, "As published, at most " +
                                           std::to_string(kReleaseFrameLimit) +
                                           " frames are generated, and the clip has " +
                                           std::to_string(context.clip.frameCount()) + "."};
    GenerateInputs inputs(edit.layers);
    STRATA_ASSIGN(const DrawnInputs drawn, wanted.small
                                               ? smallInputs(context, request, edit, inputs)
                                               : publishedInputs(context, request, edit, inputs));
    const MimoFiles& files = edit.installed.files;
    const nn::MimoConfig& networks = edit.installed.networks;
    for (const auto& file : decidingFiles(edit.installed)) {
        STRATA_ASSIGN(std::string digest, contentDigest(file));
        edit.keys.push_back(std::move(digest));
    }
    inputs.scene = edit.scene;
    inputs.motion = drawn.motion.get();
    inputs.body = drawn.body.get();
    inputs.sketch = drawn.sketch.get();
    inputs.deepSketch = drawn.deepSketch.get();
    inputs.generator = generatorOf(request, networks);
    context.networks.release(); // before it is looked how much memory is free
    STRATA_ASSIGN(const GeneratorPlan plan,
                  planGenerator(wanted, networks, inputs.generator, context.clip.frameCount()));
    edit.keys.push_back(shortName(plan.place.precision));
    if (!request.preview.empty())
        inputs.draft = [&request](const FrameStack& pictures, const std::vector<int>& frames) {
            (void)writeDraftSheet(request.preview, pictures, frames);
        };
    inputs.keepOccluder = request.keepOccluder;
    inputs.personInFront = request.personInFront;
    inputs.settings = request.settings;
    inputs.keys = std::move(edit.keys);
    inputs.networks = [&]() -> Result<std::unique_ptr<DenoiserBackend>> {
        return loadGenerator(files, networks, plan, wanted);
    };
    return runGenerateStage(context, inputs);
}

} // namespace strata
