// SPDX-License-Identifier: Apache-2.0
#include "engine/train/trainer/training_log.h"

#include "engine/core/atomic_file.h"
#include "engine/train/trainer/settings_file.h"

#include <cmath>
#include <cstdio>

namespace strata {
namespace fs = std::filesystem;
namespace {

std::string lineOf(const StepRecord& r) {
    char text[512];
    const auto number = [](double value) { return std::isfinite(value) ? value : -1.0; };
    std::snprintf(text, sizeof text,
                  "{\"step\": %lld, \"loss\": %.9g, \"rate\": %.6g, \"norm\": %.6g, "
                  "\"seconds\": %.4g, \"picturesPerSecond\": %.5g, \"lossScale\": %.9g, "
                  "\"skipped\": %s}\n",
                  static_cast<long long>(r.step), number(r.loss), r.rate, number(r.norm), r.seconds,
                  r.pictures, r.lossScale, r.skipped ? "true" : "false");
    return text;
}

double numberOf(const Settings& settings, const std::string& name) {
    const auto found = settings.find(name);
    const double* value = found == settings.end() ? nullptr : std::get_if<double>(&found->second);
    return value ? *value : 0;
}

} // namespace

Result<std::vector<StepRecord>> readTrainingLog(const fs::path& path) {
    std::vector<StepRecord> out;
    std::ifstream file(path);
    std::string line;
    while (std::getline(file, line)) {
        if (file.eof()) // not ended: writing it was interrupted
            break;
        STRATA_ASSIGN(const Settings values,
                      parseSettings(line, "Line " + std::to_string(out.size() + 1) + " of '" +
                                              path.filename().string() + "'"));
        const auto skipped = values.find("skipped");
        out.push_back({std::int64_t(numberOf(values, "step")), numberOf(values, "loss"),
                       numberOf(values, "rate"), numberOf(values, "norm"),
                       numberOf(values, "seconds"), numberOf(values, "picturesPerSecond"),
                       numberOf(values, "lossScale"),
                       skipped != values.end() && skipped->second == SettingValue(true)});
    }
    return out;
}

Result<TrainingLog> TrainingLog::open(const fs::path& path, std::int64_t step) {
    STRATA_ASSIGN(const auto records, readTrainingLog(path));
    std::string kept;
    for (const auto& record : records)
        if (record.step <= step)
            kept += lineOf(record);
    STRATA_TRY(writeFileAtomically(path, kept));
    std::ofstream file(path, std::ios::app);
    if (!file)
        return Error{ErrorCode::Io, "The log '" + path.string() + "' cannot be written."};
    return TrainingLog(path, std::move(file));
}

Status TrainingLog::add(const StepRecord& record) {
    if (!(m_file << lineOf(record) << std::flush))
        return Error{ErrorCode::Io, "The log '" + m_path.string() + "' cannot be written."};
    return ok();
}

} // namespace strata
