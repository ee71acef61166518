// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/cli/worker/server.h"

namespace strata::cli {

/// The pipeline and the installed models as what a worker can do.
Engine pipelineEngine();

/// How this program introduces itself to a client.
Result<protocol::Hello> introduction();

} // namespace strata::cli
