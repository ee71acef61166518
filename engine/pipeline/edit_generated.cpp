// SPDX-License-Identifier: Apache-2.0
#include "engine/pipeline/edit_generated.h"

#include "engine/media/image_io.h"
#include "engine/pipeline/generator_config.h"
#include "engine/pipeline/generator_plan.h"
#include "engine/pipeline/motion_pictures.h"
#include "engine/pipeline/preview_sheet.h"
#include "engine/pipeline/stages/generate_stage.h"
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
    return settings;
}

} // namespace

Result<InstalledGenerator> installedGenerator(const ModelStore& store, const EditRequest& request) {
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
    return installed;
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
    STRATA_ASSIGN(inputs.character, characterOf(context, request, edit.layers, edit.keys));
    STRATA_ASSIGN(const auto motion, motionOf(context, request, edit));
    const MimoFiles& files = edit.installed.files;
    for (const auto& file :
         {files.denoiser, files.reference, files.motion, files.pose, files.vae, files.clip}) {
        STRATA_ASSIGN(std::string digest, contentDigest(file));
        edit.keys.push_back(std::move(digest));
    }
    inputs.scene = edit.scene;
    inputs.motion = motion.get();
    const auto sizes = files.denoiser.parent_path() / "networks.json";
    STRATA_ASSIGN(const nn::MimoConfig networks, readGeneratorConfig(sizes));
    if (std::filesystem::exists(sizes)) {
        STRATA_ASSIGN(std::string digest, contentDigest(sizes));
        edit.keys.push_back(std::move(digest));
    }
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
    inputs.settings = request.settings;
    inputs.keys = std::move(edit.keys);
    inputs.networks = [&]() -> Result<std::unique_ptr<DenoiserBackend>> {
        return loadGenerator(files, networks, plan, wanted);
    };
    return runGenerateStage(context, inputs);
}

} // namespace strata
