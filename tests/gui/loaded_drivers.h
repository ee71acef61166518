// SPDX-License-Identifier: Apache-2.0
#pragma once

#ifdef __SANITIZE_ADDRESS__
#include <dlfcn.h>

#include <fstream>
#include <string>
#endif

namespace strata {

/// Under AddressSanitizer: nothing that is loaded by now is unloaded any more. LeakSanitizer names
/// what leaked at the very end, when OpenGL's drivers would be gone and could not be told from us.
inline void keepDriversLoaded() {
#ifdef __SANITIZE_ADDRESS__
    std::ifstream maps("/proc/self/maps");
    for (std::string line; std::getline(maps, line);)
        if (const auto path = line.find('/');
            path != std::string::npos && line.find(".so", path) != std::string::npos)
            (void)dlopen(line.c_str() + path, RTLD_LAZY | RTLD_NOLOAD | RTLD_NODELETE);
#endif
}

} // namespace strata
