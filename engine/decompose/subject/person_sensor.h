// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/perception/person_detector.h"
#include "engine/perception/pose_estimator.h"

namespace strata {

/// What the tracker needs from the networks. An interface, so that the tracker is tested without
/// them.
class PersonSensor {
public:
    virtual ~PersonSensor() = default;
    virtual Result<std::vector<PersonDetection>> detect(const ImageU8& rgb, float minScore) = 0;
    virtual Result<std::vector<PersonDetection>> detectTiled(const ImageU8& rgb,
                                                             float minScore) = 0;
    virtual Result<PoseEstimator::Output> estimate(const ImageU8& rgb,
                                                   const PoseRegion& region) = 0;
};

/// BlazePose. Does not own the networks.
class BlazePoseSensor : public PersonSensor {
public:
    BlazePoseSensor(PersonDetector& detector, PoseEstimator& estimator)
        : m_detector(detector)
        , m_estimator(estimator) {}

    Result<std::vector<PersonDetection>> detect(const ImageU8& rgb, float minScore) override {
        return m_detector.detect(rgb, minScore);
    }
    Result<std::vector<PersonDetection>> detectTiled(const ImageU8& rgb, float minScore) override {
        return m_detector.detectTiled(rgb, minScore);
    }
    Result<PoseEstimator::Output> estimate(const ImageU8& rgb, const PoseRegion& region) override {
        return m_estimator.estimate(rgb, region);
    }

private:
    PersonDetector& m_detector;
    PoseEstimator& m_estimator;
};

} // namespace strata
