// SPDX-License-Identifier: Apache-2.0
// Between stacks of frames and tensors; for the sources of this folder.
#pragma once

#include "engine/nn/mimo/mimo_networks.h"
#include "engine/synth/diffusion/frame_stack.h"

#include <algorithm>

namespace strata {

/// [frames, channels, height, width]. Shares the stack's memory where type and device allow it.
inline torch::Tensor tensorOf(const FrameStack& stack, const torch::TensorOptions& options) {
    const auto shape = stack.shape();
    auto* values = const_cast<float*>(stack.values().data());
    return torch::from_blob(values, {stack.frames(), shape.channels, shape.height, shape.width},
                            torch::kFloat32)
        .to(options);
}

inline FrameStack stackOf(const torch::Tensor& frames) {
    const auto values = frames.to(torch::kCPU, torch::kFloat32).contiguous();
    FrameStack out(int(values.size(0)),
                   {int(values.size(1)), int(values.size(2)), int(values.size(3))});
    std::copy_n(values.data_ptr<float>(), out.values().size(), out.values().data());
    return out;
}

/// [F, C, h, w] -> [1, C, F, h, w]
inline torch::Tensor oneClip(const torch::Tensor& frames) {
    return frames.permute({1, 0, 2, 3}).unsqueeze(0);
}

} // namespace strata
