// SPDX-License-Identifier: Apache-2.0
#include "engine/body/body_arrays.h"

#include <algorithm>
#include <cmath>

namespace strata {
namespace {

constexpr std::int64_t kFaces = 13776;
constexpr int kHandJoint[2] = {22, 23};   // SMPL's hands
constexpr int kFingerBegin[2] = {22, 37}; // SMPL-H: 15 finger joints per hand, left first
constexpr int kFingersPerHand = 15;
constexpr int kSmplhJoints = 52;
// SMPL's hand joint lies among the knuckles: first joints of index, middle, little and ring finger.
constexpr int kKnuckles[4] = {0, 3, 6, 9};

Error bad(const std::string& file, const std::string& what) {
    return {ErrorCode::BadFormat, "The body file " + file + " " + what + "."};
}

Result<std::vector<float>> floats(const ArrayMap& arrays, const std::string& name,
                                  const std::string& file, const std::vector<std::int64_t>& shape) {
    STRATA_ASSIGN(const Array array, require(arrays, name, file, shape));
    std::vector<float> values = array.toFloats();
    if (std::int64_t(values.size()) != array.count())
        return bad(file, "has no numbers in \"" + name + "\"");
    for (const float value : values)
        if (!std::isfinite(value))
            return bad(file, "has a number in \"" + name + "\" that is not finite");
    return values;
}

Result<std::vector<std::int64_t>> indices(const ArrayMap& arrays, const std::string& name,
                                          const std::string& file,
                                          const std::vector<std::int64_t>& shape,
                                          std::int64_t limit) {
    STRATA_ASSIGN(const Array array, require(arrays, name, file, shape));
    std::vector<std::int64_t> values = array.toInts();
    if (std::int64_t(values.size()) != array.count())
        return bad(file, "has no numbers in \"" + name + "\"");
    for (const std::int64_t value : values)
        if (value < 0 || value >= limit)
            return bad(file, "has an index out of range in \"" + name + "\"");
    return values;
}

/// Folds SMPL-H's finger columns or rows into the two hands. `at(joint)` reads, `set(joint, value)`
/// writes.
std::vector<float> mergedWeights(const std::vector<float>& source, int joints) {
    std::vector<float> merged(std::size_t(kBodyVertices) * kBodyJoints, 0.f);
    for (int v = 0; v < kBodyVertices; ++v) {
        for (int j = 0; j < joints; ++j) {
            int target = j;
            if (joints == kSmplhJoints && j >= kFingerBegin[0])
                target = j < kFingerBegin[1] ? kHandJoint[0] : kHandJoint[1];
            merged[std::size_t(v) * kBodyJoints + target] += source[std::size_t(v) * joints + j];
        }
    }
    return merged;
}

std::vector<float> mergedRegressor(const std::vector<float>& source, int joints) {
    if (joints == kBodyJoints)
        return source;
    std::vector<float> merged(std::size_t(kBodyJoints) * kBodyVertices, 0.f);
    std::copy_n(source.begin(), std::size_t(kHandJoint[0]) * kBodyVertices, merged.begin());
    for (int hand = 0; hand < 2; ++hand)
        for (const int knuckle : kKnuckles)
            for (int v = 0; v < kBodyVertices; ++v)
                merged[std::size_t(kHandJoint[hand]) * kBodyVertices + v] +=
                    0.25f * source[std::size_t(kFingerBegin[hand] + knuckle) * kBodyVertices + v];
    return merged;
}

Status setWeights(BodyModel& model, const std::vector<float>& dense, const std::string& file) {
    model.bones.resize(kBodyVertices);
    model.boneWeights.resize(kBodyVertices);
    for (int v = 0; v < kBodyVertices; ++v) {
        const float* row = dense.data() + std::size_t(v) * kBodyJoints;
        std::array<std::uint8_t, kBodyJoints> order;
        for (int j = 0; j < kBodyJoints; ++j)
            order[j] = std::uint8_t(j);
        std::partial_sort(order.begin(), order.begin() + 4, order.end(),
                          [&](int a, int b) { return row[a] > row[b]; });
        glm::vec4 weight;
        for (int k = 0; k < 4; ++k) {
            model.bones[v][k] = order[k];
            weight[k] = std::max(0.f, row[order[k]]);
        }
        const float sum = weight.x + weight.y + weight.z + weight.w;
        if (!(sum > 0.1f))
            return bad(file, "has a vertex that no joint moves");
        model.boneWeights[v] = weight / sum;
    }
    return ok();
}

Status setParents(BodyModel& model, const ArrayMap& arrays, const std::string& file, int joints) {
    STRATA_ASSIGN(const Array tree, require(arrays, "kintree_table", file, {2, joints}));
    const std::vector<std::int64_t> values = tree.toInts();
    if (values.size() != std::size_t(2 * joints))
        return bad(file, "has no numbers in \"kintree_table\"");
    model.parents[0] = -1;
    for (int j = 1; j < kBodyJoints; ++j) {
        // The hands of SMPL hang on the wrists, where SMPL-H has the first finger joints.
        const int source = joints == kSmplhJoints && j == kHandJoint[1] ? kFingerBegin[1] : j;
        const std::int64_t parent = values[source];
        if (parent < 0 || parent >= j)
            return bad(file, "has a joint tree that is not ordered from the root");
        model.parents[j] = int(parent);
    }
    return ok();
}

/// Keeps the first `kept` of `stride` numbers per row.
std::vector<float> firstColumns(const std::vector<float>& source, std::size_t stride,
                                std::size_t kept, std::size_t width) {
    const std::size_t rows = source.size() / stride;
    std::vector<float> result(rows * width, 0.f);
    for (std::size_t r = 0; r < rows; ++r)
        std::copy_n(source.begin() + r * stride, kept, result.begin() + r * width);
    return result;
}

Status setShape(BodyModel& model, const ArrayMap& arrays, const std::string& file, int joints) {
    STRATA_ASSIGN(const auto vertices, floats(arrays, "v_template", file, {kBodyVertices, 3}));
    model.vTemplate.resize(kBodyVertices);
    for (int v = 0; v < kBodyVertices; ++v)
        model.vTemplate[v] = {vertices[3 * v], vertices[3 * v + 1], vertices[3 * v + 2]};

    STRATA_ASSIGN(const Array shapes, require(arrays, "shapedirs", file, {kBodyVertices, 3, -1}));
    if (shapes.shape[2] < kBodyBetas || shapes.shape[2] > 1000)
        return bad(file, "has fewer than 10 shape directions");
    STRATA_ASSIGN(const auto shapeDirs, floats(arrays, "shapedirs", file, shapes.shape));
    model.shapeDirs = firstColumns(shapeDirs, shapes.shape[2], kBodyBetas, kBodyBetas);

    const std::int64_t features = 9 * (joints - 1);
    STRATA_ASSIGN(const auto poseDirs,
                  floats(arrays, "posedirs", file, {kBodyVertices, 3, features}));
    const std::size_t width = 9 * (kBodyJoints - 1);
    // Finger correctives have no joint to drive them any more and are left out.
    const std::size_t kept = joints == kBodyJoints ? width : 9 * (kHandJoint[0] - 1);
    model.poseDirs = firstColumns(poseDirs, features, kept, width);
    return ok();
}

void regressJoints(BodyModel& model) {
    model.jointTemplate.assign(kBodyJoints, glm::vec3(0.f));
    model.jointShapeDirs.assign(std::size_t(kBodyJoints) * 3 * kBodyBetas, 0.f);
    for (int j = 0; j < kBodyJoints; ++j) {
        glm::dvec3 position(0.0);
        std::array<double, 3 * kBodyBetas> dirs{};
        for (int v = 0; v < kBodyVertices; ++v) {
            const double w = model.jointRegressor[std::size_t(j) * kBodyVertices + v];
            if (w == 0)
                continue;
            position += w * glm::dvec3(model.vTemplate[v]);
            for (int k = 0; k < 3 * kBodyBetas; ++k)
                dirs[k] += w * model.shapeDirs[std::size_t(v) * 3 * kBodyBetas + k];
        }
        model.jointTemplate[j] = position;
        std::copy(dirs.begin(), dirs.end(),
                  model.jointShapeDirs.begin() + std::size_t(j) * dirs.size());
    }
}

Status setFaces(BodyModel& model, const ArrayMap& arrays, const std::string& file,
                const std::string& name) {
    STRATA_ASSIGN(const auto faces, indices(arrays, name, file, {kFaces, 3}, kBodyVertices));
    model.faces.resize(kFaces);
    for (std::int64_t f = 0; f < kFaces; ++f)
        model.faces[f] = {faces[3 * f], faces[3 * f + 1], faces[3 * f + 2]};
    return ok();
}

Result<std::vector<std::int32_t>> labels(const ArrayMap& arrays, const std::string& name,
                                         const std::string& file, std::int64_t limit) {
    STRATA_ASSIGN(const auto values, indices(arrays, name, file, {kBodyVertices}, limit));
    return std::vector<std::int32_t>(values.begin(), values.end());
}

Status setAppearance(BodyModel& model, const ArrayMap& arrays, const std::string& file) {
    STRATA_ASSIGN(const auto uv, floats(arrays, "uv_verts", file, {-1, 2}));
    model.uvVertices.resize(uv.size() / 2);
    for (std::size_t i = 0; i < model.uvVertices.size(); ++i)
        model.uvVertices[i] = {uv[2 * i], uv[2 * i + 1]};
    STRATA_ASSIGN(const auto uvFaces, indices(arrays, "uv_faces", file, {kFaces, 3},
                                              std::int64_t(model.uvVertices.size())));
    model.uvFaces.resize(kFaces);
    for (std::int64_t f = 0; f < kFaces; ++f)
        model.uvFaces[f] = {uvFaces[3 * f], uvFaces[3 * f + 1], uvFaces[3 * f + 2]};
    STRATA_ASSIGN(model.partLabels, labels(arrays, "part_labels", file, kBodyJoints));
    STRATA_ASSIGN(model.mirrorIndex, labels(arrays, "mirror_index", file, kBodyVertices));
    STRATA_ASSIGN(model.eyeLabels, labels(arrays, "eye_labels", file, 3));
    STRATA_ASSIGN(const auto pose, floats(arrays, "a_pose", file, {kBodyJoints, 3}));
    for (int j = 0; j < kBodyJoints; ++j)
        model.aPose[j] = {pose[3 * j], pose[3 * j + 1], pose[3 * j + 2]};
    return ok();
}

} // namespace

Result<BodyModel> bodyFromArrays(const ArrayMap& arrays, const std::string& file) {
    STRATA_ASSIGN(const Array weights, require(arrays, "weights", file, {kBodyVertices, -1}));
    const std::int64_t joints = weights.shape[1];
    if (joints != kBodyJoints && joints != kSmplhJoints)
        return bad(file, "has " + std::to_string(joints) +
                             " joints; a body in SMPL layout has 24, in SMPL-H layout 52");
    const bool ours = arrays.count("uv_faces") != 0 && arrays.count("faces") != 0;

    BodyModel model;
    model.name = ours ? "strata" : joints == kBodyJoints ? "smpl" : "smplh";
    STRATA_TRY(setParents(model, arrays, file, int(joints)));
    STRATA_TRY(setShape(model, arrays, file, int(joints)));
    STRATA_ASSIGN(const auto dense, floats(arrays, "weights", file, {kBodyVertices, joints}));
    STRATA_TRY(setWeights(model, mergedWeights(dense, int(joints)), file));
    STRATA_ASSIGN(const auto regressor,
                  floats(arrays, "J_regressor", file, {joints, kBodyVertices}));
    model.jointRegressor = mergedRegressor(regressor, int(joints));
    regressJoints(model);
    STRATA_TRY(setFaces(model, arrays, file, ours ? "faces" : "f"));
    if (ours)
        STRATA_TRY(setAppearance(model, arrays, file));
    return model;
}

} // namespace strata
