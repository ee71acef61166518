// SPDX-License-Identifier: Apache-2.0
#include "engine/pipeline/generator_plan.h"

#include "engine/synth/mimo/device_memory.h"

#include <algorithm>

namespace strata {
namespace {

constexpr int kGpuPictures = 8, kCpuPictures = 4; // that are worth coding together

/// The best that the device computes with comes first.
Result<std::vector<MimoPrecision>> precisionsOf(const GenerateSettings& wanted, bool cuda) {
    using List = std::vector<MimoPrecision>;
    if (wanted.precision == "auto")
        return cuda ? List{MimoPrecision::Half}
                    : List{MimoPrecision::Float, MimoPrecision::BFloat16};
    if (wanted.precision == "float")
        return List{MimoPrecision::Float};
    if (wanted.precision == "half")
        return List{MimoPrecision::Half};
    if (wanted.precision == "bfloat16")
        return List{MimoPrecision::BFloat16};
    return Error{ErrorCode::Usage, "There is no precision '" + wanted.precision +
                                       "'; say auto, float, half or bfloat16."};
}

} // namespace

Result<GeneratorPlan> planGenerator(const GenerateSettings& wanted, const nn::MimoConfig& networks,
                                    const GeneratorSettings& generator, std::int64_t frames) {
    MemoryRequest request;
    request.cuda = wanted.device.starts_with("cuda");
    STRATA_ASSIGN(request.precisions, precisionsOf(wanted, request.cuda));
    request.picture = generator.picture;
    request.clipFrames = int(std::clamp<std::int64_t>(frames, 1, 1 << 20));
    request.windowFrames = std::min(generator.sampler.windows.size, request.clipFrames);
    request.guided =
        generator.sampler.guidance > 1.f && generator.sampler.guideTo > generator.sampler.guideFrom;
    request.windowsPerCall = usefulWindows(request.picture, request.cuda);
    request.picturesPerCall = request.cuda ? kGpuPictures : kCpuPictures;
    request.freeBytes = freeMemory(wanted.device);
    MemoryLadder memory(networks, request);
    if (!request.cuda && !memory.fits())
        return Error{ErrorCode::OutOfMemory, memory.shortfall()};
    MimoPlace place;
    place.precision = memory.plan().precision;
    place.device = wanted.device;
    return GeneratorPlan{std::move(place), std::move(memory)};
}

Result<std::unique_ptr<DenoiserBackend>> loadGenerator(const MimoFiles& files,
                                                       const nn::MimoConfig& networks,
                                                       const GeneratorPlan& plan,
                                                       const GenerateSettings& wanted) {
    if (wanted.told)
        wanted.told("Plan: " + plan.memory.described());
    MimoOptions options;
    options.bankInHalf = wanted.parity;
    options.memory = plan.memory;
    options.note = wanted.told;
    STRATA_ASSIGN(auto backend, MimoBackend::load(files, networks, plan.place, options));
    return std::unique_ptr<DenoiserBackend>(std::move(backend));
}

} // namespace strata
