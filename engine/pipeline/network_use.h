// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/decompose/subject/person_sensor.h"
#include "engine/perception/network_cost.h"

#include <cstdint>
#include <map>
#include <utility>

namespace strata {

/// How often the stages ran the networks whose number of runs depends on the clip. One thread at a
/// time.
struct NetworkUse {
    std::int64_t detections = 0;
    std::int64_t tiledDetections = 0; // looks; each is several runs
    std::int64_t poses = 0;
    std::map<std::pair<int, int>, std::int64_t> mattes; // by width and height inside the network

    void addMatte(Size picture, int networkSide) {
        const Size inside = networkInputSize(picture, networkSide, kMattingMultiple);
        ++mattes[{inside.width, inside.height}];
    }
};

/// Passes everything on and counts, if there is somewhere to.
class CountedSensor : public PersonSensor {
public:
    CountedSensor(PersonSensor& sensor, NetworkUse* use)
        : m_sensor(sensor)
        , m_use(use) {}

    Result<std::vector<PersonDetection>> detect(const ImageU8& rgb, float minScore) override {
        if (m_use)
            ++m_use->detections;
        return m_sensor.detect(rgb, minScore);
    }
    Result<std::vector<PersonDetection>> detectTiled(const ImageU8& rgb, float minScore) override {
        if (m_use)
            ++m_use->tiledDetections;
        return m_sensor.detectTiled(rgb, minScore);
    }
    Result<PoseEstimator::Output> estimate(const ImageU8& rgb, const PoseRegion& region) override {
        if (m_use)
            ++m_use->poses;
        return m_sensor.estimate(rgb, region);
    }

private:
    PersonSensor& m_sensor;
    NetworkUse* m_use;
};

} // namespace strata
