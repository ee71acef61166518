// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/result.h"

#include <torch/torch.h>

#include <new>
#include <string>
#include <type_traits>

namespace strata::nn {

/// The first line of what LibTorch says; its full text carries a stack trace.
inline std::string shortMessage(const std::exception& e) {
    const auto* torchError = dynamic_cast<const c10::Error*>(&e);
    std::string text = torchError ? torchError->what_without_backtrace() : e.what();
    if (const auto end = text.find('\n'); end != std::string::npos)
        text.resize(end);
    return text;
}

/// Calls `run` and turns what LibTorch throws into a Result. `doing` begins the sentence of a
/// failure: "Running the pose network".
template <typename F>
auto guarded(const std::string& doing, F&& run) -> std::invoke_result_t<F> {
    try {
        return run();
    } catch (const std::bad_alloc&) {
        return Error{ErrorCode::OutOfMemory, doing + " needs more memory than there is."};
    } catch (const std::exception& e) {
        const auto text = shortMessage(e);
        const bool memory = text.find("allocate memory") != std::string::npos ||
                            text.find("out of memory") != std::string::npos ||
                            text.find("out_of_memory") != std::string::npos ||
                            text.find("ALLOC_FAILED") != std::string::npos; // CUDA's libraries
        return Error{memory ? ErrorCode::OutOfMemory : ErrorCode::Internal,
                     doing + " failed: " + text};
    }
}

/// The same in inference mode.
template <typename F>
auto inferring(const std::string& doing, F&& run) -> std::invoke_result_t<F> {
    return guarded(doing, [&run] {
        const c10::InferenceMode inference;
        return run();
    });
}

} // namespace strata::nn
