// SPDX-License-Identifier: Apache-2.0
#include <torch/torch.h>

#include "engine/train/trainer/picture_tensors.h"

#include <algorithm>

namespace strata {

torch::Tensor bytesOf(const ImageU8& image) {
    return torch::from_blob(const_cast<std::uint8_t*>(image.data()),
                            {image.height(), image.width(), image.channels()}, torch::kUInt8)
        .clone();
}

ImageU8 imageOf(const torch::Tensor& bytes) {
    const auto plain = bytes.contiguous();
    ImageU8 image(int(plain.size(1)), int(plain.size(0)), int(plain.size(2)));
    std::copy_n(plain.data_ptr<std::uint8_t>(), image.count(), image.data());
    return image;
}

torch::Tensor planesOf(const torch::Tensor& bytes, const torch::TensorOptions& options,
                       bool signedRange) {
    const auto values = bytes.to(options.device()).permute({0, 3, 1, 2}).to(torch::kFloat32) / 255;
    return (signedRange ? values * 2 - 1 : values).contiguous().to(options);
}

} // namespace strata
