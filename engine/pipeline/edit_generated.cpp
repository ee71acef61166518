// SPDX-License-Identifier: Apache-2.0
#include "engine/pipeline/edit_generated.h"

#include "engine/media/image_io.h"
#include "engine/pipeline/motion_pictures.h"
#include "engine/pipeline/stages/generate_stage.h"
#include "engine/synth/diffusion/frame_selection.h"
#include "engine/synth/mimo/mimo_backend.h"

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

Result<MimoPlace> placeOf(const GenerateSettings& settings) {
    if (settings.precision == "float")
        return MimoPlace{MimoPrecision::Float, settings.device};
    if (settings.precision == "half")
        return MimoPlace{MimoPrecision::Half, settings.device};
    if (settings.precision == "bfloat16")
        return MimoPlace{MimoPrecision::BFloat16, settings.device};
    return Error{ErrorCode::Usage, "There is no precision '" + settings.precision +
                                       "'; say float, half or bfloat16."};
}

GeneratorSettings generatorOf(const EditRequest& request) {
    const GenerateSettings& wanted = *request.generate;
    GeneratorSettings settings = wanted.parity ? releaseSettings() : GeneratorSettings{};
    settings.picture = {wanted.size, wanted.size};
    settings.sampler.steps = wanted.steps;
    settings.sampler.guidance = float(wanted.guidance);
    settings.seed = request.seed;
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
    STRATA_ASSIGN(const MimoPlace place, placeOf(wanted));
    GenerateInputs inputs(edit.layers);
    STRATA_ASSIGN(inputs.character, characterOf(context, request, edit.layers, edit.keys));
    STRATA_ASSIGN(const auto motion, motionOf(context, request, edit));
    const MimoFiles& files = edit.installed.files;
    for (const auto& file :
         {files.denoiser, files.reference, files.motion, files.pose, files.vae, files.clip}) {
        STRATA_ASSIGN(std::string digest, contentDigest(file));
        edit.keys.push_back(std::move(digest));
    }
    edit.keys.push_back(wanted.precision);
    inputs.scene = edit.scene;
    inputs.motion = motion.get();
    inputs.generator = generatorOf(request);
    inputs.keepOccluder = request.keepOccluder;
    inputs.settings = request.settings;
    inputs.keys = std::move(edit.keys);
    inputs.networks = [&]() -> Result<std::unique_ptr<DenoiserBackend>> {
        MimoOptions options;
        options.bankInHalf = wanted.parity;
        STRATA_ASSIGN(auto backend,
                      MimoBackend::load(files, nn::MimoConfig::official(), place, options));
        return std::unique_ptr<DenoiserBackend>(std::move(backend));
    };
    context.networks.release();
    return runGenerateStage(context, inputs);
}

} // namespace strata
