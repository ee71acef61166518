// SPDX-License-Identifier: Apache-2.0
#include <torch/torch.h>

#include "engine/decompose/fit/torch_body.h"

namespace strata {
namespace {

torch::Tensor ids(const std::vector<std::int64_t>& values) {
    return torch::tensor(values, torch::kLong);
}

} // namespace

torch::Tensor floatTensor(const void* data, std::vector<std::int64_t> shape) {
    return torch::from_blob(const_cast<void*>(data), shape, torch::kFloat).clone();
}

TorchBody::TorchBody(const BodyModel& model) {
    constexpr std::int64_t kV = kBodyVertices, kJ = kBodyJoints;
    m_template = floatTensor(model.vTemplate.data(), {kV, 3});
    m_shapeDirs = floatTensor(model.shapeDirs.data(), {kV, 3, kBodyBetas});
    m_poseDirs = floatTensor(model.poseDirs.data(), {kV * 3, 9 * (kJ - 1)});
    m_jointTemplate = floatTensor(model.jointTemplate.data(), {kJ, 3});
    m_jointShapeDirs = floatTensor(model.jointShapeDirs.data(), {kJ, 3, kBodyBetas});
    m_weights = torch::zeros({kV, kJ});
    auto weights = m_weights.accessor<float, 2>();
    for (int v = 0; v < kBodyVertices; ++v)
        for (int k = 0; k < 4; ++k)
            weights[v][model.bones[v][k]] += model.boneWeights[v][k];

    std::vector<std::int64_t> above{0}, place(kBodyJoints, 0), order{0};
    while (!above.empty()) {
        std::vector<std::int64_t> joints, parents, parentAt;
        for (int j = 1; j < kBodyJoints; ++j)
            for (std::size_t p = 0; p < above.size(); ++p)
                if (model.parents[j] == above[p]) {
                    joints.push_back(j);
                    parents.push_back(above[p]);
                    parentAt.push_back(std::int64_t(p));
                }
        if (!joints.empty())
            m_levels.push_back({ids(joints), ids(parents), ids(parentAt)});
        order.insert(order.end(), joints.begin(), joints.end());
        above = joints;
    }
    for (std::size_t k = 0; k < order.size(); ++k)
        place[order[k]] = std::int64_t(k);
    m_order = ids(place);
}

torch::Tensor TorchBody::restJoints(const torch::Tensor& betas) const {
    return m_jointTemplate + torch::matmul(m_jointShapeDirs, betas);
}

TorchBody::Skeleton TorchBody::forwardKinematics(const torch::Tensor& local,
                                                 const torch::Tensor& rest) const {
    const std::int64_t frames = local.size(0);
    // A level holds [T, n, 3, 4]: rotation and position beside each other.
    torch::Tensor rotation = local.narrow(1, 0, 1);
    torch::Tensor position = rest.narrow(0, 0, 1).unsqueeze(0).expand({frames, 1, 3});
    std::vector<torch::Tensor> rotations{rotation}, positions{position};
    for (const Level& level : m_levels) {
        const torch::Tensor up = rotation.index_select(1, level.parentAt);
        const torch::Tensor bone =
            rest.index_select(0, level.joints) - rest.index_select(0, level.parentIds);
        position = position.index_select(1, level.parentAt) +
                   (up * bone.unsqueeze(0).unsqueeze(2)).sum(-1);
        rotation = torch::matmul(up, local.index_select(1, level.joints));
        rotations.push_back(rotation);
        positions.push_back(position);
    }
    const torch::Tensor g = torch::cat(rotations, 1).index_select(1, m_order);
    const torch::Tensor joints = torch::cat(positions, 1).index_select(1, m_order);
    const torch::Tensor shift = joints - (g * rest.unsqueeze(0).unsqueeze(2)).sum(-1);
    return {joints, torch::cat({g, shift.unsqueeze(-1)}, -1)};
}

torch::Tensor TorchBody::vertices(const torch::Tensor& betas, const torch::Tensor& local,
                                  const torch::Tensor& translation) const {
    const std::int64_t frames = local.size(0);
    const Skeleton skeleton = forwardKinematics(local, restJoints(betas));
    const torch::Tensor features =
        (local.narrow(1, 1, kBodyJoints - 1) - torch::eye(3)).reshape({frames, -1});
    const torch::Tensor shaped = m_template + torch::matmul(m_shapeDirs, betas);
    const torch::Tensor posed =
        shaped.unsqueeze(0) +
        torch::matmul(features, m_poseDirs.t()).view({frames, kBodyVertices, 3});
    const torch::Tensor blended =
        torch::matmul(m_weights, skeleton.transforms.reshape({frames, kBodyJoints, 12}))
            .view({frames, kBodyVertices, 3, 4});
    return (blended.narrow(3, 0, 3) * posed.unsqueeze(2)).sum(-1) + blended.select(3, 3) +
           translation.unsqueeze(1);
}

torch::Tensor rotationsOf(const torch::Tensor& axisAngle) {
    // The small number keeps the gradient of the length finite at zero.
    const torch::Tensor angle = (axisAngle * axisAngle).sum(-1, true).add(1e-16).sqrt();
    const torch::Tensor axis = axisAngle / angle;
    const torch::Tensor x = axis.select(-1, 0), y = axis.select(-1, 1), z = axis.select(-1, 2);
    const torch::Tensor zero = torch::zeros_like(x);
    std::vector<std::int64_t> shape = axis.sizes().vec();
    shape.push_back(3);
    const torch::Tensor k = torch::stack({zero, -z, y, z, zero, -x, -y, x, zero}, -1).view(shape);
    const torch::Tensor a = angle.unsqueeze(-1);
    return torch::eye(3, axisAngle.options()) + torch::sin(a) * k +
           (1.0 - torch::cos(a)) * torch::matmul(k, k);
}

torch::Tensor rotationsOf6d(const torch::Tensor& columns) {
    const auto unit = [](const torch::Tensor& v) {
        return v / (v * v).sum(-1, true).add(1e-12).sqrt();
    };
    const torch::Tensor a = unit(columns.narrow(-1, 0, 3));
    const torch::Tensor second = columns.narrow(-1, 3, 3);
    const torch::Tensor b = unit(second - (a * second).sum(-1, true) * a);
    return torch::stack({a, b, torch::cross(a, b, -1)}, -1);
}

} // namespace strata
