// SPDX-License-Identifier: Apache-2.0
#include "engine/synth/diffusion/sampler_state.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace strata {
namespace {

constexpr const char* kPosition = "position";
constexpr const char* kLatents = "latents";
constexpr const char* kWith = "with_identity";
constexpr const char* kWithout = "without_identity";
constexpr const char* kWeights = "weights";

Array arrayOf(const FrameStack& stack) {
    const FrameShape shape = stack.shape();
    return Array::of({stack.frames(), shape.channels, shape.height, shape.width},
                     std::span<const float>(stack.values()));
}

Error wrong(const std::string& file, const std::string& what) {
    return {ErrorCode::BadFormat,
            "The saved state " + file + " cannot be continued: " + what + "."};
}

Result<FrameStack> stackFrom(const ArrayMap& arrays, const char* name, const std::string& file) {
    STRATA_ASSIGN(const Array array, require(arrays, name, file, {-1, -1, -1, -1}));
    for (const auto extent : array.shape)
        if (extent < 1 || extent > std::numeric_limits<std::int32_t>::max())
            return wrong(file, std::string("\"") + name + "\" is empty");
    FrameStack stack;
    std::vector<float> values = array.toFloats();
    if (!std::all_of(values.begin(), values.end(), [](float v) { return std::isfinite(v); }))
        return wrong(file, std::string("\"") + name + "\" holds numbers that are not finite");
    stack = FrameStack(int(array.shape[0]),
                       {int(array.shape[1]), int(array.shape[2]), int(array.shape[3])});
    if (values.size() != stack.values().size())
        return wrong(file, std::string("\"") + name + "\" is cut off");
    stack.values() = std::move(values);
    return stack;
}

} // namespace

ArrayMap toArrays(const SamplerState& state) {
    ArrayMap arrays;
    const std::int32_t position[2] = {state.step, state.windowsDone};
    arrays[kPosition] = Array::of({2}, std::span<const std::int32_t>(position));
    arrays[kLatents] = arrayOf(state.latents);
    if (state.windowsDone > 0) {
        arrays[kWith] = arrayOf(state.withIdentity);
        if (!state.withoutIdentity.empty())
            arrays[kWithout] = arrayOf(state.withoutIdentity);
        arrays[kWeights] =
            Array::of({std::int64_t(state.weights.size())}, std::span<const float>(state.weights));
    }
    return arrays;
}

Result<SamplerState> samplerStateFrom(const ArrayMap& arrays, const std::string& file) {
    STRATA_ASSIGN(const Array position, require(arrays, kPosition, file, {2}));
    const auto numbers = position.toInts();
    constexpr std::int64_t kMost = 1'000'000;
    if (numbers.size() != 2 || numbers[0] < 0 || numbers[0] > kMost || numbers[1] < 0 ||
        numbers[1] > kMost)
        return wrong(file, "its position makes no sense");
    SamplerState state;
    state.step = int(numbers[0]);
    state.windowsDone = int(numbers[1]);
    STRATA_ASSIGN(state.latents, stackFrom(arrays, kLatents, file));
    if (state.windowsDone == 0)
        return state;
    STRATA_ASSIGN(state.withIdentity, stackFrom(arrays, kWith, file));
    if (arrays.count(kWithout)) {
        STRATA_ASSIGN(state.withoutIdentity, stackFrom(arrays, kWithout, file));
    }
    STRATA_ASSIGN(const Array weights, require(arrays, kWeights, file, {state.latents.frames()}));
    state.weights = weights.toFloats();
    if (!state.withIdentity.sameShape(state.latents) ||
        (!state.withoutIdentity.empty() && !state.withoutIdentity.sameShape(state.latents)) ||
        !std::all_of(state.weights.begin(), state.weights.end(),
                     [](float w) { return w >= 0.f && std::isfinite(w); }))
        return wrong(file, "its parts do not belong together");
    return state;
}

} // namespace strata
