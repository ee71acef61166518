// SPDX-License-Identifier: Apache-2.0
#include <torch/torch.h>

#include "engine/synth/mimo/mimo_backend.h"

#include "engine/nn/guard.h"
#include "engine/nn/memory_scope.h"
#include "engine/nn/mimo/mimo_networks.h"
#include "engine/nn/threads.h"
#include "engine/synth/mimo/mimo_tensors.h"

#include <limits>
#include <optional>

namespace strata {
namespace {

constexpr int kStillWindow = 1024;            // without motion modules there is no limit of theirs
constexpr std::int64_t kPixels = 1 << 18;     // of the pictures that are coded together
constexpr std::int64_t kMostPixels = 1 << 24; // of one picture
constexpr int kMostFrames = 1 << 20;

/// Leaves a network between two of its layers. No std::exception: it is no failure.
struct Stopped {};

void leaveWhen(const std::stop_token& stop) {
    if (stop.stop_requested())
        throw Stopped{};
}

Error misshapen(const std::string& what, FrameShape wanted, FrameShape given) {
    const auto text = [](FrameShape s) {
        return std::to_string(s.channels) + "x" + std::to_string(s.height) + "x" +
               std::to_string(s.width);
    };
    return {ErrorCode::ShapeMismatch,
            what + " must be " + text(wanted) + " for these networks, not " + text(given) + "."};
}

int channels(std::int64_t count) { return int(count); }

} // namespace

struct MimoBackend::Impl {
    std::optional<nn::MemoryScope> memory; // ends after all tensors
    std::shared_ptr<nn::MimoNetworks> networks;
    MimoOptions options;
    torch::TensorOptions place; // type and device of the networks

    nn::Conditions conditions; // of two clips: without and with the identity
    bool hasReference = false;

    Size picture;
    FrameShape latent;
    torch::Tensor pose;   // [frames, C, h, w]: features of the motion code
    torch::Tensor around; // [frames, C, h, w]: latents of the scene and the occluder
    std::vector<bool> known;

    const nn::MimoConfig& config() const { return networks->config; }

    template <typename F>
    std::invoke_result_t<F> guarded(const std::string& doing, F&& run) {
        if (!memory && place.device().is_cpu())
            memory.emplace();
        const nn::ThreadScope threads(options.threads > 0 ? options.threads
                                                          : nn::ThreadScope::all());
        try {
            return nn::inferring(doing, run);
        } catch (const Stopped&) {
            return cancelled();
        }
    }

