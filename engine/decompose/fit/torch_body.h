// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <torch/torch.h>

#include "engine/body/body_model.h"

#include <cstdint>
#include <vector>

namespace strata {

/// The body on LibTorch, differentiable, batched over frames [T]. The same arithmetic as
/// ShapedBody. For sources that use LibTorch only; nothing outside the fit and its tests includes
/// this.
class TorchBody {
public:
    explicit TorchBody(const BodyModel& model);

    /// Joints of the shaped body at rest: betas [10] -> [24, 3].
    torch::Tensor restJoints(const torch::Tensor& betas) const;

    struct Skeleton {
        torch::Tensor joints; // [T, 24, 3] posed, before the translation
        torch::Tensor
            transforms; // [T, 24, 3, 4] from rest positions to posed ones, before the translation
    };
    /// local: rotations [T, 24, 3, 3] in the parents' frames; rest: [24, 3].
    Skeleton forwardKinematics(const torch::Tensor& local, const torch::Tensor& rest) const;

    /// All vertices [T, V, 3] with pose correctives; betas [10], local [T, 24, 3, 3], translation
    /// [T, 3].
    torch::Tensor vertices(const torch::Tensor& betas, const torch::Tensor& local,
                           const torch::Tensor& translation) const;

private:
    struct Level {
        torch::Tensor joints;    // [n] ids on this level of the tree
        torch::Tensor parentIds; // [n] their parents
        torch::Tensor parentAt;  // [n] where those are among the joints of the level above
    };
    std::vector<Level> m_levels; // below the root
    torch::Tensor m_order;       // [24] puts the levels' joints back into SMPL's order
    torch::Tensor m_template, m_shapeDirs, m_poseDirs; // [V, 3], [V, 3, 10], [V * 3, 207]
    torch::Tensor m_jointTemplate, m_jointShapeDirs;   // [24, 3], [24, 3, 10]
    torch::Tensor m_weights;                           // [V, 24]
};

/// A copy of the floats at `data` as a tensor of that shape.
torch::Tensor floatTensor(const void* data, std::vector<std::int64_t> shape);
/// Axis-angle [..., 3] -> rotations [..., 3, 3].
torch::Tensor rotationsOf(const torch::Tensor& axisAngle);
/// Two columns [..., 6] -> rotations [..., 3, 3] by Gram-Schmidt (Zhou et al., CVPR 2019).
torch::Tensor rotationsOf6d(const torch::Tensor& columns);

} // namespace strata
