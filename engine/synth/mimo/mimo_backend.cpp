// SPDX-License-Identifier: Apache-2.0
#include <torch/torch.h>

#include "engine/synth/mimo/mimo_backend.h"

#include "engine/synth/mimo/mimo_work.h"

#include <algorithm>

namespace strata {
namespace {

constexpr int kStillWindow = 1024;            // without motion modules there is no limit of theirs
constexpr std::int64_t kMostPixels = 1 << 24; // of one picture
constexpr int kMostFrames = 1 << 20;

Error misshapen(const std::string& what, FrameShape wanted, FrameShape given) {
    const auto text = [](FrameShape s) {
        return std::to_string(s.channels) + "x" + std::to_string(s.height) + "x" +
               std::to_string(s.width);
    };
    return {ErrorCode::ShapeMismatch,
            what + " must be " + text(wanted) + " for these networks, not " + text(given) + "."};
}

int channels(std::int64_t count) { return int(count); }

/// The picture for CLIP, or the tokens in the place of CLIP's.
Status checkTokenSource(const nn::MimoConfig& config, const ReferenceInput& reference) {
    const auto width = std::max(config.reference.contextWidth, config.denoiser.contextWidth);
    if (!config.usesClip() && width == 0)
        return ok();
    const int side = int(config.clip.image);
    const FrameShape wanted = config.usesClip()
                                  ? FrameShape{3, side, side}
                                  : FrameShape{1, channels(config.tokens), channels(width)};
    const FrameStack& given = config.usesClip() ? reference.clip : reference.tokens;
    if (given.frames() == 1 && given.shape() == wanted)
        return ok();
    return misshapen(config.usesClip() ? "The picture for the CLIP network"
                                       : "Tokens of the identity",
                     wanted, given.shape());
}

Status checkPictures(const FrameStack& pictures, const std::string& what, std::int64_t count,
                     Size size) {
    const FrameShape wanted{channels(count), size.height, size.width};
    return pictures.shape() == wanted ? ok() : misshapen(what, wanted, pictures.shape());
}

} // namespace

Result<std::unique_ptr<MimoBackend>> MimoBackend::load(const MimoFiles& files,
                                                       const nn::MimoConfig& config,
                                                       const MimoPlace& place,
                                                       const MimoOptions& options) {
    MimoPlace from = place;
    MimoOptions used = options;
    if (options.memory) {
        from.precision = options.memory->plan().precision;
        from.waiting = options.memory->plan().offload;
        used.device = place.device;
    }
    STRATA_ASSIGN(LoadedMimo loaded, loadMimo(files, config, from));
    auto backend = std::make_unique<MimoBackend>(std::move(loaded.networks), used);
    backend->m_notes = std::move(loaded.notes);
    return backend;
}

MimoBackend::MimoBackend(std::shared_ptr<nn::MimoNetworks> networks, const MimoOptions& options)
    : m_impl(std::make_unique<Impl>(std::move(networks), options)) {}

MimoBackend::~MimoBackend() = default;

const MemoryLadder& MimoBackend::memory() const { return m_impl->memory; }

FrameShape MimoBackend::latentShape(Size picture) const {
    return {channels(m_impl->config().vae.latentChannels), picture.height / 8, picture.width / 8};
}

int MimoBackend::longestWindow() const {
    const auto& denoiser = m_impl->config().denoiser;
    return denoiser.motion ? int(denoiser.motionFrames) : kStillWindow;
}

int MimoBackend::windowsPerCall() const { return m_impl->plan().windowsPerCall; }
int MimoBackend::picturesPerCall() const { return m_impl->plan().picturesPerCall; }

Status MimoBackend::setReference(const ReferenceInput& reference, std::stop_token stop) {
    const auto& config = m_impl->config();
    const FrameShape given = reference.picture.shape();
    if (reference.picture.frames() != 1)
        return Error{ErrorCode::Usage, "The identity is one picture."};
    if (given.channels != config.vae.imageChannels || given.height < 8 || given.width < 8)
        return Error{ErrorCode::ShapeMismatch,
                     "The picture of the identity is too small or has other channels than the "
                     "networks read."};
    STRATA_TRY(checkTokenSource(config, reference));
    m_impl->hasReference = false;
    STRATA_TRY(m_impl->guarded("Reading the identity", MemoryPhase::Identity, [&]() -> Status {
        m_impl->readReference(reference, stop);
        return ok();
    }));
    m_impl->hasReference = true;
    return ok();
}

Status MimoBackend::beginClip(int frames, Size picture) {
    const auto pixels = std::int64_t(picture.width) * picture.height;
    if (frames < 1 || frames > kMostFrames || picture.width < 8 || picture.height < 8 ||
        picture.width % 8 != 0 || picture.height % 8 != 0 || pixels > kMostPixels)
        return Error{ErrorCode::Usage, "The networks work on pictures whose sides are multiples of "
                                       "8, up to 4096x4096."};
    m_impl->picture = picture;
    m_impl->latent = latentShape(picture);
    m_impl->known.assign(std::size_t(frames), false);
    m_impl->pose.reset();
    m_impl->around.reset();
    return m_impl->guarded("Making room for the clip", MemoryPhase::Motion, [&]() -> Status {
        m_impl->makeRoom(frames);
        return ok();
    });
}

Status MimoBackend::setConditions(int first, const ConditionInput& input, std::stop_token stop) {
    const auto& config = m_impl->config();
    const int count = input.pose.frames();
    if (first < 0 || count < 1 || std::size_t(first) + std::size_t(count) > m_impl->known.size())
        return Error{ErrorCode::Usage, "These frames are not in the clip."};
    STRATA_TRY(checkPictures(input.pose, "Pictures of the motion", config.pose.inChannels,
                             m_impl->picture));
    std::vector<const FrameStack*> stacks;
    if (config.scene)
        stacks.push_back(&input.scene);
    if (config.occluder)
        stacks.push_back(&input.occluder);
    if (config.sketch)
        stacks.push_back(&input.sketch);
    for (const FrameStack* stack : stacks) {
        const std::string what = stack == &input.scene      ? "Pictures of the scene"
                                 : stack == &input.occluder ? "Pictures of what is in front"
                                                            : "Sketches of the person";
        if (stack->frames() != count)
            return Error{ErrorCode::Usage, what + " are needed for each frame by these networks."};
        STRATA_TRY(checkPictures(*stack, what, config.vae.imageChannels, m_impl->picture));
    }
    STRATA_TRY(m_impl->guarded("Reading motion and scene", MemoryPhase::Coding, [&]() -> Status {
        m_impl->readConditions(first, input.pose, stacks, stop);
        return ok();
    }));
    std::fill_n(m_impl->known.begin() + first, count, true);
    return ok();
}

Status MimoBackend::check(const PredictionRequest& request) const {
    const auto& known = m_impl->known;
    if (request.frames.empty() || std::ssize(request.frames) != request.latents.frames())
        return Error{ErrorCode::Usage, "A window needs latents for each of its frames."};
    if (request.latents.shape() != m_impl->latent)
        return misshapen("Latents", m_impl->latent, request.latents.shape());
    for (const int frame : request.frames)
        if (frame < 0 || std::size_t(frame) >= known.size() || !known[std::size_t(frame)])
            return Error{ErrorCode::Usage, "Frame " + std::to_string(frame) +
                                               " of the clip has no motion and scene yet."};
    if (std::ssize(request.frames) > longestWindow())
        return Error{ErrorCode::Usage, "The networks take windows of up to " +
                                           std::to_string(longestWindow()) + " frames, not " +
                                           std::to_string(request.frames.size()) + "."};
    return ok();
}

Result<std::vector<Prediction>> MimoBackend::predict(std::span<const PredictionRequest> requests,
                                                     std::stop_token stop) {
    if (!m_impl->hasReference)
        return Error{ErrorCode::Usage, "The networks have not been given an identity yet."};
    for (const auto& request : requests)
        STRATA_TRY(check(request));
    std::vector<Prediction> out;
    while (!requests.empty()) {
        using Predictions = Result<std::vector<Prediction>>;
        STRATA_ASSIGN(auto some,
                      m_impl->guarded("Denoising", MemoryPhase::Denoising, [&]() -> Predictions {
                          return m_impl->predictFirst(requests, stop);
                      }));
        requests = requests.subspan(some.size());
        std::ranges::move(some, std::back_inserter(out));
    }
    return out;
}

Result<FrameStack> MimoBackend::encode(const FrameStack& pictures, std::stop_token stop) {
    const auto [count, height, width] = pictures.shape();
    if (pictures.empty() || count != m_impl->config().vae.imageChannels || height < 8 || width < 8)
        return Error{ErrorCode::Usage, "There are no pictures that the picture coder reads."};
    return m_impl->guarded("Encoding pictures", MemoryPhase::Coding, [&]() -> Result<FrameStack> {
        return stackOf(m_impl->encoded(pictures, stop));
    });
}

Result<FrameStack> MimoBackend::decode(const FrameStack& latents, std::stop_token stop) {
    if (latents.empty() || latents.shape().channels != m_impl->config().vae.latentChannels)
        return Error{ErrorCode::Usage, "There are no latents that the picture coder reads."};
    return m_impl->guarded("Decoding pictures", MemoryPhase::Coding,
                           [&]() -> Result<FrameStack> { return m_impl->decoded(latents, stop); });
}

bool MimoBackend::refines() const { return m_impl->config().refines(); }

Result<FrameStack> MimoBackend::refine(FrameStack change, const FrameStack& sketch,
                                       const FrameStack& scene, std::stop_token stop) {
    if (!refines())
        return change;
    for (const FrameStack* stack : {&sketch, &scene})
        if (stack->frames() != change.frames() || stack->shape() != change.shape() ||
            change.empty() || change.shape().channels != 3)
            return Error{ErrorCode::ShapeMismatch,
                         "Sketch, scene and what is to be changed must be pictures of one size."};
    return m_impl->guarded("Refining pictures", MemoryPhase::Coding, [&]() -> Result<FrameStack> {
        return m_impl->refined(change, sketch, scene, stop);
    });
}

Result<FrameStack> MimoBackend::decodeDraft(const FrameStack& latents, std::stop_token stop) {
    if (!m_impl->draft.ready() || latents.shape().channels != m_impl->config().vae.latentChannels)
        return decode(latents, stop);
    return m_impl->draft.decode(latents);
}

} // namespace strata