    torch::Tensor encoded(const torch::Tensor& pictures, const std::stop_token& stop);
    void readReference(const ReferenceInput& reference, const std::stop_token& stop);
    nn::Conditions conditionsFor(int windows, bool without, bool with) const;
    std::size_t alike(std::span<const PredictionRequest> requests) const;
    Status check(const PredictionRequest& request) const;
    Status checkPictures(const FrameStack& pictures, const std::string& what,
                         std::int64_t count) const;
    void predictAlike(std::span<const PredictionRequest> requests, const std::stop_token& stop,
                      std::vector<Prediction>& out);
};

// Frames are done a few at a time, so that memory does not grow with their number.
torch::Tensor MimoBackend::Impl::encoded(const torch::Tensor& pictures,
                                         const std::stop_token& stop) {
    const auto few = std::max<std::int64_t>(1, kPixels / (pictures.size(2) * pictures.size(3)));
    std::vector<torch::Tensor> parts;
    for (const auto& part : pictures.split(few)) {
        leaveWhen(stop);
        parts.push_back(networks->vae->encode(part) * config().vae.scale);
    }
    return torch::cat(parts);
}

void MimoBackend::Impl::readReference(const ReferenceInput& reference,
                                      const std::stop_token& stop) {
    const auto latent = encoded(tensorOf(reference.picture, place), stop);
    torch::Tensor token, both; // of the identity; none and it
    if (config().reference.contextWidth > 0 || config().denoiser.contextWidth > 0) {
        leaveWhen(stop);
        const auto result = networks->clip->forward(tensorOf(reference.clip, place));
        token = result.embedding.unsqueeze(1);
        both = torch::cat({torch::zeros_like(token), token});
    }
    leaveWhen(stop);
    auto& network = networks->reference;
    const bool sees = config().reference.contextWidth > 0;
    nn::ReferenceBank bank;
    if (options.plain) {
        network->forwardPlain(latent.repeat({2, 1, 1, 1}), sees ? both : torch::Tensor(), bank);
        for (auto& part : bank.tokens)
            part = part.narrow(0, 1, 1);
    } else {
        bank = network->forward(latent, sees ? token : torch::Tensor());
    }
    if (options.bankInHalf)
        bank.roundToHalf();
    leaveWhen(stop);
    conditions = networks->denoiser->prepare(
        &bank, config().denoiser.contextWidth > 0 ? both : torch::Tensor(), 2, 1,
        options.plain ? nn::Formulation::Plain : nn::Formulation::Saved);
}

/// Those of `windows` clips, or of twice as many: first all without the identity.
nn::Conditions MimoBackend::Impl::conditionsFor(int windows, bool without, bool with) const {
    const auto rows = [&](const torch::Tensor& both) {
        if (!both.defined())
            return both;
        std::vector<torch::Tensor> parts;
        if (without)
            parts.push_back(both.narrow(0, 0, 1).repeat_interleave(windows, 0));
        if (with)
            parts.push_back(both.narrow(0, 1, 1).repeat_interleave(windows, 0));
        return torch::cat(parts);
    };
    nn::Conditions given = conditions;
    given.batch = windows * (int(without) + int(with));
    given.unconditional = without ? windows : 0;
    given.context = rows(given.context);
    for (auto& block : given.blocks) {
        block.cross = rows(block.cross);
        if (!with) {
            block.reference = {};
            block.bank.reset();
        }
    }
    return given;
}

/// How many of the first requests can be denoised together.
std::size_t MimoBackend::Impl::alike(std::span<const PredictionRequest> requests) const {
    const auto& first = requests.front();
    std::size_t count = 1;
    while (count < requests.size() && count < std::size_t(std::max(1, options.windowsPerCall)) &&
           requests[count].frames.size() == first.frames.size() &&
           requests[count].timestep == first.timestep &&
           requests[count].withIdentity == first.withIdentity &&
           requests[count].withoutIdentity == first.withoutIdentity)
        ++count;
    return count;
}

Status MimoBackend::Impl::check(const PredictionRequest& request) const {
    if (request.frames.empty() || std::ssize(request.frames) != request.latents.frames())
        return Error{ErrorCode::Usage, "A window needs latents for each of its frames."};
    if (request.latents.shape() != latent)
        return misshapen("Latents", latent, request.latents.shape());
    for (const int frame : request.frames)
        if (frame < 0 || std::size_t(frame) >= known.size() || !known[std::size_t(frame)])
            return Error{ErrorCode::Usage, "Frame " + std::to_string(frame) +
                                               " of the clip has no motion and scene yet."};
    return ok();
}

void MimoBackend::Impl::predictAlike(std::span<const PredictionRequest> requests,
                                     const std::stop_token& stop, std::vector<Prediction>& out) {
    const bool without = requests.front().withoutIdentity, with = requests.front().withIdentity;
    std::vector<torch::Tensor> samples, poses;
    for (const auto& request : requests) {
        const std::vector<std::int64_t> numbers(request.frames.begin(), request.frames.end());
        const auto index = torch::tensor(numbers, torch::kInt64).to(place.device());
        auto sample = tensorOf(request.latents, place);
        if (around.defined())
            sample = torch::cat({sample, around.index_select(0, index)}, 1);
        samples.push_back(oneClip(sample));
        poses.push_back(oneClip(pose.index_select(0, index)));
    }
    const int windows = int(requests.size());
    const auto timestep =
        torch::full({1}, requests.front().timestep, torch::TensorOptions(torch::kFloat32));
    const auto v = networks->denoiser->forward(
        torch::cat(samples), timestep, torch::cat(poses), conditionsFor(windows, without, with),
        [&stop](const std::string&, const torch::Tensor&) { leaveWhen(stop); });
    const auto clip = [&v](int row) { return stackOf(v[row].transpose(0, 1)); };
    for (int i = 0; i < windows; ++i) {
        Prediction& one = out.emplace_back();
        if (without)
            one.withoutIdentity = clip(i);
        if (with)
            one.withIdentity = clip(i + (without ? windows : 0));
    }
}

Status MimoBackend::Impl::checkPictures(const FrameStack& pictures, const std::string& what,
                                        std::int64_t count) const {
    const FrameShape wanted{channels(count), picture.height, picture.width};
    return pictures.shape() == wanted ? ok() : misshapen(what, wanted, pictures.shape());
}

Result<std::unique_ptr<MimoBackend>> MimoBackend::load(const MimoFiles& files,
                                                       const nn::MimoConfig& config,
                                                       const MimoPlace& place,
                                                       const MimoOptions& options) {
    STRATA_ASSIGN(LoadedMimo loaded, loadMimo(files, config, place));
    auto backend = std::make_unique<MimoBackend>(std::move(loaded.networks), options);
    backend->m_notes = std::move(loaded.notes);
    return backend;
}

MimoBackend::MimoBackend(std::shared_ptr<nn::MimoNetworks> networks, const MimoOptions& options)
    : m_impl(std::make_unique<Impl>()) {
    const auto first = networks->denoiser->parameters().front();
    m_impl->place = torch::TensorOptions().device(first.device()).dtype(first.scalar_type());
    m_impl->networks = std::move(networks);
    m_impl->options = options;
}

MimoBackend::~MimoBackend() = default;

FrameShape MimoBackend::latentShape(Size picture) const {
    return {channels(m_impl->config().vae.latentChannels), picture.height / 8, picture.width / 8};
}

int MimoBackend::longestWindow() const {
    const auto& denoiser = m_impl->config().denoiser;
    return denoiser.motion ? int(denoiser.motionFrames) : kStillWindow;
}

int MimoBackend::windowsPerCall() const { return std::max(1, m_impl->options.windowsPerCall); }
int MimoBackend::picturesPerCall() const { return std::max(1, m_impl->options.picturesPerCall); }

Status MimoBackend::setReference(const ReferenceInput& reference, std::stop_token stop) {
    const auto& config = m_impl->config();
    const FrameShape given = reference.picture.shape();
    if (reference.picture.frames() != 1 || reference.clip.frames() != 1)
        return Error{ErrorCode::Usage, "The identity is one picture."};
    if (given.channels != config.vae.imageChannels || given.height < 8 || given.width < 8)
        return Error{ErrorCode::ShapeMismatch,
                     "The picture of the identity is too small or has other channels than the "
                     "networks read."};
    const int side = int(config.clip.image);
    if (reference.clip.shape() != FrameShape{3, side, side})
        return misshapen("The picture for the CLIP network", {3, side, side},
                         reference.clip.shape());
    m_impl->hasReference = false;
    STRATA_TRY(m_impl->guarded("Reading the identity", [&]() -> Status {
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
    const auto& config = m_impl->config();
    m_impl->picture = picture;
    m_impl->latent = latentShape(picture);
    m_impl->known.assign(std::size_t(frames), false);
    m_impl->pose.reset();
    m_impl->around.reset();
    return m_impl->guarded("Making room for the clip", [&]() -> Status {
        const auto room = [&](std::int64_t count) {
            return torch::empty({frames, count, picture.height / 8, picture.width / 8},
                                m_impl->place);
        };
        const auto latents = config.denoiser.inChannels - config.vae.latentChannels;
        m_impl->pose = room(config.pose.outChannels);
        if (latents > 0)
            m_impl->around = room(latents);
        return ok();
    });
}

Status MimoBackend::setConditions(int first, const ConditionInput& input, std::stop_token stop) {
    const auto& config = m_impl->config();
    const int count = input.pose.frames();
    if (first < 0 || count < 1 || std::size_t(first) + std::size_t(count) > m_impl->known.size())
        return Error{ErrorCode::Usage, "These frames are not in the clip."};
    STRATA_TRY(m_impl->checkPictures(input.pose, "Pictures of the motion", config.pose.inChannels));
    std::vector<const FrameStack*> stacks;
    if (config.scene)
        stacks.push_back(&input.scene);
    if (config.occluder)
        stacks.push_back(&input.occluder);
    for (const FrameStack* stack : stacks) {
        const std::string what =
            stack == &input.scene ? "Pictures of the scene" : "Pictures of what is in front";
        if (stack->frames() != count)
            return Error{ErrorCode::Usage, what + " are needed for each frame by these networks."};
        STRATA_TRY(m_impl->checkPictures(*stack, what, config.vae.imageChannels));
    }
    STRATA_TRY(m_impl->guarded("Reading motion and scene", [&]() -> Status {
        leaveWhen(stop);
        const auto code = oneClip(tensorOf(input.pose, m_impl->place));
        m_impl->pose.narrow(0, first, count)
            .copy_(m_impl->networks->pose->forward(code)[0].transpose(0, 1));
        std::int64_t channel = 0;
        for (const FrameStack* stack : stacks) {
            const auto latents = m_impl->encoded(tensorOf(*stack, m_impl->place), stop);
            m_impl->around.narrow(0, first, count)
                .narrow(1, channel, latents.size(1))
                .copy_(latents);
            channel += latents.size(1);
        }
        return ok();
    }));
    std::fill_n(m_impl->known.begin() + first, count, true);
    return ok();
}

Result<std::vector<Prediction>> MimoBackend::predict(std::span<const PredictionRequest> requests,
                                                     std::stop_token stop) {
    if (!m_impl->hasReference)
        return Error{ErrorCode::Usage, "The networks have not been given an identity yet."};
    for (const auto& request : requests) {
        STRATA_TRY(m_impl->check(request));
        if (std::ssize(request.frames) > longestWindow())
            return Error{ErrorCode::Usage, "The networks take windows of up to " +
                                               std::to_string(longestWindow()) + " frames, not " +
                                               std::to_string(request.frames.size()) + "."};
    }
    std::vector<Prediction> out;
    while (!requests.empty()) {
        const auto now = requests.first(m_impl->alike(requests));
        requests = requests.subspan(now.size());
        if (!now.front().withIdentity && !now.front().withoutIdentity) {
            out.resize(out.size() + now.size());
            continue;
        }
        STRATA_TRY(m_impl->guarded("Denoising", [&]() -> Status {
            leaveWhen(stop);
            m_impl->predictAlike(now, stop, out);
            return ok();
        }));
    }
    return out;
}

Result<FrameStack> MimoBackend::encode(const FrameStack& pictures, std::stop_token stop) {
    const auto [count, height, width] = pictures.shape();
    if (pictures.empty() || count != m_impl->config().vae.imageChannels || height < 8 || width < 8)
        return Error{ErrorCode::Usage, "There are no pictures that the picture coder reads."};
    return m_impl->guarded("Running the picture coder", [&]() -> Result<FrameStack> {
        return stackOf(m_impl->encoded(tensorOf(pictures, m_impl->place), stop));
    });
}

Result<FrameStack> MimoBackend::decode(const FrameStack& latents, std::stop_token stop) {
    const auto shape = latents.shape();
    if (latents.empty() || shape.channels != m_impl->config().vae.latentChannels)
        return Error{ErrorCode::Usage, "There are no latents that the picture coder reads."};
    return m_impl->guarded("Running the picture coder", [&]() -> Result<FrameStack> {
        const auto few = std::max<std::int64_t>(1, kPixels / (shape.height * shape.width * 64));
        std::vector<torch::Tensor> parts;
        const auto scaled = tensorOf(latents, m_impl->place) / m_impl->config().vae.scale;
        for (const auto& part : scaled.split(few)) {
            leaveWhen(stop);
            const auto pictures = m_impl->networks->vae->decode(part);
            parts.push_back((pictures.to(torch::kFloat32) / 2 + 0.5).clamp(0, 1).cpu());
        }
        return stackOf(torch::cat(parts));
    });
}

} // namespace strata
