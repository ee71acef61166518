// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/decompose/scene/background_look.h"
#include "engine/decompose/scene/layer_view.h"
#include "engine/decompose/scene/person_look.h"
#include "engine/decompose/scene/thing.h"

#include <list>
#include <memory>
#include <optional>
#include <vector>

namespace strata {

/// Frames over which a thing is followed while it cannot be told from the person. So many on both
/// sides of a frame are asked for with it.
inline constexpr int trackReach = 12;

/// What one frame alone (with the looks of its stretch of the clip) says about things in front. 255
/// or 0.
struct LayerEvidence {
    std::int64_t index = -1;
    cv::Mat lab, human;        // the frame and the person's alpha at work size
    cv::Mat body;              // 255 on the expected body, and on pieces of it beside that place
    std::vector<Thing> things; // what looks neither like the person nor like the background
    cv::Mat near;              // things nearer than the person
    cv::Mat people;            // other people who are nearer
    double bodyArea = 0;
};

/// Collects evidence per frame. Remembers the last few frames and looks, which changes nothing but
/// the speed.
class EvidenceCollector {
public:
    EvidenceCollector(const LayerInputs& inputs, const LayerOptions& options);

    Size workSize() const { return m_work; }
    Result<std::shared_ptr<const LayerEvidence>> collect(std::int64_t index, const JobContext& job);

private:
    struct Looks {
        std::vector<std::int64_t> samples;
        PersonLook person;
        BackgroundLook background{0};
        std::vector<std::optional<double>> personDepth; // per sample
        std::vector<cv::Mat> objects;                   // per sample: things in front at some time
    };
    std::vector<std::int64_t> samplesFor(std::int64_t index) const;
    Result<std::shared_ptr<const Looks>> looksFor(std::int64_t index, const JobContext& job);
    void learnPerson(const std::vector<LayerView>& views, Looks& looks) const;
    void findObjects(const std::vector<LayerView>& views, Looks& looks) const;
    std::optional<double> depthOfPerson(const Looks& looks, std::int64_t index) const;
    cv::Mat carried(const cv::Mat& mask, std::int64_t from, std::int64_t to) const;
    cv::Mat frontObjects(const LayerView& view, const Looks& looks) const;
    cv::Mat strangeThings(const LayerView& view, const Looks& looks) const;
    cv::Mat nearPeople(const LayerView& view, const cv::Mat& nearer) const;

    const LayerInputs& m_inputs;
    LayerOptions m_options;
    Size m_work;
    std::list<std::shared_ptr<const Looks>> m_looks;
    std::list<std::shared_ptr<const LayerEvidence>> m_evidence;
};

} // namespace strata
