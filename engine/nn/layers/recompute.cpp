// SPDX-License-Identifier: Apache-2.0
#include <torch/torch.h>

#include "engine/nn/layers/recompute.h"

namespace strata::nn {
namespace {

thread_local bool recomputing = false;

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

struct Holder : torch::CustomClassHolder {
    TensorFunction run;
    std::vector<bool> needs; // inputs that take gradients
};

/// Leaves of a graph of their own, which take gradients as the originals do.
std::vector<torch::Tensor> apart(const variable_list& inputs, const std::vector<bool>& needs) {
    std::vector<torch::Tensor> out;
    for (std::size_t i = 0; i < inputs.size(); ++i)
        out.push_back(inputs[i].detach().requires_grad_(needs[i]));
    return out;
}

struct Recomputation : torch::autograd::Function<Recomputation> {
    // `anchor` makes the result take gradients where only parameters do.
    static torch::Tensor forward(AutogradContext* context, const torch::Tensor& anchor,
                                 const c10::intrusive_ptr<Holder>& holder, at::TensorList given) {
        (void)anchor;
        const auto inputs = given.vec();
        context->save_for_backward(inputs);
        context->saved_data["run"] = c10::IValue::make_capsule(holder);
        // With a graph, which ends here: layers reuse their input's memory where there is none.
        const torch::AutoGradMode graph(true);
        const RecomputeScope once(false);
        return holder->run(apart(inputs, holder->needs)).detach();
    }

    static variable_list backward(AutogradContext* context, variable_list gradients) {
        const auto holder =
            c10::static_intrusive_pointer_cast<Holder>(context->saved_data["run"].toCapsule());
        const torch::AutoGradMode graph(true);
        const RecomputeScope once(false);
        const auto inputs = apart(context->get_saved_variables(), holder->needs);
        const auto result = holder->run(inputs);
        torch::autograd::backward({result}, gradients);
        variable_list out(2); // anchor and function have none
        for (std::size_t i = 0; i < inputs.size(); ++i)
            out.push_back(holder->needs[i] ? inputs[i].grad() : torch::Tensor());
        return out;
    }
};

} // namespace

RecomputeScope::RecomputeScope(bool on)
    : m_before(recomputing) {
    recomputing = on;
}

RecomputeScope::~RecomputeScope() { recomputing = m_before; }

torch::Tensor recomputed(const TensorFunction& run, const std::vector<torch::Tensor>& inputs) {
    if (!recomputing || !at::GradMode::is_enabled())
        return run(inputs);
    auto holder = c10::make_intrusive<Holder>();
    holder->run = run;
    for (const auto& input : inputs)
        holder->needs.push_back(input.requires_grad());
    const auto anchor = torch::zeros({1}, inputs.front().options()).requires_grad_(true);
    return Recomputation::apply(anchor, holder, at::TensorList(inputs));
}

} // namespace strata::nn
