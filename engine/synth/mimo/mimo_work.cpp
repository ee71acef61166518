// SPDX-License-Identifier: Apache-2.0
#include <torch/torch.h>

#include "engine/synth/mimo/mimo_work.h"

#include "engine/synth/mimo/device_memory.h"

namespace strata {
namespace {

constexpr std::int64_t kCpuPixels = 1 << 18; // of the pictures that the CPU codes together
constexpr int kDraftPictures = 8;            // that previews are learnt from

torch::ScalarType typeOf(MimoPrecision precision) {
    return precision == MimoPrecision::Float  ? torch::kFloat32
           : precision == MimoPrecision::Half ? torch::kHalf
                                              : torch::kBFloat16;
}

MimoPrecision precisionOf(torch::ScalarType type) {
    return type == torch::kHalf       ? MimoPrecision::Half
           : type == torch::kBFloat16 ? MimoPrecision::BFloat16
                                      : MimoPrecision::Float;
}

torch::Tensor firstOf(const nn::MimoNetworks& networks) {
    return networks.denoiser->parameters().front();
}

torch::Device deviceOf(const nn::MimoNetworks& networks, const MimoOptions& options) {
    return options.device.empty() ? firstOf(networks).device() : torch::Device(options.device);
}

/// As if there were memory without end.
MemoryLadder ladderOf(const nn::MimoNetworks& networks, const MimoOptions& options) {
    if (options.memory)
        return *options.memory;
    MemoryRequest request;
    request.precisions = {precisionOf(firstOf(networks).scalar_type())};
    request.cuda = deviceOf(networks, options).is_cuda();
    return MemoryLadder(networks.config, request);
}

/// Pictures that are coded together; more than a few are no quicker on a CPU.
std::int64_t together(const torch::Device& device, int planned, std::int64_t pixels) {
    return device.is_cpu()
               ? std::max<std::int64_t>(1, std::min<std::int64_t>(planned, kCpuPixels / pixels))
               : planned;
}

void moved(torch::Tensor& tensor, const torch::TensorOptions& to) {
    if (tensor.defined())
        tensor = tensor.to(to);
}

} // namespace

MimoBackend::Impl::Impl(std::shared_ptr<nn::MimoNetworks> given, const MimoOptions& wanted)
    : networks(std::move(given))
    , options(wanted)
    , place(torch::TensorOptions()
                .device(deviceOf(*networks, wanted))
                .dtype(firstOf(*networks).scalar_type()))
    , places(networks, place.device())
    , memory(ladderOf(*networks, wanted)) {
    places.setOffload(plan().offload);
}

Status MimoBackend::Impl::retreat(const std::string& doing, MemoryPhase phase) {
    forgetRecorded();
    releaseKeptMemory();
    if (!memory.takeSmaller(phase))
        return Error{ErrorCode::OutOfMemory, memory.shortfall()};
    STRATA_TRY(attempt(doing, [this]() -> Status {
        followPlan();
        return ok();
    }));
    releaseKeptMemory();
    if (options.note)
        options.note(doing +
                     " ran out of memory and goes on with a smaller plan: " + memory.described());
    return ok();
}

// Puts what there is by now where the plan wants it.
void MimoBackend::Impl::followPlan() {
    const auto type = typeOf(plan().precision);
    places.setOffload(plan().offload);
    if (place.dtype() != type) {
        places.convert(type);
        place = place.dtype(type);
        moved(conditions.context, place);
        for (auto& block : conditions.blocks)
            for (auto* tensor :
                 {&block.reference.keys, &block.reference.values, &block.bank, &block.cross})
                moved(*tensor, place);
    }
    const auto kept = plan().hostConditions ? place.device(torch::kCPU) : place;
    moved(pose, kept);
    moved(around, kept);
}

void MimoBackend::Impl::makeRoom(int frames) {
    const auto kept = plan().hostConditions ? place.device(torch::kCPU) : place;
    const auto room = [&](std::int64_t count) {
        return torch::empty({frames, count, latent.height, latent.width}, kept);
    };
    const auto latents = config().denoiser.inChannels - config().vae.latentChannels;
    pose = room(config().pose.outChannels);
    if (latents > 0)
        around = room(latents);
}

// Frames are done a few at a time, so that memory does not grow with their number.
torch::Tensor MimoBackend::Impl::encoded(const FrameStack& pictures, const std::stop_token& stop) {
    places.use({MimoNetwork::Vae});
    const auto shape = pictures.shape();
    const auto few =
        together(place.device(), plan().picturesPerCall, std::int64_t(shape.height) * shape.width);
    std::vector<torch::Tensor> parts;
    for (const auto& part : tensorOf(pictures, torch::kFloat32).split(few)) {
        leaveWhen(stop);
        parts.push_back(networks->vae->encode(part.to(place), plan().coderTile) *
                        config().vae.scale);
    }
    const auto latents = torch::cat(parts);
    if (draft.learnt() < kDraftPictures)
        draft.learn(pictures, stackOf(latents));
    return latents;
}

FrameStack MimoBackend::Impl::decoded(const FrameStack& latents, const std::stop_token& stop) {
    places.use({MimoNetwork::Vae});
    const auto shape = latents.shape();
    const auto few = together(place.device(), plan().picturesPerCall,
                              std::int64_t(shape.height) * shape.width * 64);
    std::vector<torch::Tensor> parts;
    for (const auto& part : tensorOf(latents, torch::kFloat32).split(few)) {
        leaveWhen(stop);
        const auto pictures =
            networks->vae->decode(part.to(place) / config().vae.scale, plan().coderTile);
        parts.push_back((pictures.to(torch::kFloat32) / 2 + 0.5).clamp(0, 1).cpu());
    }
    return stackOf(torch::cat(parts));
}

FrameStack MimoBackend::Impl::refined(const FrameStack& change, const FrameStack& sketch,
                                      const FrameStack& scene, const std::stop_token& stop) {
    places.use({MimoNetwork::Refiner});
    const auto shape = change.shape();
    const auto few =
        together(place.device(), plan().picturesPerCall, std::int64_t(shape.height) * shape.width);
    const auto changes = (tensorOf(change, torch::kFloat32) * 2).split(few);
    const auto sketches = tensorOf(sketch, torch::kFloat32).split(few);
    const auto scenes = tensorOf(scene, torch::kFloat32).split(few);
    std::vector<torch::Tensor> parts;
    for (std::size_t i = 0; i < changes.size(); ++i) {
        leaveWhen(stop);
        const auto refined = networks->refiner->forward(sketches[i].to(place), changes[i].to(place),
                                                        scenes[i].to(place));
        parts.push_back((refined.to(torch::kFloat32) / 2).cpu());
    }
    return stackOf(torch::cat(parts));
}

/// [1, T, width]
torch::Tensor MimoBackend::Impl::tokensOf(const ReferenceInput& reference) {
    if (!config().usesClip())
        return tensorOf(reference.tokens, place).squeeze(1);
    places.use({MimoNetwork::Clip});
    return networks->clip->forward(tensorOf(reference.clip, place)).embedding.unsqueeze(1);
}

void MimoBackend::Impl::readReference(const ReferenceInput& reference,
                                      const std::stop_token& stop) {
    forgetRecorded();
    const auto latent = encoded(reference.picture, stop);
    torch::Tensor token, both; // of the identity; none and it
    if (config().reference.contextWidth > 0 || config().denoiser.contextWidth > 0) {
        leaveWhen(stop);
        token = tokensOf(reference);
        both = torch::cat({torch::zeros_like(token), token});
    }
    leaveWhen(stop);
    places.use({MimoNetwork::Reference});
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
    places.use({MimoNetwork::Denoiser});
    conditions = networks->denoiser->prepare(
        &bank, config().denoiser.contextWidth > 0 ? both : torch::Tensor(), 2, 1,
        options.plain ? nn::Formulation::Plain : nn::Formulation::Saved);
}

void MimoBackend::Impl::readConditions(int first, const FrameStack& motion,
                                       const std::vector<const FrameStack*>& stacks,
                                       const std::stop_token& stop) {
    leaveWhen(stop);
    places.use({MimoNetwork::Pose, MimoNetwork::Vae});
    const int few = plan().picturesPerCall;
    std::int64_t at = first;
    for (const auto& part : tensorOf(motion, torch::kFloat32).split(few)) {
        const auto features = networks->pose->forward(oneClip(part.to(place)));
        pose.narrow(0, at, part.size(0)).copy_(features[0].transpose(0, 1));
        at += part.size(0);
    }
    std::int64_t channel = 0;
    for (const FrameStack* stack : stacks) {
        const auto latents = encoded(*stack, stop);
        around.narrow(0, first, stack->frames()).narrow(1, channel, latents.size(1)).copy_(latents);
        channel += latents.size(1);
    }
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
    const auto most = std::size_t(std::max(1, plan().windowsPerCall));
    std::size_t count = 1;
    while (count < requests.size() && count < most &&
           requests[count].frames.size() == first.frames.size() &&
           requests[count].timestep == first.timestep &&
           requests[count].withIdentity == first.withIdentity &&
           requests[count].withoutIdentity == first.withoutIdentity)
        ++count;
    return count;
}

namespace {

torch::Tensor framesOf(const torch::Tensor& kept, const std::vector<int>& frames,
                       const torch::TensorOptions& place) {
    const std::vector<std::int64_t> numbers(frames.begin(), frames.end());
    const auto index = torch::tensor(numbers, torch::kInt64).to(kept.device());
    return kept.index_select(0, index).to(place);
}

torch::Tensor joined(std::vector<torch::Tensor>&& clips) {
    return clips.size() == 1 ? clips.front() : torch::cat(clips);
}

} // namespace

torch::Tensor MimoBackend::Impl::sampleOf(std::span<const PredictionRequest> requests) const {
    std::vector<torch::Tensor> clips;
    for (const auto& request : requests) {
        auto sample = tensorOf(request.latents, place);
        if (around.defined())
            sample = torch::cat({sample, framesOf(around, request.frames, place)}, 1);
        clips.push_back(oneClip(sample));
    }
    return joined(std::move(clips));
}

torch::Tensor MimoBackend::Impl::poseOf(std::span<const PredictionRequest> requests) const {
    std::vector<torch::Tensor> clips;
    for (const auto& request : requests)
        clips.push_back(oneClip(framesOf(pose, request.frames, place)));
    return joined(std::move(clips));
}

torch::Tensor MimoBackend::Impl::denoised(std::span<const PredictionRequest> requests, bool without,
                                          bool with, const std::stop_token& stop) {
    const auto timestep =
        torch::full({1}, requests.front().timestep, torch::TensorOptions(torch::kFloat32));
    // Networks that come and go are not where a recording would look for them.
    if (options.record && place.device().is_cuda() && !plan().offload)
        return denoisedAtOnce(requests, timestep, without, with);
    return networks->denoiser->forward(
        sampleOf(requests), timestep, poseOf(requests),
        conditionsFor(int(requests.size()), without, with),
        [&stop](const std::string&, const torch::Tensor&) { leaveWhen(stop); });
}

torch::Tensor MimoBackend::Impl::denoisedAtOnce(std::span<const PredictionRequest> requests,
                                                const torch::Tensor& timestep, bool without,
                                                bool with) {
    const std::array<int, 3> wanted{int(requests.size()), int(without), int(with)};
    if (recordedFor != wanted) {
        forgetRecorded();
        recordedConditions = conditionsFor(int(requests.size()), without, with);
        recordedFor = wanted;
    }
    const bool tried = !recorded.trouble().empty();
    const auto v = recorded.run({sampleOf(requests), timestep.to(place.device()), poseOf(requests)},
                                [this](const std::vector<torch::Tensor>& given) {
                                    return networks->denoiser->forward(given[0], given[1], given[2],
                                                                       recordedConditions);
                                });
    if (!tried && !recorded.trouble().empty() && options.note)
        options.note("The denoiser could not be recorded and runs layer by layer: " +
                     recorded.trouble());
    return v;
}

void MimoBackend::Impl::forgetRecorded() {
    recorded.forget();
    recordedConditions = {};
    recordedFor = {};
}

std::vector<Prediction> MimoBackend::Impl::predictFirst(std::span<const PredictionRequest> requests,
                                                        const std::stop_token& stop) {
    const auto now = requests.first(alike(requests));
    const bool without = now.front().withoutIdentity, with = now.front().withIdentity;
    std::vector<Prediction> out(now.size());
    if (!without && !with)
        return out;
    places.use({MimoNetwork::Denoiser});
    const auto clip = [](const torch::Tensor& v, std::size_t row) {
        return stackOf(v[std::int64_t(row)].transpose(0, 1));
    };
    const auto take = [&](bool doWithout, bool doWith) {
        leaveWhen(stop);
        const auto v = denoised(now, doWithout, doWith, stop);
        for (std::size_t i = 0; i < now.size(); ++i) {
            if (doWithout)
                out[i].withoutIdentity = clip(v, i);
            if (doWith)
                out[i].withIdentity = clip(v, i + (doWithout ? now.size() : 0));
        }
    };
    if (without && with && plan().halvesApart) {
        take(true, false);
        take(false, true);
    } else {
        take(without, with);
    }
    return out;
}

} // namespace strata
