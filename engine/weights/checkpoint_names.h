// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/formats/array.h"

#include <string>
#include <string_view>

namespace strata {

/// What stands before `known` in the checkpoint's keys: "" when the key is there as it is, "unet."
/// when only "unet.conv_in.weight" is. "" as well when there is no such key; of several the
/// shortest.
std::string prefixBefore(const ArrayMap& checkpoint, std::string_view known);

/// Only the tensors whose keys begin with `prefix`, without it.
ArrayMap withoutPrefix(ArrayMap checkpoint, std::string_view prefix);

/// Picture coders written by older programs call the projections of their attention query, key,
/// value and proj_attn; newer ones to_q, to_k, to_v and to_out.0. Gives the newer names to both.
ArrayMap withNewAttentionNames(ArrayMap checkpoint);

} // namespace strata
