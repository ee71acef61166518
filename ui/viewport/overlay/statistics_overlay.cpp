// SPDX-License-Identifier: Apache-2.0
#include "ui/viewport/overlay/statistics_overlay.h"

#include <QOpenGLContext>
#include <QOpenGLFunctions>

#include <backends/imgui_impl_opengl3.h>
#include <imgui.h>

#include <algorithm>
#include <fstream>
#include <numeric>

#include <unistd.h>

namespace strata::ui {
namespace {

// English in every language: the letters of ImGui's own font are Latin.
constexpr const char* kJointNames[kBodyJoints] = {
    "pelvis",     "left hip",    "right hip",    "spine 1",     "left knee",     "right knee",
    "spine 2",    "left ankle",  "right ankle",  "spine 3",     "left foot",     "right foot",
    "neck",       "left collar", "right collar", "head",        "left shoulder", "right shoulder",
    "left elbow", "right elbow", "left wrist",   "right wrist", "left hand",     "right hand"};

constexpr ImGuiWindowFlags kWindow =
    ImGuiWindowFlags_NoTitleBar | ImGuiWindowFlags_NoResize | ImGuiWindowFlags_AlwaysAutoResize |
    ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoFocusOnAppearing;

double megabytes(std::size_t bytes) { return double(bytes) / (1 << 20); }

void performance(const ViewportFacts& facts, const PaintTimes& times) {
    const auto history = times.inOrder();
    ImGui::Text("paint %6.2f ms   mean %6.2f ms", times.last(), times.average());
    ImGui::PlotLines("##paint", history.data(), int(history.size()), 0, nullptr, 0.f, 50.f,
                     ImVec2(240, 36));
    const auto& cache = facts.cache;
    ImGui::Text("frames in memory %.0f of %.0f MB", megabytes(cache.bytes), megabytes(cache.limit));
    ImGui::Text("requests: %lld from memory, %lld decoded", (long long)(cache.hits),
                (long long)(cache.misses));
    ImGui::Text("playback: %lld shown, %lld dropped", (long long)(facts.shownFrames),
                (long long)(facts.droppedFrames));
    ImGui::Text("program %.0f MB", megabytes(residentMemory()));
    if (const auto free = freeGpuMemory())
        ImGui::Text("GPU memory free %.0f MB", megabytes(*free));
}

void pose(const BodyFrame& body) {
    ImGui::Text("confidence %.2f", double(body.confidence));
    ImGui::Text("camera f %.1f %.1f  c %.1f %.1f", double(body.camera.fx), double(body.camera.fy),
                double(body.camera.cx), double(body.camera.cy));
    const glm::vec3 place = body.camera.toCamera(body.joints[0]);
    ImGui::Text("pelvis from the camera %.2f %.2f %.2f m", double(place.x), double(place.y),
                double(place.z));
    for (int i = 0; i < kBodyBetas; i += 5)
        ImGui::Text("%s %5.2f %5.2f %5.2f %5.2f %5.2f", i ? "     " : "betas",
                    double(body.betas[i]), double(body.betas[i + 1]), double(body.betas[i + 2]),
                    double(body.betas[i + 3]), double(body.betas[i + 4]));
    ImGui::Separator();
    for (const auto& row : bodyAngles(body.pose))
        ImGui::Text("%-14s %7.1f %7.1f %7.1f", row.joint.c_str(), double(row.degrees[0]),
                    double(row.degrees[1]), double(row.degrees[2]));
}

} // namespace

void PaintTimes::add(double ms) {
    m_ms[m_next] = float(ms);
    m_next = (m_next + 1) % m_ms.size();
    m_count = std::min(m_count + 1, m_ms.size());
}

double PaintTimes::last() const { return double(m_ms[(m_next + m_ms.size() - 1) % m_ms.size()]); }

double PaintTimes::average() const {
    const double sum = std::accumulate(m_ms.begin(), m_ms.end(), 0.0);
    return m_count ? sum / double(m_count) : 0.0;
}

std::array<float, 120> PaintTimes::inOrder() const {
    std::array<float, 120> ordered;
    std::rotate_copy(m_ms.begin(), m_ms.begin() + std::ptrdiff_t(m_next), m_ms.end(),
                     ordered.begin());
    return ordered;
}

std::array<BodyAngles, kBodyJoints> bodyAngles(const BodyPose& pose) {
    std::array<BodyAngles, kBodyJoints> rows;
    for (int j = 0; j < kBodyJoints; ++j) {
        const glm::vec3 degrees = glm::degrees(pose.rotations[j]);
        rows[j] = {kJointNames[j], {degrees.x, degrees.y, degrees.z}};
    }
    return rows;
}

std::size_t residentMemory() {
    std::ifstream file("/proc/self/statm");
    std::size_t total = 0, resident = 0;
    file >> total >> resident;
    return resident * std::size_t(sysconf(_SC_PAGESIZE));
}

std::optional<std::size_t> freeGpuMemory() {
    constexpr GLenum nvxFree = 0x9049, atiFree = 0x87FC; // kilobytes
    QOpenGLContext* const context = QOpenGLContext::currentContext();
    GLint kilobytes[4] = {0, 0, 0, 0};
    if (context->hasExtension("GL_NVX_gpu_memory_info"))
        context->functions()->glGetIntegerv(nvxFree, kilobytes);
    else if (context->hasExtension("GL_ATI_meminfo"))
        context->functions()->glGetIntegerv(atiFree, kilobytes);
    else
        return {};
    return std::size_t(kilobytes[0]) << 10;
}

struct StatisticsOverlay::Impl {
    ImGuiContext* context = nullptr;
};

StatisticsOverlay::StatisticsOverlay()
    : m_impl(std::make_unique<Impl>()) {
    IMGUI_CHECKVERSION();
    m_impl->context = ImGui::CreateContext();
    ImGui::SetCurrentContext(m_impl->context);
    ImGui::GetIO().IniFilename = nullptr; // nothing is saved
    ImGui::StyleColorsDark();
    ImGui::GetStyle().WindowRounding = 4;
    ImGui_ImplOpenGL3_Init("#version 330 core");
}

StatisticsOverlay::~StatisticsOverlay() {
    ImGui::SetCurrentContext(m_impl->context);
    ImGui_ImplOpenGL3_Shutdown();
    ImGui::DestroyContext(m_impl->context);
}

bool StatisticsOverlay::setMouse(const Mouse& mouse) {
    ImGui::SetCurrentContext(m_impl->context);
    ImGuiIO& io = ImGui::GetIO();
    io.MousePos = ImVec2(float(mouse.at.x()), float(mouse.at.y()));
    io.MouseDown[0] = mouse.left;
    io.MouseWheel += mouse.wheel;
    return io.WantCaptureMouse;
}

void StatisticsOverlay::paint(QSizeF logicalSize, double devicePixelRatio,
                              const ViewportFacts& facts, const PaintTimes& times,
                              const FrameLayers* frame) {
    ImGui::SetCurrentContext(m_impl->context);
    ImGuiIO& io = ImGui::GetIO();
    io.DisplaySize = ImVec2(float(logicalSize.width()), float(logicalSize.height()));
    io.DisplayFramebufferScale = ImVec2(float(devicePixelRatio), float(devicePixelRatio));
    io.DeltaTime = 1.f / 60; // nothing here moves by itself
    ImGui_ImplOpenGL3_NewFrame();
    ImGui::NewFrame();
    ImGui::SetNextWindowBgAlpha(0.7f);
    ImGui::SetNextWindowPos(ImVec2(10, 10), ImGuiCond_FirstUseEver);
    if (ImGui::Begin("performance", nullptr, kWindow))
        performance(facts, times);
    ImGui::End();
    if (frame && frame->body) {
        ImGui::SetNextWindowBgAlpha(0.7f);
        ImGui::SetNextWindowPos(ImVec2(io.DisplaySize.x - 10, 10), ImGuiCond_FirstUseEver,
                                ImVec2(1, 0));
        if (ImGui::Begin("pose", nullptr, kWindow))
            pose(*frame->body);
        ImGui::End();
    }
    ImGui::Render();
    ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
}

} // namespace strata::ui
