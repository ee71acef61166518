// SPDX-License-Identifier: Apache-2.0
#include "engine/decompose/scene/camera_path.h"

#include <algorithm>
#include <cmath>

namespace strata {

CameraPath::CameraPath(std::vector<CameraStep> steps)
    : m_steps(std::move(steps)) {}

Homography CameraPath::between(std::int64_t from, std::int64_t to) const {
    Homography map;
    for (auto frame = std::max(from, to); frame > std::min(from, to); --frame)
        map = map.then(step(frame).toPrevious);
    if (from >= to)
        return map;
    return map.inverse().value_or(Homography{});
}

bool CameraPath::sameShot(std::int64_t a, std::int64_t b) const {
    for (auto frame = std::max(a, b); frame > std::min(a, b); --frame)
        if (step(frame).isCut)
            return false;
    return true;
}

ArrayMap CameraPath::pack() const {
    std::vector<double> maps;
    std::vector<float> confidence;
    std::vector<std::uint8_t> cuts;
    maps.reserve(m_steps.size() * 9);
    for (const auto& step : m_steps) {
        maps.insert(maps.end(), step.toPrevious.m.begin(), step.toPrevious.m.end());
        confidence.push_back(step.confidence);
        cuts.push_back(step.isCut);
    }
    const auto n = frameCount();
    return {{"to_previous", Array::of({n, 3, 3}, std::span<const double>(maps))},
            {"confidence", Array::of({n}, std::span<const float>(confidence))},
            {"cut", Array::of({n}, std::span<const std::uint8_t>(cuts))}};
}

Result<CameraPath> CameraPath::unpack(const ArrayMap& arrays, const std::string& file) {
    STRATA_ASSIGN(const Array mapArray, require(arrays, "to_previous", file, {-1, 3, 3}));
    const auto n = mapArray.shape[0];
    STRATA_ASSIGN(const Array confidenceArray, require(arrays, "confidence", file, {n}));
    STRATA_ASSIGN(const Array cutArray, require(arrays, "cut", file, {n}));
    const auto maps = mapArray.toDoubles();
    const auto confidence = confidenceArray.toFloats();
    const auto cuts = cutArray.toInts();
    const auto count = std::size_t(n);
    if (maps.size() != count * 9 || confidence.size() != count || cuts.size() != count)
        return Error{ErrorCode::BadFormat,
                     file + " does not hold numbers where the camera should be."};
    std::vector<CameraStep> steps(count);
    for (std::size_t i = 0; i < count; ++i) {
        std::copy_n(maps.begin() + std::ptrdiff_t(i * 9), 9, steps[i].toPrevious.m.begin());
        const auto& m = steps[i].toPrevious.m;
        if (!std::all_of(m.begin(), m.end(), [](double v) { return std::isfinite(v); }) ||
            !steps[i].toPrevious.inverse())
            return Error{ErrorCode::BadFormat, file + " holds an impossible camera step at frame " +
                                                   std::to_string(i) + "."};
        steps[i].confidence = confidence[i];
        steps[i].isCut = cuts[i] != 0;
    }
    return CameraPath(std::move(steps));
}

} // namespace strata
