// SPDX-License-Identifier: Apache-2.0
#include "app/cli/progress_printer.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>
#include <unistd.h>

namespace strata::cli {
namespace {

std::string clockText(double seconds) {
    const int whole = int(seconds + 0.5);
    char text[32];
    if (whole >= 3600)
        std::snprintf(text, sizeof text, "%d:%02d:%02d", whole / 3600, whole / 60 % 60, whole % 60);
    else
        std::snprintf(text, sizeof text, "%d:%02d", whole / 60, whole % 60);
    return text;
}

} // namespace

ProgressPrinter::ProgressPrinter(Mode mode)
    : m_mode(mode) {}

ProgressPrinter::~ProgressPrinter() { finish(); }

ProgressPrinter::Mode ProgressPrinter::modeFor(bool json, bool quiet) {
    if (json)
        return Mode::Json;
    if (quiet)
        return Mode::Quiet;
    return ::isatty(STDERR_FILENO) ? Mode::Terminal : Mode::Plain;
}

void ProgressPrinter::startStage(const std::string& stage) {
    finish();
    m_stage = stage;
    m_lastTenth = -1;
}

void ProgressPrinter::show(const Progress& progress) {
    if (m_mode == Mode::Quiet)
        return;
    const bool stageChanged = progress.stage != m_stage;
    if (stageChanged)
        startStage(progress.stage);

    const auto now = Clock::now();
    const ProgressRate::Figures rate = m_rate.update(progress, now);
    const bool last = progress.done >= progress.total;
    if (!stageChanged && !last && now - m_lastShown < std::chrono::milliseconds(100))
        return;
    m_lastShown = now;

    if (m_mode == Mode::Json) {
        nlohmann::json line = {{"event", "progress"},           {"stage", progress.stage},
                               {"fraction", progress.fraction}, {"done", progress.done},
                               {"total", progress.total},       {"fps", rate.fps}};
        if (rate.secondsLeft)
            line["eta"] = *rate.secondsLeft;
        std::printf("%s\n", line.dump().c_str());
        std::fflush(stdout);
        return;
    }

    const int tenth = progress.total > 0 ? int(10 * progress.done / progress.total) : 0;
    if (m_mode == Mode::Plain && !stageChanged && tenth == m_lastTenth)
        return;
    m_lastTenth = tenth;

    char text[256];
    int used =
        std::snprintf(text, sizeof text, "[%d %%] %s %lld/%lld", int(progress.fraction * 100),
                      progress.stage.c_str(), static_cast<long long>(progress.done),
                      static_cast<long long>(progress.total));
    const auto room = [&] { return sizeof text - std::size_t(std::min(used, 200)); };
    if (rate.fps > 0)
        used += std::snprintf(text + used, room(), ", %.1f fps", rate.fps);
    if (rate.secondsLeft)
        std::snprintf(text + used, room(), ", %s left", clockText(*rate.secondsLeft).c_str());

    if (m_mode == Mode::Terminal) {
        std::fprintf(stderr, "\r\x1b[K%s", text);
        m_lineOpen = true;
    } else {
        std::fprintf(stderr, "%s\n", text);
    }
    std::fflush(stderr);
}

void ProgressPrinter::finish() {
    if (m_lineOpen)
        std::fprintf(stderr, "\n");
    m_lineOpen = false;
}

} // namespace strata::cli
