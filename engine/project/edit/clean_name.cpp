// SPDX-License-Identifier: Apache-2.0
#include "engine/project/edit/clean_name.h"

#include "engine/formats/utf8.h"
#include "engine/project/check.h"

namespace strata {

std::string cleanName(const std::string& name) {
    std::string clean;
    for (const char32_t code : toUtf32(validUtf8(name))) {
        const bool control = code < 0x20 || (code >= 0x7f && code < 0xa0);
        std::string next;
        if (!control)
            appendUtf8(next, code);
        if (clean.size() + next.size() > kMostNameBytes)
            break;
        clean += next;
    }
    return clean;
}

} // namespace strata
