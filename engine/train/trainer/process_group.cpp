// SPDX-License-Identifier: Apache-2.0
#include <torch/torch.h>

#include "engine/train/trainer/process_group.h"

#include "engine/nn/guard.h"

#ifdef STRATA_HAS_GLOO
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>
#endif
#ifdef STRATA_HAS_NCCL
#include <torch/csrc/distributed/c10d/ProcessGroupNCCL.hpp>
#endif
#if defined(STRATA_HAS_GLOO) || defined(STRATA_HAS_NCCL)
#define STRATA_HAS_PROCESSES
#include <torch/csrc/distributed/c10d/TCPStore.hpp>
#include <torch/version.h>
#endif

#include <charconv>
#include <csignal>
#include <cstring>
#include <stdexcept>

namespace strata {
namespace {

constexpr int kPort = 29500, kPorts = 1000; // as torchrun

std::optional<int> wholeNumber(const char* text) {
    int value = 0;
    const auto end = text + std::strlen(text);
    const auto read = std::from_chars(text, end, value);
    return read.ec == std::errc{} && read.ptr == end && value >= 0 ? std::optional(value)
                                                                   : std::nullopt;
}

} // namespace

Error processLost(const std::string& reason) {
    return {ErrorCode::Io, "Another process of this training has ended or does not answer; start "
                           "all of them again to go on from the last checkpoint (" +
                               reason + ")."};
}

Result<std::optional<ProcessPlace>>
placeFromEnvironment(const std::function<const char*(const char*)>& variable) {
    const bool slurm =
        !variable("WORLD_SIZE") && variable("SLURM_NTASKS") && variable("SLURM_PROCID");
    if (!slurm && !variable("WORLD_SIZE"))
        return std::optional<ProcessPlace>();
    std::string wrong;
    const auto number = [&](const char* name, int otherwise) {
        const char* text = variable(name);
        const auto value = text ? wholeNumber(text) : std::optional(otherwise);
        if (!value || *value < 0)
            wrong = name;
        return value.value_or(0);
    };
    ProcessPlace place;
    place.size = number(slurm ? "SLURM_NTASKS" : "WORLD_SIZE", -1);
    place.rank = number(slurm ? "SLURM_PROCID" : "RANK", -1);
    place.local = number(slurm ? "SLURM_LOCALID" : "LOCAL_RANK", 0);
    place.port = number("MASTER_PORT", kPort + (slurm ? number("SLURM_JOB_ID", 0) % kPorts : 0));
    place.timeout = std::chrono::seconds(number("STRATA_TIMEOUT", 600));
    if (!wrong.empty())
        return Error{ErrorCode::Usage, "The environment's " + wrong + " must be a whole number."};
    if (place.size < 1 || place.rank >= place.size || place.port > 65535)
        return Error{ErrorCode::Usage, "The environment says that this is process " +
                                           std::to_string(place.rank) + " of " +
                                           std::to_string(place.size) + ", which cannot be."};
    const char* host = variable("MASTER_ADDR");
    if (!host && slurm)
        host = variable("SLURM_LAUNCH_NODE_IPADDR");
    if (!host)
        return Error{ErrorCode::Usage, "The environment's MASTER_ADDR must name the machine of the "
                                       "first process."};
    place.host = host;
    return place.size > 1 ? std::optional(place) : std::nullopt;
}

ProcessGroup::ProcessGroup(const ProcessPlace& place, std::unique_ptr<Impl> impl)
    : m_place(place)
    , m_impl(std::move(impl)) {}

ProcessGroup::~ProcessGroup() = default;

#ifdef STRATA_HAS_PROCESSES
namespace {

#if TORCH_VERSION_MAJOR >= 2
using Backend = c10d::Backend;
#else
using Backend = c10d::ProcessGroup;
#endif

template <typename Work>
class PendingWork final : public ProcessGroup::Pending {
public:
    PendingWork(Work work, std::vector<torch::Tensor> values)
        : m_work(std::move(work))
        , m_values(std::move(values)) {}
    void wait() override { m_work->wait(); }

private:
    Work m_work;
    std::vector<torch::Tensor> m_values; // alive until it is done
};

c10::intrusive_ptr<Backend> backendFor(const ProcessPlace& place,
                                       const c10::intrusive_ptr<c10d::Store>& store, bool cuda) {
#ifdef STRATA_HAS_NCCL
    if (cuda) {
        auto options = c10d::ProcessGroupNCCL::Options::create();
        options->timeout = place.timeout;
        return c10::make_intrusive<c10d::ProcessGroupNCCL>(store, place.rank, place.size, options);
    }
#endif
#ifdef STRATA_HAS_GLOO
    (void)cuda; // Gloo takes tensors of GPUs as well, through host memory
    auto options = c10d::ProcessGroupGloo::Options::create(place.timeout);
    const bool alone = place.host == "localhost" || place.host.starts_with("127.");
    options->devices.push_back(alone ? c10d::ProcessGroupGloo::createDeviceForHostname("127.0.0.1")
                                     : c10d::ProcessGroupGloo::createDefaultDevice());
    return c10::make_intrusive<c10d::ProcessGroupGloo>(store, place.rank, place.size, options);
#else
    throw std::runtime_error("this program was built with NCCL alone, which needs GPUs");
#endif
}

} // namespace

struct ProcessGroup::Impl {
    c10::intrusive_ptr<c10d::Store> store;
    c10::intrusive_ptr<Backend> backend;
};

bool ProcessGroup::available() { return true; }

Result<std::unique_ptr<ProcessGroup>> ProcessGroup::join(const ProcessPlace& place, bool cuda) {
    // Gloo writes to sockets whose other end may have gone; that is to be an error and not the end
    // of this process too, without a word.
    std::signal(SIGPIPE, SIG_IGN);
    using Out = std::unique_ptr<ProcessGroup>;
    return nn::guarded("Joining the other processes at " + place.host + ":" +
                           std::to_string(place.port),
                       [&]() -> Result<Out> {
                           c10d::TCPStoreOptions options;
                           options.port = std::uint16_t(place.port);
                           options.isServer = place.rank == 0;
                           options.numWorkers = std::size_t(place.size);
                           options.timeout = place.timeout;
                           auto impl = std::make_unique<Impl>();
                           impl->store = c10::make_intrusive<c10d::TCPStore>(place.host, options);
                           impl->backend = backendFor(place, impl->store, cuda);
                           return Out(new ProcessGroup(place, std::move(impl)));
                       });
}

std::unique_ptr<ProcessGroup::Pending> ProcessGroup::sum(torch::Tensor values) {
    std::vector<torch::Tensor> one{std::move(values)};
    auto work = m_impl->backend->allreduce(one);
    return std::make_unique<PendingWork<decltype(work)>>(std::move(work), one);
}
#else
struct ProcessGroup::Impl {};

bool ProcessGroup::available() { return false; }

Result<std::unique_ptr<ProcessGroup>> ProcessGroup::join(const ProcessPlace&, bool) {
    return Error{ErrorCode::Usage, "This program was built without Gloo: it trains in one process. "
                                   "Install libgloo-dev and build it again."};
}

std::unique_ptr<ProcessGroup::Pending> ProcessGroup::sum(torch::Tensor) { return nullptr; }
#endif

} // namespace strata
