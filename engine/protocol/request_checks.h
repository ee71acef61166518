// SPDX-License-Identifier: Apache-2.0
// Internal to engine/protocol.
#pragma once

#include "engine/protocol/messages.h"

namespace strata::protocol {

/// Whether a request that reads well makes sense by itself; files are not looked at.
Status check(const Request& request);

} // namespace strata::protocol
