// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/protocol/messages.h"

#include <string>
#include <string_view>

namespace strata::protocol {

/// Longest line of the protocol, its end included.
inline constexpr std::size_t kMaxLineBytes =
    64 << 20; // an edit with all the strokes that a project takes

/// One line without its end. Text that is not UTF-8 has its bad bytes replaced; numbers that are
/// not finite are written as 0.
std::string encode(const Request& request);
std::string encode(const Event& event);

/// The inverse. Refuses what is not a JSON object, unknown messages, missing fields and values of
/// another type or out of range; fields that are not known are passed over. `id`, if given, gets
/// the message's id as soon as it is understood, also when the rest is not; else 0.
Result<Request> decodeRequest(std::string_view line, JobId* id = nullptr);
Result<Event> decodeEvent(std::string_view line);

/// "not_found"
const char* codeName(ErrorCode code);

} // namespace strata::protocol
