// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace strata {

/// A name as a project keeps it: UTF-8, without control characters, at most kMostNameBytes.
std::string cleanName(const std::string& name);

} // namespace strata
