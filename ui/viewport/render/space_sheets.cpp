// SPDX-License-Identifier: Apache-2.0
#include "ui/viewport/render/space_sheets.h"

#include <algorithm>
#include <cmath>
#include <deque>
#include <functional>
#include <numeric>
#include <vector>

namespace strata::ui {
namespace {

constexpr float kFarShare = 2.5f;       // the far end of the depth, in distances of the person
constexpr float kGuessedDistance = 4.f; // metres, without a body
constexpr float kGuessedNearness = 0.6f;

float matteAt(const std::shared_ptr<const ImageU8>& matte, int x, int y) {
    return matte ? float(*matte->pixel(x, y)) / 255.f : 0.f;
}

/// What one frame says about distances.
class DepthScale {
public:
    DepthScale(const FrameLayers& frame, float distance)
        : m_frame(frame)
        , m_distance(distance) {
        std::vector<float> person;
        if (frame.depth)
            for (int y = 0; y < frame.depth->height(); y += 4)
                for (int x = 0; x < frame.depth->width(); x += 4)
                    if (matteAt(frame.human ? frame.human : frame.alpha, x, y) > 0.9f)
                        person.push_back(nearness(x, y));
        m_person = kGuessedNearness;
        if (!person.empty()) {
            const auto middle = person.begin() + std::ptrdiff_t(person.size() / 2);
            std::nth_element(person.begin(), middle, person.end());
            m_person = std::max(0.05f, *middle);
        }
    }

    float z(int x, int y) const {
        const float far = 1.f / (kFarShare * m_distance);
        const float inverse = far + (1.f / m_distance - far) * nearness(x, y) / m_person;
        return 1.f / std::clamp(inverse, far / 2, 5.f / m_distance);
    }

private:
    float nearness(int x, int y) const { // 0 far .. 1 near, about
        return (float(*m_frame.depth->pixel(x, y)) / 65535.f - kDepthFar) /
               (kDepthNear - kDepthFar);
    }

    const FrameLayers& m_frame;
    float m_distance;
    float m_person;
};

/// Gives every unknown point (NaN) the mean of its neighbours, from the known ones outwards.
void fillFromEdges(ImageF& z) {
    std::deque<std::pair<int, int>> queue;
    for (int y = 0; y < z.height(); ++y)
        for (int x = 0; x < z.width(); ++x)
            if (!std::isnan(z.at(x, y)))
                queue.emplace_back(x, y);
    const auto inside = [&](int x, int y) {
        return x >= 0 && y >= 0 && x < z.width() && y < z.height();
    };
    while (!queue.empty()) {
        const auto [cx, cy] = queue.front();
        queue.pop_front();
        for (const auto& [dx, dy] : {std::pair{1, 0}, {-1, 0}, {0, 1}, {0, -1}}) {
            const int x = cx + dx, y = cy + dy;
            if (!inside(x, y) || !std::isnan(z.at(x, y)))
                continue;
            float sum = 0;
            int count = 0;
            for (int v = y - 1; v <= y + 1; ++v)
                for (int u = x - 1; u <= x + 1; ++u)
                    if (inside(u, v) && !std::isnan(z.at(u, v))) {
                        sum += z.at(u, v);
                        ++count;
                    }
            z.at(x, y) = sum / float(count);
            queue.emplace_back(x, y);
        }
    }
}

/// Depth where `belongs` says so, carried outwards from there; `flat` without depth. Empty if
/// nothing belongs to the layer.
ImageF sheet(const FrameLayers& frame, const DepthScale& scale, Size grid, Size image, float flat,
             const std::function<bool(int, int)>& belongs) {
    ImageF z(grid.width, grid.height, 1, std::numeric_limits<float>::quiet_NaN());
    bool any = false;
    for (int j = 0; j < grid.height; ++j)
        for (int i = 0; i < grid.width; ++i) {
            const int x = std::min(i * image.width / (grid.width - 1), image.width - 1);
            const int y = std::min(j * image.height / (grid.height - 1), image.height - 1);
            if (!belongs(x, y))
                continue;
            z.at(i, j) = frame.depth ? scale.z(x, y) : flat;
            any = true;
        }
    if (!any)
        return {};
    fillFromEdges(z);
    return z;
}

float meanOf(const ImageF& z, float otherwise) {
    return z.empty() ? otherwise
                     : std::accumulate(z.data(), z.data() + z.count(), 0.f) / float(z.count());
}

Camera guessedCamera(Size size) {
    Camera camera;
    camera.size = size;
    camera.fx = camera.fy = 1.2f * float(std::max(size.width, size.height));
    camera.cx = float(size.width) / 2;
    camera.cy = float(size.height) / 2;
    return camera;
}

} // namespace

SpaceSheets spaceSheets(const FrameLayers& frame, Size grid) {
    SpaceSheets sheets;
    sheets.camera = frame.body ? frame.body->camera : guessedCamera(frame.fullSize);
    sheets.target = {0, 0, kGuessedDistance};
    if (frame.body) // the pelvis
        sheets.target = frame.body->camera.toCamera(frame.body->joints[0]);
    const float distance = std::max(0.3f, sheets.target.z);

    const auto& human = frame.human ? frame.human : frame.alpha;
    const auto image = frame.source  ? frame.source->size()
                       : frame.plate ? frame.plate->size()
                                     : Size{};
    if (image.width < 2 || image.height < 2)
        return sheets;
    const DepthScale scale(frame, distance);
    sheets.scene = sheet(frame, scale, grid, image, 1.8f * distance, [&](int x, int y) {
        return matteAt(human, x, y) + matteAt(frame.occluder, x, y) < 0.1f;
    });
    sheets.human = sheet(frame, scale, grid, image, distance,
                         [&](int x, int y) { return matteAt(human, x, y) > 0.7f; });
    sheets.occluder = sheet(frame, scale, grid, image, 0.7f * distance,
                            [&](int x, int y) { return matteAt(frame.occluder, x, y) > 0.7f; });
    sheets.sceneZ = meanOf(sheets.scene, 1.8f * distance);
    sheets.humanZ = meanOf(sheets.human, distance);
    sheets.occluderZ = meanOf(sheets.occluder, 0.7f * distance);
    return sheets;
}

} // namespace strata::ui
