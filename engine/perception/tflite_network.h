// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/result.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace strata {

/// A TensorFlow Lite file running on LibTorch, for classes that need no LibTorch otherwise. One
/// picture in, several arrays of floats out. Uses one core; several threads may run it at once.
class TfliteNetwork {
public:
    /// The file must have one input of `side` x `side` RGB and outputs with these numbers of
    /// values, in this order. `title` names the model in messages.
    static Result<TfliteNetwork> load(const std::filesystem::path& file, const std::string& title,
                                      int side, const std::vector<std::int64_t>& outputCounts);
    TfliteNetwork(TfliteNetwork&&) noexcept;
    TfliteNetwork& operator=(TfliteNetwork&&) noexcept;
    ~TfliteNetwork();

    /// rgb [side, side, 3] as floats in the range that the model expects.
    Result<std::vector<std::vector<float>>> run(std::span<const float> rgb) const;

private:
    struct Impl;
    explicit TfliteNetwork(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

} // namespace strata
