// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/pipeline/stages/stage_context.h"
#include "engine/synth/identity.h"

namespace strata {

struct MadeIdentity {
    std::string key;
    Identity identity;
};

/// The person of a picture: found, matted, fitted and carried to the body's surface. `name` is said
/// in errors, `digest` identifies the picture.
Result<MadeIdentity> runIdentityStage(StageContext& context, const ImageU8& picture,
                                      const std::string& name, const std::string& digest);

} // namespace strata
