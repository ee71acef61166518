// SPDX-License-Identifier: Apache-2.0
#include "engine/synth/mimo/memory_plan.h"

#include "engine/core/parallel.h"
#include "engine/synth/mimo/memory_estimate.h"

#include <algorithm>
#include <cstdio>

namespace strata {
namespace {

using Bytes = std::int64_t;

constexpr int kLargeTile = 512, kSmallTile = 256; // of the picture coder
constexpr Bytes kGpuReserve = Bytes(768) << 20;   // what libraries keep for themselves
constexpr Bytes kHostReserve = Bytes(256) << 20;

std::string gigabytes(Bytes bytes) {
    char text[32];
    std::snprintf(text, sizeof text, "%.1f GB", double(bytes) / 1e9);
    return text;
}

Size tileOf(Size picture, int tile) {
    return tile == 0 ? picture
                     : Size{std::min(picture.width, tile), std::min(picture.height, tile)};
}

/// The most that the networks and what they compute take at once, phase by phase.
MemoryEstimate estimate(const nn::MimoConfig& config, const MemoryRequest& request,
                        const MemoryPlan& plan) {
    const int size = plan.precision == MimoPrecision::Float ? 4 : 2;
    const bool tiled = !request.cuda && size == 4;
    const WorkSize work{size, tiled, plan.block, workerCount()};
    const MimoParameters parameters = parametersOf(config);
    const int clips = plan.windowsPerCall * (request.guided && !plan.halvesApart ? 2 : 1);
    const Size tile = tileOf(request.picture, plan.coderTile);

    MemoryEstimate e;
    e.weights = parameters.all() * size;
    e.reference = referenceBytes(config, request.picture, work);
    e.guider = guiderBytes(config, request.picture, plan.picturesPerCall, work);
    e.coder = coderBytes(config, tile, plan.picturesPerCall, work);
    e.denoiser = denoiserBytes(config, request.picture, request.windowFrames, plan.windowsPerCall,
                               clips, work);
    const Bytes shared = sharedBytes(config, request.picture, work);
    const Bytes frames =
        plan.hostConditions
            ? 0
            : conditionBytesPerFrame(config, request.picture, work) * request.clipFrames;
    e.conditions = shared + frames;

    const auto there = [&](Bytes needed) { return plan.offload ? needed * size : e.weights; };
    const Bytes reserve = request.cuda ? kGpuReserve : kHostReserve;
    const auto add = [&](MemoryPhase phase, std::int64_t needed, Bytes work) {
        e.resident = std::max(e.resident, there(needed));
        Bytes& most = e.phases[std::size_t(phase)];
        most = std::max(most, there(needed) + work + work / 10 + reserve);
        e.peak = std::max(e.peak, most);
    };
    add(MemoryPhase::Identity, parameters.clip, 0);
    add(MemoryPhase::Identity, parameters.reference, e.reference);
    add(MemoryPhase::Identity, parameters.denoiser, 2 * shared); // its keys and values are made
    add(MemoryPhase::Motion, parameters.pose, e.conditions + e.guider);
    add(MemoryPhase::Coding, parameters.vae, e.conditions + e.coder);
    add(MemoryPhase::Coding, parameters.refiner,
        e.conditions + refinerBytes(config, request.picture, plan.picturesPerCall, work));
    add(MemoryPhase::Denoising, parameters.denoiser, e.conditions + e.denoiser);
    return e;
}

/// Plans of one precision. On the CPU networks and conditions are in host memory anyway, and work
/// is done in small tiles.
std::vector<MemoryPlan> rungs(const MemoryRequest& request, MimoPrecision precision) {
    std::vector<MemoryPlan> plans;
    MemoryPlan plan;
    plan.precision = precision;
    plan.windowsPerCall = std::max(1, request.windowsPerCall);
    plan.picturesPerCall = std::max(1, request.picturesPerCall);
    const auto add = [&] {
        if (plans.empty() || !(plans.back() == plan))
            plans.push_back(plan);
    };
    add();
    for (; plan.windowsPerCall > 1; plan.windowsPerCall /= 2)
        add();
    add();
    plan.offload = request.cuda;
    add();
    plan.hostConditions = request.cuda;
    plan.picturesPerCall = std::min(plan.picturesPerCall, 2);
    add();
    plan.picturesPerCall = 1;
    add();
    const int side = std::max(request.picture.width, request.picture.height);
    plan.coderTile = side > kLargeTile ? kLargeTile : 0;
    add();
    plan.halvesApart = request.guided;
    plan.block = 1 << 26;
    add();
    plan.coderTile = side > kSmallTile ? kSmallTile : 0;
    plan.block = 1 << 23;
    add();
    return plans;
}

} // namespace

int usefulWindows(Size picture, bool cuda) {
    const auto pixels = std::max<std::int64_t>(1, std::int64_t(picture.width) * picture.height);
    return cuda ? int(std::clamp<std::int64_t>((384 * 384) / pixels, 1, 4)) : 1;
}

bool MemoryPlan::operator==(const MemoryPlan& o) const {
    return precision == o.precision && windowsPerCall == o.windowsPerCall &&
           picturesPerCall == o.picturesPerCall && halvesApart == o.halvesApart &&
           offload == o.offload && hostConditions == o.hostConditions && coderTile == o.coderTile &&
           block == o.block;
}

MemoryLadder::MemoryLadder(const nn::MimoConfig& config, const MemoryRequest& request)
    : m_request(request) {
    if (m_request.precisions.empty())
        m_request.precisions.push_back(MimoPrecision::Float);
    for (const MimoPrecision precision : m_request.precisions)
        for (MemoryPlan& plan : rungs(m_request, precision)) {
            plan.bytes = estimate(config, m_request, plan);
            m_plans.push_back(plan);
        }
    while (!fits() && m_at + 1 < m_plans.size())
        ++m_at;
}

bool MemoryLadder::takeSmaller(MemoryPhase phase) {
    for (std::size_t next = m_at + 1; next < m_plans.size(); ++next)
        if (m_plans[next].bytes.of(phase) < plan().bytes.of(phase)) {
            m_at = next;
            return true;
        }
    return false;
}

std::string shortName(MimoPrecision precision) {
    return precision == MimoPrecision::Float  ? "fp32"
           : precision == MimoPrecision::Half ? "fp16"
                                              : "bf16";
}

std::string MemoryLadder::described() const {
    const MemoryPlan& p = plan();
    const int frames = std::min(m_request.windowFrames, std::max(1, m_request.clipFrames));
    std::string text = shortName(p.precision) + ", windows of " + std::to_string(frames) +
                       " frames " +
                       (p.windowsPerCall == 1 ? std::string("one at a time")
                                              : std::to_string(p.windowsPerCall) + " at a time");
    if (p.halvesApart)
        text += " with and without the identity in turn";
    text += ", pictures coded " + (p.picturesPerCall == 1
                                       ? std::string("one by one")
                                       : std::to_string(p.picturesPerCall) + " at a time");
    if (p.coderTile > 0)
        text += " in tiles of " + std::to_string(p.coderTile);
    if (m_request.cuda)
        text += p.offload ? ", idle networks in host memory" : ", all networks on the GPU";
    if (p.hostConditions)
        text += ", conditions in host memory";
    text += "; about " + gigabytes(p.bytes.peak);
    if (m_request.freeBytes < std::numeric_limits<Bytes>::max())
        text += " of the " + gigabytes(m_request.freeBytes) + " that are free";
    return text + ".";
}

std::string MemoryLadder::shortfall() const {
    std::string text = "Even the smallest plan for " + std::to_string(m_request.picture.width) +
                       "x" + std::to_string(m_request.picture.height) + " pictures needs about " +
                       gigabytes(m_plans.back().bytes.peak) +
                       (m_request.cuda ? " of memory on the GPU" : " of memory");
    if (m_request.freeBytes < std::numeric_limits<Bytes>::max())
        text += ", and " + gigabytes(m_request.freeBytes) + " are free";
    return text + "; choose a smaller size.";
}

} // namespace strata
