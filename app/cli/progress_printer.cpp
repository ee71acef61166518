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

void ProgressPrinter::startStage(const Progress& progress) {
    finish();
    m_stage = progress.stage;
    m_stageStart = Clock::now();
    m_startDone = progress.done;
    m_lastTenth = -1;
}

void ProgressPrinter::show(const Progress& progress) {
    if (m_mode == Mode::Quiet)
        return;
    const bool stageChanged = progress.stage != m_stage;
    if (stageChanged)
        startStage(progress);

    const auto now = Clock::now();
    const bool last = progress.done >= progress.total;
    if (!stageChanged && !last && now - m_lastShown < std::chrono::milliseconds(100))
        return;
    m_lastShown = now;

    const double inStage = std::chrono::duration<double>(now - m_stageStart).count();
    const double inJob = std::chrono::duration<double>(now - m_jobStart).count();
    const double fps = inStage > 0.2 ? double(progress.done - m_startDone) / inStage : 0;
    const double left =
        progress.fraction > 0.01 ? inJob * (1 - progress.fraction) / progress.fraction : -1;

    if (m_mode == Mode::Json) {
        nlohmann::json line = {{"event", "progress"},           {"stage", progress.stage},
                               {"fraction", progress.fraction}, {"done", progress.done},
                               {"total", progress.total},       {"fps", fps}};
        if (left >= 0)
            line["eta"] = left;
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
    if (fps > 0)
        used += std::snprintf(text + used, room(), ", %.1f fps", fps);
    if (left >= 0)
        std::snprintf(text + used, room(), ", %s left", clockText(left).c_str());

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
