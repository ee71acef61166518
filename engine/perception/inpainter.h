// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/image.h"
#include "engine/core/result.h"

#include <filesystem>
#include <memory>

namespace strata {

/// MI-GAN image inpainting through ONNX Runtime.
class Inpainter {
public:
    static Result<Inpainter> load(const std::filesystem::path& modelFile);
    Inpainter(Inpainter&&) noexcept;
    Inpainter& operator=(Inpainter&&) noexcept;
    ~Inpainter();

    /// rgb [H, W, 3]; hole [H, W, 1] with anything above 127 to be filled. Pixels outside the hole come back unchanged.
    Result<ImageU8> inpaint(const ImageU8& rgb, const ImageU8& hole);

private:
    struct Impl;
    explicit Inpainter(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

} // namespace strata
