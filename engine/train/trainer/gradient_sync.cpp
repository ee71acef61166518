// SPDX-License-Identifier: Apache-2.0
#include <torch/torch.h>

#include "engine/train/trainer/gradient_sync.h"

#include "engine/nn/guard.h"

#include <torch/csrc/autograd/function.h>
#include <torch/csrc/autograd/function_hook.h>
#include <torch/csrc/autograd/variable.h>

#include <algorithm>
#include <functional>
#include <mutex>

namespace strata {
namespace {

using torch::autograd::variable_list;

/// Is called when the gradient of a parameter has been added to it.
class ReadyHook final : public torch::autograd::FunctionPostHook {
public:
    explicit ReadyHook(std::function<void()> ready)
        : m_ready(std::move(ready)) {}
    variable_list operator()(const variable_list& outputs, const variable_list&) override {
        m_ready();
        return outputs;
    }

private:
    std::function<void()> m_ready;
};

} // namespace

struct GradientSync::Impl {
    struct Bucket {
        torch::Tensor gradients; // a stretch of the row
        std::size_t parameters = 0;
        std::size_t missing = 0;
        std::unique_ptr<ProcessGroup::Pending> pending;
    };

    Impl(ProcessGroup& g, FlatParameters& p, double bucketMegabytes)
        : group(g) {
        const auto most = std::max<std::int64_t>(
            std::int64_t(bucketMegabytes * 1e6 / double(p.gradients().element_size())), 1);
        const auto count = p.parameters().size();
        bucketOf.resize(count);
        std::int64_t end = p.length();
        std::size_t inside = 0;
        for (std::size_t i = count; i-- > 0;) {
            const auto begin = p.range(i).first;
            bucketOf[i] = buckets.size();
            ++inside;
            if (end - begin < most && i > 0)
                continue;
            buckets.push_back({p.gradients().narrow(0, begin, end - begin), inside, 0, nullptr});
            end = begin;
            inside = 0;
        }
    }

    void ready(std::size_t parameter) {
        const std::lock_guard lock(mutex); // GPUs have a thread each for backward
        if (!armed)
            return;
        auto& bucket = buckets[bucketOf[parameter]];
        if (bucket.missing > 0)
            --bucket.missing;
        try {
            while (next < buckets.size() && buckets[next].missing == 0)
                send();
        } catch (const std::exception& e) { // finish() says so
            failure = nn::shortMessage(e);
            armed = false;
        }
    }

    void send() {
        auto& bucket = buckets[next++];
        bucket.pending = group.sum(bucket.gradients);
    }

    ProcessGroup& group;
    std::vector<Bucket> buckets; // in the order they are sent
    std::vector<std::size_t> bucketOf;
    std::vector<std::shared_ptr<torch::autograd::Node>> accumulators; // keep the hooks alive
    std::mutex mutex;
    std::size_t next = 0;
    bool armed = false;
    std::string failure;
};

GradientSync::GradientSync(ProcessGroup& group, FlatParameters& parameters, double bucketMegabytes,
                           bool overlap)
    : m_impl(std::make_shared<Impl>(group, parameters, bucketMegabytes)) {
    if (!overlap)
        return;
    const std::weak_ptr<Impl> weak = m_impl; // hooks may outlive this
    for (std::size_t i = 0; i < parameters.parameters().size(); ++i) {
        auto node = torch::autograd::impl::grad_accumulator(parameters.parameters()[i].second);
        node->add_post_hook(std::make_unique<ReadyHook>([weak, i] {
            if (const auto impl = weak.lock())
                impl->ready(i);
        }));
        m_impl->accumulators.push_back(std::move(node));
    }
}

GradientSync::~GradientSync() = default;

std::size_t GradientSync::buckets() const { return m_impl->buckets.size(); }

void GradientSync::arm() {
    for (auto& bucket : m_impl->buckets)
        bucket.missing = bucket.parameters;
    m_impl->next = 0;
    m_impl->armed = true;
}

Status GradientSync::finish() {
    m_impl->armed = false;
    if (!m_impl->failure.empty())
        return processLost(m_impl->failure);
    try {
        while (m_impl->next < m_impl->buckets.size()) // parameters without a gradient, too
            m_impl->send();
        for (auto& bucket : m_impl->buckets) {
            bucket.pending->wait();
            bucket.pending.reset();
        }
    } catch (const std::exception& e) {
        return processLost(nn::shortMessage(e));
    }
    return ok();
}

} // namespace strata
