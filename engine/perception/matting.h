// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/image.h"
#include "engine/core/result.h"

#include <filesystem>
#include <memory>

namespace strata {

/// MODNet portrait matting through ONNX Runtime. Best on crops round one person.
class Matting {
public:
    static Result<Matting> load(const std::filesystem::path& modelFile);
    Matting(Matting&&) noexcept;
    Matting& operator=(Matting&&) noexcept;
    ~Matting();

    /// rgb [H, W, 3] -> alpha [H, W, 1], 0..1, of the same size. The network runs with its shorter side at
    /// `networkSide` (a multiple of 32).
    Result<ImageF> alpha(const ImageU8& rgb, int networkSide = 512);

private:
    struct Impl;
    explicit Matting(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

} // namespace strata
