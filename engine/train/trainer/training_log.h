// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/result.h"

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <vector>

namespace strata {

/// What is written down about one step.
struct StepRecord {
    std::int64_t step = 0; // from 1
    double loss = 0;
    double rate = 0;
    double norm = 0;     // of the gradients before they were shortened
    double seconds = 0;  // of this step
    double pictures = 0; // a second, all processes together
    double lossScale = 1;
    bool skipped = false; // gradients were not finite
};

/// A training's log: a JSON object on each line.
class TrainingLog {
public:
    /// Goes on with a log after `step`; what was written about later steps, which are done again,
    /// is removed.
    static Result<TrainingLog> open(const std::filesystem::path& path, std::int64_t step);
    Status add(const StepRecord& record);

private:
    TrainingLog(std::filesystem::path path, std::ofstream file)
        : m_path(std::move(path))
        , m_file(std::move(file)) {}
    std::filesystem::path m_path;
    std::ofstream m_file;
};

/// Every line of a log; empty when there is no such file. BadFormat names a line that is none.
Result<std::vector<StepRecord>> readTrainingLog(const std::filesystem::path& path);

} // namespace strata
