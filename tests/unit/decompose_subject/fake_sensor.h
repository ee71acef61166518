// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/decompose/subject/person_sensor.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace strata {

/// A picture of coloured dolls and a sensor that sees them: the person is where the doll is, and
/// the landmark network finds whatever doll lies nearest to the middle of the region.
struct Doll {
    glm::vec2 center{0.f};
    float height = 200;
    std::uint8_t color[3] = {200, 40, 40};
};

class FakeSensor : public PersonSensor {
public:
    std::vector<Doll> dolls;
    int detections = 0;
    float vagueness = 0; // of the mask
    bool blind = false;  // the detector finds nobody

    ImageU8 picture(int width, int height) const {
        ImageU8 rgb(width, height, 3, 90);
        for (const Doll& doll : dolls)
            for (int y = 0; y < height; ++y)
                for (int x = 0; x < width; ++x)
                    if (inside(doll, {float(x), float(y)}))
                        std::copy_n(doll.color, 3, rgb.pixel(x, y));
        return rgb;
    }

    static bool inside(const Doll& doll, glm::vec2 p) {
        return std::abs(p.x - doll.center.x) < 0.15f * doll.height &&
               std::abs(p.y - doll.center.y) < 0.5f * doll.height;
    }

    Result<std::vector<PersonDetection>> detect(const ImageU8&, float) override {
        ++detections;
        std::vector<PersonDetection> found;
        for (const Doll& doll : dolls) {
            if (blind)
                break;
            PersonDetection hit;
            hit.score = 0.9f;
            hit.region = regionOf(doll);
            hit.keypoints[0] = doll.center;
            found.push_back(hit);
        }
        return found;
    }
    Result<std::vector<PersonDetection>> detectTiled(const ImageU8& rgb, float minScore) override {
        return detect(rgb, minScore);
    }

    Result<PoseEstimator::Output> estimate(const ImageU8&, const PoseRegion& region) override {
        PoseEstimator::Output output;
        output.region = region;
        output.mask = ImageF(256, 256, 1);
        const Doll* nearest = nullptr;
        for (const Doll& doll : dolls)
            if (glm::length(doll.center - region.center) < 0.5f * region.side &&
                (!nearest || glm::length(doll.center - region.center) <
                                 glm::length(nearest->center - region.center)))
                nearest = &doll;
        if (!nearest)
            return output;
        fill(output, *nearest, region);
        return output;
    }

private:
    static PoseRegion regionOf(const Doll& doll) { return {doll.center, 1.25f * doll.height, 0.f}; }

    void fill(PoseEstimator::Output& output, const Doll& doll, const PoseRegion& region) const {
        output.pose.score = 0.95f;
        output.pose.presence.fill(1.f);
        output.pose.visibility.fill(1.f);
        for (int i = 0; i < kPoseLandmarks; ++i) {
            // 0-10 head, 11-22 arms by the shoulders, 23-24 hips, 25-32 legs
            const float along = i < 11 ? -0.4f : i < 23 ? -0.25f : i < 25 ? 0.f : 0.4f;
            const float side = i % 2 ? -0.08f : 0.08f;
            output.pose.landmarks[i] =
                glm::vec3(doll.center + glm::vec2(side, along) * doll.height, 0.f);
        }
        output.pose.nextRegion = regionOf(doll);
        for (int y = 0; y < 256; ++y)
            for (int x = 0; x < 256; ++x) {
                const glm::vec2 uv = (glm::vec2(x, y) + 0.5f) / 256.f - 0.5f;
                output.mask.at(x, y) =
                    inside(doll, region.center + uv * region.side) ? 1.f - vagueness : 0.f;
            }
    }
};

} // namespace strata
