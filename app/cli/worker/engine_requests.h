// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/pipeline/job_requests.h"
#include "engine/protocol/messages.h"

namespace strata::cli {

/// What a client asks for, as the pipeline takes it.
DecomposeRequest engineRequest(const protocol::Decompose& request);
EditRequest engineRequest(const protocol::Edit& request);
PreviewRequest engineRequest(const protocol::Preview& request);

} // namespace strata::cli
