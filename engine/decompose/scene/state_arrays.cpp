// SPDX-License-Identifier: Apache-2.0
#include "engine/decompose/scene/state_arrays.h"

#include <cstring>

namespace strata {
namespace {

constexpr const char* savedState = "the saved state";

} // namespace

Array packMat(const cv::Mat& matrix) {
    if (matrix.empty())
        return Array::of({0}, std::span<const std::uint8_t>());
    const cv::Mat whole = matrix.isContinuous() ? matrix : matrix.clone();
    const std::size_t elements = whole.total() * std::size_t(whole.channels());
    if (whole.depth() == CV_32F)
        return Array::of({whole.rows, whole.cols, whole.channels()},
                         std::span(whole.ptr<float>(), elements));
    const std::size_t bytes = elements * whole.elemSize1();
    return Array::of({whole.rows, whole.cols, std::int64_t(whole.elemSize())},
                     std::span(whole.ptr<std::uint8_t>(), bytes));
}

Result<cv::Mat> unpackMat(const ArrayMap& state, const std::string& name, int type, cv::Size size) {
    STRATA_ASSIGN(const Array array, require(state, name, savedState));
    if (array.count() == 0)
        return cv::Mat();
    const bool isFloat = CV_MAT_DEPTH(type) == CV_32F;
    const std::int64_t last = isFloat ? CV_MAT_CN(type) : std::int64_t(CV_ELEM_SIZE(type));
    if (array.type != (isFloat ? DType::F32 : DType::U8) ||
        array.shape != std::vector<std::int64_t>{size.height, size.width, last})
        return Error{ErrorCode::ShapeMismatch,
                     "The saved state does not fit this clip: '" + name + "' has another size."};
    cv::Mat matrix(size, type);
    std::memcpy(matrix.data, array.bytes.data(), array.bytes.size());
    return matrix;
}

Array packDoubles(const std::vector<double>& values) {
    return Array::of({std::int64_t(values.size())}, std::span<const double>(values));
}

Result<std::vector<double>> unpackDoubles(const ArrayMap& state, const std::string& name,
                                          std::int64_t count) {
    STRATA_ASSIGN(const Array array, require(state, name, savedState, {count}));
    return array.toDoubles();
}

} // namespace strata
