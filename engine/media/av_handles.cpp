// SPDX-License-Identifier: Apache-2.0
#include "engine/media/av_handles.h"

#include <cstdlib>
#include <mutex>

namespace strata::media {

std::string avText(int code) {
    char text[AV_ERROR_MAX_STRING_SIZE] = {};
    av_strerror(code, text, sizeof text);
    return text;
}

void silenceFfmpeg() {
    static std::once_flag once;
    std::call_once(once, [] {
        if (!std::getenv("STRATA_FFMPEG_LOG"))
            av_log_set_level(AV_LOG_QUIET);
    });
}

} // namespace strata::media
