// SPDX-License-Identifier: Apache-2.0
#include "engine/decompose/subject/body_geometry.h"

#include <algorithm>
#include <cmath>

namespace strata {
namespace {

glm::vec2 screen(const PersonPose& pose, int landmark) {
    return glm::vec2(pose.landmarks[landmark]);
}

RectF landmarkBox(const PersonPose& pose) {
    RectF box{1e9f, 1e9f, -1e9f, -1e9f};
    for (int i = 0; i < kPoseLandmarks; ++i) {
        if (pose.presence[i] < 0.3f)
            continue;
        const glm::vec2 p = screen(pose, i);
        box = {std::min(box.x0, p.x), std::min(box.y0, p.y), std::max(box.x1, p.x),
               std::max(box.y1, p.y)};
    }
    return box;
}

RectF clamped(const RectF& box, Size frame) {
    const float w = float(frame.width), h = float(frame.height);
    return {std::clamp(box.x0, 0.f, w), std::clamp(box.y0, 0.f, h), std::clamp(box.x1, 0.f, w),
            std::clamp(box.y1, 0.f, h)};
}

} // namespace

glm::vec2 regionToFrame(const PoseRegion& region, glm::vec2 uv) {
    const glm::vec2 d = (uv - 0.5f) * region.side;
    const float c = std::cos(region.angle), s = std::sin(region.angle);
    return region.center + glm::vec2(c * d.x - s * d.y, s * d.x + c * d.y);
}

glm::vec2 frameToRegion(const PoseRegion& region, glm::vec2 point) {
    const glm::vec2 d = point - region.center;
    const float c = std::cos(region.angle), s = std::sin(region.angle);
    return glm::vec2(c * d.x + s * d.y, c * d.y - s * d.x) / std::max(region.side, 1e-3f) + 0.5f;
}

ImageU8 reduceRegionMask(const ImageF& mask) {
    ImageU8 out(kPersonMaskSide, kPersonMaskSide, 1);
    const int step = std::max(1, mask.width() / kPersonMaskSide);
    if (mask.width() < kPersonMaskSide * step || mask.height() < kPersonMaskSide * step)
        return out;
    for (int y = 0; y < kPersonMaskSide; ++y)
        for (int x = 0; x < kPersonMaskSide; ++x) {
            float sum = 0;
            for (int v = 0; v < step; ++v)
                for (int u = 0; u < step; ++u)
                    sum += mask.at(x * step + u, y * step + v);
            out.at(x, y) =
                std::uint8_t(std::clamp(sum / float(step * step) * 255.f + 0.5f, 0.f, 255.f));
        }
    return out;
}

float regionMaskAt(const PersonObservation& person, glm::vec2 point) {
    const ImageU8& mask = person.mask;
    if (mask.empty())
        return 0.f;
    const glm::vec2 uv = frameToRegion(person.region, point);
    const float x = uv.x * float(mask.width()) - 0.5f, y = uv.y * float(mask.height()) - 0.5f;
    if (x < 0 || y < 0 || x >= float(mask.width() - 1) || y >= float(mask.height() - 1))
        return 0.f;
    const int ix = int(x), iy = int(y);
    const float fx = x - float(ix), fy = y - float(iy);
    const float top = float(mask.at(ix, iy)) * (1 - fx) + float(mask.at(ix + 1, iy)) * fx;
    const float low = float(mask.at(ix, iy + 1)) * (1 - fx) + float(mask.at(ix + 1, iy + 1)) * fx;
    return top * (1 - fy) + low * fy;
}

float bodyScale(const PersonPose& pose) {
    const glm::vec2 shoulders = (screen(pose, 11) + screen(pose, 12)) * 0.5f;
    const glm::vec2 hips = (screen(pose, 23) + screen(pose, 24)) * 0.5f;
    glm::vec2 low(1e9f), high(-1e9f);
    for (int i = 0; i < kPoseLandmarks; ++i) {
        low = glm::min(low, screen(pose, i));
        high = glm::max(high, screen(pose, i));
    }
    return std::max({glm::length(shoulders - hips), 0.2f * glm::length(high - low), 1.f});
}

float poseDistance(const PersonPose& a, const PersonPose& b) {
    float sum = 0;
    for (int i = 0; i < kPoseLandmarks; ++i)
        sum += glm::length(screen(a, i) - screen(b, i));
    return sum / float(kPoseLandmarks) / std::max(bodyScale(a), bodyScale(b));
}

float boxOverlap(const RectF& a, const RectF& b) {
    const RectF both{std::max(a.x0, b.x0), std::max(a.y0, b.y0), std::min(a.x1, b.x1),
                     std::min(a.y1, b.y1)};
    const float either = a.area() + b.area() - both.area();
    return either > 0 ? both.area() / either : 0.f;
}

RectF bodyBox(const PersonObservation& person, Size frame) {
    RectF box = landmarkBox(person.pose);
    if (box.x1 < box.x0)
        return {};
    // The mask sees hair, hands and shoes beyond the landmarks, but also people beside: stay near
    // the landmarks.
    const float reach = 0.35f * bodyScale(person.pose) + 2.f;
    const RectF limit{box.x0 - reach, box.y0 - reach, box.x1 + reach, box.y1 + reach};
    for (int y = 0; y < person.mask.height(); y += 2)
        for (int x = 0; x < person.mask.width(); x += 2) {
            if (person.mask.at(x, y) < 128)
                continue;
            const glm::vec2 p =
                regionToFrame(person.region, (glm::vec2(x, y) + 0.5f) / float(kPersonMaskSide));
            if (p.x < limit.x0 || p.y < limit.y0 || p.x > limit.x1 || p.y > limit.y1)
                continue;
            box = {std::min(box.x0, p.x), std::min(box.y0, p.y), std::max(box.x1, p.x),
                   std::max(box.y1, p.y)};
        }
    return clamped(box, frame);
}

bool seesFullBody(const PersonPose& pose, Size frame) {
    const float margin = 0.02f * float(std::max(frame.width, frame.height));
    for (const int i : {0, 11, 12, 23, 24, 25, 26, 27, 28}) {
        const glm::vec2 p = screen(pose, i);
        if (pose.presence[i] < 0.5f || p.x < -margin || p.y < -margin ||
            p.x > float(frame.width) + margin || p.y > float(frame.height) + margin)
            return false;
    }
    return true;
}

float jointsInMask(const PersonObservation& person, Size frame) {
    int all = 0, inside = 0;
    for (const int i : {0, 11, 12, 13, 14, 23, 24, 25, 26, 27, 28}) {
        const glm::vec2 p = screen(person.pose, i);
        if (p.x < 0 || p.y < 0 || p.x >= float(frame.width) || p.y >= float(frame.height))
            continue;
        ++all;
        inside += regionMaskAt(person, p) > 100.f;
    }
    return all ? float(inside) / float(all) : 0.f;
}

float maskVagueness(const PersonObservation& person) {
    int some = 0, vague = 0;
    for (std::size_t i = 0; i < person.mask.count(); ++i) {
        const int value = person.mask.data()[i];
        some += value > 50;
        vague += value > 50 && value < 205;
    }
    return some ? float(vague) / float(some) : 1.f;
}

PersonObservation shifted(PersonObservation person, glm::vec2 shift) {
    for (glm::vec3& p : person.pose.landmarks)
        p += glm::vec3(shift, 0.f);
    person.box = {person.box.x0 + shift.x, person.box.y0 + shift.y, person.box.x1 + shift.x,
                  person.box.y1 + shift.y};
    person.region.center += shift;
    person.pose.nextRegion.center += shift;
    return person;
}

} // namespace strata
