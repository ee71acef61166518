// SPDX-License-Identifier: Apache-2.0
#include "engine/weights/tensor_map.h"

#include <cstdint>
#include <cstring>
#include <optional>

namespace strata {
namespace {

std::optional<torch::ScalarType> scalarOf(DType type) {
    switch (type) {
    case DType::Bool:
        return torch::kBool;
    case DType::U8:
        return torch::kUInt8;
    case DType::I8:
        return torch::kInt8;
    case DType::I16:
        return torch::kInt16;
    case DType::I32:
        return torch::kInt32;
    case DType::I64:
        return torch::kInt64;
    case DType::F16:
        return torch::kFloat16;
    case DType::BF16:
        return torch::kBFloat16;
    case DType::F32:
        return torch::kFloat32;
    case DType::F64:
        return torch::kFloat64;
    default:
        return std::nullopt;
    }
}

std::optional<DType> typeOf(torch::ScalarType scalar) {
    for (const DType type : {DType::Bool, DType::U8, DType::I8, DType::I16, DType::I32, DType::I64,
                             DType::F16, DType::BF16, DType::F32, DType::F64})
        if (scalarOf(type) == scalar)
            return type;
    return std::nullopt;
}

torch::Tensor widened(const Array& array) {
    const auto values = torch::tensor(at::ArrayRef<std::int64_t>(array.toInts()), torch::kInt64);
    const auto wide = array.type == DType::U16 ? torch::kInt32 : torch::kInt64;
    return values.to(wide).reshape(array.shape);
}

} // namespace

Result<torch::Tensor> toTensor(const Array& array, const std::string& name) {
    if (array.type == DType::Text)
        return Error{ErrorCode::BadFormat, "'" + name + "' is text where numbers are needed."};
    const auto size = bytesOf(array.type, array.shape);
    if (!size || *size != array.bytes.size())
        return Error{ErrorCode::ShapeMismatch,
                     "'" + name + "' has " + std::to_string(array.bytes.size()) +
                         " bytes, which is not what its shape " + nameOf(array.shape) + " needs."};
    const auto scalar = scalarOf(array.type);
    if (!scalar)
        return widened(array);
    const auto options = torch::TensorOptions().dtype(*scalar);
    if (*size == 0)
        return torch::empty(array.shape, options);
    void* data = const_cast<std::byte*>(array.bytes.data()); // LibTorch has no read-only tensors
    if (array.owner && reinterpret_cast<std::uintptr_t>(data) % bytesOf(array.type) == 0)
        return torch::from_blob(
            data, array.shape, [owner = array.owner](void*) {}, options);
    torch::Tensor copy = torch::empty(array.shape, options);
    std::memcpy(copy.data_ptr(), data, *size);
    return copy;
}

Result<TensorMap> toTensors(const ArrayMap& arrays) {
    TensorMap tensors;
    for (const auto& [name, array] : arrays)
        if (array.type != DType::Text) {
            STRATA_ASSIGN(tensors[name], toTensor(array, name));
        }
    return tensors;
}

Result<Array> toArray(const torch::Tensor& tensor) {
    const auto type = typeOf(tensor.scalar_type());
    if (!type)
        return Error{ErrorCode::BadFormat, "A tensor of this type cannot be written to a file."};
    const torch::Tensor plain = tensor.detach().to(torch::kCPU).contiguous();
    const auto* data = static_cast<const std::byte*>(plain.data_ptr());
    Array array;
    array.type = *type;
    array.shape = plain.sizes().vec();
    array.bytes = {data, std::size_t(plain.nbytes())};
    array.owner = std::make_shared<const torch::Tensor>(plain);
    return array;
}

} // namespace strata
