// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/viewport/viewport_facts.h"

#include <QPointF>
#include <QSizeF>

#include <array>
#include <memory>
#include <optional>
#include <string>

namespace strata::ui {

/// Milliseconds of the last paints, oldest first.
class PaintTimes {
public:
    void add(double ms);
    double last() const;
    double average() const;
    std::array<float, 120> inOrder() const;

private:
    std::array<float, 120> m_ms{};
    std::size_t m_next = 0, m_count = 0;
};

struct BodyAngles {
    std::string joint;
    std::array<float, 3> degrees{}; // rotation vector in the parent's frame, times 180 / pi
};
/// What the pose inspector lists.
std::array<BodyAngles, kBodyJoints> bodyAngles(const BodyPose& pose);

/// Memory of the program (resident) and, where the driver tells (NVX, ATI extensions), free memory
/// of the GPU; bytes.
std::size_t residentMemory();
std::optional<std::size_t> freeGpuMemory();

/// The Dear ImGui windows over the picture. Made, used and destroyed with the context current.
class StatisticsOverlay {
public:
    StatisticsOverlay();
    ~StatisticsOverlay();

    struct Mouse {
        QPointF at; // logical pixels
        bool left = false;
        float wheel = 0;
    };
    /// True if one of the windows takes the mouse (as of the last paint).
    bool setMouse(const Mouse& mouse);
    void paint(QSizeF logicalSize, double devicePixelRatio, const ViewportFacts& facts,
               const PaintTimes& times, const FrameLayers* frame);

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace strata::ui
