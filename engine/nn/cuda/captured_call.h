// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <torch/types.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace strata::nn {

/// A function of tensors on a GPU that is called again and again with tensors of the same shapes.
/// Its kernels are recorded once (a CUDA graph) and started all at once after that, which saves the
/// time that the host needs for each. What the function reads besides its arguments must stay where
/// it is until forget(). The first call with new shapes runs as usual; where recording fails, and
/// on other devices, all do. The memory of a recorded call stays taken.
class CapturedCall {
public:
    using Function = std::function<torch::Tensor(const std::vector<torch::Tensor>&)>;

    CapturedCall();
    ~CapturedCall();
    CapturedCall(CapturedCall&&) noexcept;
    CapturedCall& operator=(CapturedCall&&) noexcept;

    /// The result may be overwritten by the next call.
    torch::Tensor run(const std::vector<torch::Tensor>& arguments, const Function& function);
    void forget();

    bool recorded() const;
    /// Why nothing is recorded, if it was tried.
    const std::string& trouble() const;

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace strata::nn
