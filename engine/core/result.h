// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cassert>
#include <string>
#include <utility>
#include <variant>

namespace strata {

enum class ErrorCode {
    Cancelled = 1,
    Usage,         // the request itself makes no sense
    NotFound,      // a file, model or tensor that is not there
    BadFormat,     // a file that is not what it should be
    ShapeMismatch, // tensors or images of the wrong size
    NothingToDo,   // valid input without anything to work on (no person, say)
    OutOfMemory,
    Io, // reading or writing failed (disk full, no permission)
    Internal,
};

/// What went wrong, in a form a user can be shown: `message` is one full sentence that names the
/// thing and, where there is one, the way out.
struct Error {
    ErrorCode code = ErrorCode::Internal;
    std::string message;
};

/// A value or an Error. One name for the project, so that it can become std::expected the day every
/// compiler we build with (nvcc and clang-tidy included) has it.
template <typename T>
class [[nodiscard]] Result {
public:
    Result(T value)
        : m_state(std::in_place_index<0>, std::move(value)) {}
    Result(Error error)
        : m_state(std::in_place_index<1>, std::move(error)) {}

    explicit operator bool() const noexcept { return m_state.index() == 0; }

    T& operator*() & { return value(); }
    const T& operator*() const& { return const_cast<Result*>(this)->value(); }
    T&& operator*() && { return std::move(value()); }
    T* operator->() { return &value(); }
    const T* operator->() const { return &const_cast<Result*>(this)->value(); }

    const Error& error() const {
        assert(!*this);
        return *std::get_if<1>(&m_state);
    }

private:
    T& value() {
        assert(*this);
        return *std::get_if<0>(&m_state);
    }

    std::variant<T, Error> m_state;
};

using Status = Result<std::monostate>;

inline Status ok() { return std::monostate{}; }

inline Error cancelled() { return {ErrorCode::Cancelled, "Cancelled."}; }

} // namespace strata

/// Leaves the calling function with the error of `expression`, if it has one.
#define STRATA_TRY(expression)                                                                     \
    do {                                                                                           \
        if (auto strataStatus = (expression); !strataStatus)                                       \
            return strataStatus.error();                                                           \
    } while (false)

#define STRATA_CONCAT_INNER(a, b) a##b
#define STRATA_CONCAT(a, b) STRATA_CONCAT_INNER(a, b)

/// Declares `target` from the value of `expression`, or leaves the calling function with its error.
#define STRATA_ASSIGN(target, expression)                                                          \
    auto STRATA_CONCAT(strataResult, __LINE__) = (expression);                                     \
    if (!STRATA_CONCAT(strataResult, __LINE__))                                                    \
        return STRATA_CONCAT(strataResult, __LINE__).error();                                      \
    target = std::move(*STRATA_CONCAT(strataResult, __LINE__))
