// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/result.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace strata {

/// config.json of a template (mimo-spec 1.2). time_crop counts frames at 30 a second, its end
/// excluded.
struct TemplateConfig {
    int fps = 30;
    std::int64_t startIndex = 0;
    std::int64_t endIndex = 0;      // 0: to the end
    std::int64_t portraitFrame = 0; // ours: where the person is seen best
};

/// Missing fields have their defaults; a number that makes no sense is an error that names `file`.
Result<TemplateConfig> parseTemplateConfig(std::string_view text, const std::string& file);

Result<TemplateConfig> readTemplateConfig(const std::filesystem::path& folder);
Status writeTemplateConfig(const std::filesystem::path& folder, const TemplateConfig& config);

} // namespace strata
