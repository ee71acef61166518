// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/result.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace strata {

/// A tensor given to an ONNX graph: C order, only looked at during the call.
struct OnnxInput {
    std::vector<std::int64_t> shape;
    std::variant<std::span<const float>, std::span<const std::uint8_t>> values;
};

/// A tensor that an ONNX graph gave back, C order.
struct OnnxOutput {
    std::vector<std::int64_t> shape;
    std::variant<std::vector<float>, std::vector<std::uint8_t>> values;
};

/// What a class expects of its graph; a file that differs is some other model.
struct OnnxSignature {
    enum class Type { Float, U8 };
    struct Port {
        Type type = Type::Float;
        std::int64_t channels =
            0; // extent of dimension 1 of 4, 0 = any; a free dimension always fits
    };
    std::vector<Port> inputs;
    std::vector<Port> outputs;
};

/// One ONNX graph on ONNX Runtime's CPU provider, all cores. The only place that sees its C++
/// interface: its exceptions end here as Results. One thread at a time per session.
class OnnxSession {
public:
    /// `title` names the model in messages ("MODNet").
    static Result<OnnxSession> load(const std::filesystem::path& file, const std::string& title,
                                    const OnnxSignature& signature);
    OnnxSession(OnnxSession&&) noexcept;
    OnnxSession& operator=(OnnxSession&&) noexcept;
    ~OnnxSession();

    /// As many inputs as the signature has, in the graph's order.
    Result<std::vector<OnnxOutput>> run(std::span<const OnnxInput> inputs);

private:
    struct Impl;
    explicit OnnxSession(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

} // namespace strata
