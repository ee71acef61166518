// SPDX-License-Identifier: Apache-2.0
#include "engine/synth/subject_view.h"

#include "engine/synth/matte_tools.h"

#include <algorithm>
#include <cmath>

namespace strata {
namespace {

constexpr int kLargestPerson = 1600; // px; finer than the atlas can hold

RectI boundsOf(const ImageF& alpha) {
    RectI r{alpha.width(), alpha.height(), 0, 0};
    for (int y = 0; y < alpha.height(); ++y)
        for (int x = 0; x < alpha.width(); ++x)
            if (*alpha.pixel(x, y) > 0.5f) {
                r.x0 = std::min(r.x0, x);
                r.y0 = std::min(r.y0, y);
                r.x1 = std::max(r.x1, x + 1);
                r.y1 = std::max(r.y1, y + 1);
            }
    return r;
}

/// Mean over factor x factor blocks of a rectangle.
template <typename T>
Image<T> reduced(const Image<T>& in, RectI r, int factor) {
    Image<T> out((r.width() + factor - 1) / factor, (r.height() + factor - 1) / factor,
                 in.channels());
    for (int y = 0; y < out.height(); ++y)
        for (int x = 0; x < out.width(); ++x)
            for (int c = 0; c < in.channels(); ++c) {
                float sum = 0;
                int count = 0;
                for (int v = r.y0 + y * factor; v < std::min(r.y1, r.y0 + (y + 1) * factor); ++v)
                    for (int u = r.x0 + x * factor; u < std::min(r.x1, r.x0 + (x + 1) * factor);
                         ++u) {
                        sum += float(in.pixel(u, v)[c]);
                        ++count;
                    }
                const float mean = sum / float(std::max(count, 1));
                out.pixel(x, y)[c] = std::is_integral_v<T> ? T(mean + 0.5f) : T(mean);
            }
    return out;
}

Camera cutCamera(Camera camera, RectI r, int factor, Size size) {
    const float scale = 1.f / float(factor);
    camera.fx *= scale;
    camera.fy *= scale;
    camera.cx = (camera.cx - float(r.x0)) * scale;
    camera.cy = (camera.cy - float(r.y0)) * scale;
    camera.size = size;
    return camera;
}

Status checkSubject(const BodyModel& model, const PictureSubject& subject) {
    if (model.vTemplate.size() != kBodyVertices || model.uvFaces.size() != model.faces.size() ||
        model.mirrorIndex.size() != kBodyVertices)
        return Error{ErrorCode::ShapeMismatch,
                     "The body model \"" + model.name +
                         "\" has no texture coordinates or mirror pairs, which an identity needs."};
    if (subject.rgb.empty() || subject.rgb.channels() != 3 || subject.alpha.channels() != 1 ||
        subject.rgb.size() != subject.alpha.size() || subject.camera.size != subject.rgb.size())
        return Error{ErrorCode::ShapeMismatch,
                     "The identity's picture, matte and camera must have the same size."};
    if (!(subject.camera.fx > 0.f) || !(subject.camera.fy > 0.f))
        return Error{ErrorCode::ShapeMismatch, "The identity's camera has no focal length."};
    return ok();
}

} // namespace

BodyRegion regionOfJoint(int joint) {
    switch (joint) {
    case 1:
    case 4:
    case 7:
    case 10:
        return BodyRegion::LeftLeg;
    case 2:
    case 5:
    case 8:
    case 11:
        return BodyRegion::RightLeg;
    case 16:
    case 18:
    case 20:
    case 22:
        return BodyRegion::LeftArm;
    case 17:
    case 19:
    case 21:
    case 23:
        return BodyRegion::RightArm;
    case 12:
    case 15:
        return BodyRegion::Head;
    default:
        return BodyRegion::Torso;
    }
}

bool isArm(BodyRegion region) {
    return region == BodyRegion::LeftArm || region == BodyRegion::RightArm;
}

float weightIn(const BodyModel& model, std::size_t vertex, bool (*belongs)(BodyRegion)) {
    float sum = 0;
    for (int k = 0; k < 4; ++k)
        if (belongs(regionOfJoint(model.bones[vertex][std::size_t(k)])))
            sum += model.boneWeights[vertex][k];
    return sum;
}

Result<SubjectView> cutSubject(const BodyModel& model, const PictureSubject& subject) {
    STRATA_TRY(checkSubject(model, subject));
    RectI r = boundsOf(subject.alpha);
    if (r.empty() || r.height() < 32)
        return Error{ErrorCode::NothingToDo,
                     "The identity's picture shows no person, or one of less than 32 pixels."};
    const int height = r.height();
    const int margin = std::max(8, height / 20);
    r = {std::max(0, r.x0 - margin), std::max(0, r.y0 - margin),
         std::min(subject.alpha.width(), r.x1 + margin),
         std::min(subject.alpha.height(), r.y1 + margin)};
    const int factor = std::max(1, (height + kLargestPerson / 2) / kLargestPerson);
    SubjectView view;
    view.rgb = reduced(subject.rgb, r, factor);
    view.alpha = reduced(subject.alpha, r, factor);
    view.camera = cutCamera(subject.camera, r, factor, view.alpha.size());
    view.heightPx = float(height) / float(factor);
    if (subject.landmarks.size() == 33)
        for (const auto& l : subject.landmarks)
            view.landmarks.push_back(
                {(l.x - float(r.x0)) / float(factor), (l.y - float(r.y0)) / float(factor), l.z});
    view.colors = insideColors(view.rgb, view.alpha, std::max(1, int(view.heightPx / 450.f)));
    return view;
}

std::span<const std::uint32_t> flatFaces(const BodyModel& model) {
    return {&model.faces[0].x, model.faces.size() * 3};
}

void rasterizeInto(PosedSurface& surface, const BodyModel& model, const SubjectView& view) {
    const Camera& c = view.camera;
    rasterize({&surface.vertices[0].x, surface.vertices.size() * 3}, flatFaces(model),
              {c.size.width, c.size.height, c.fx, c.fy, c.cx, c.cy}, {}, surface.raster);
}

namespace {

struct Taps {
    int x0, y0, x1, y1;
    float fx, fy;
    Taps(const ImageF& image, glm::vec2 point) {
        const float x = std::clamp(point.x - 0.5f, 0.f, float(image.width() - 1));
        const float y = std::clamp(point.y - 0.5f, 0.f, float(image.height() - 1));
        x0 = int(x);
        y0 = int(y);
        x1 = std::min(x0 + 1, image.width() - 1);
        y1 = std::min(y0 + 1, image.height() - 1);
        fx = x - float(x0);
        fy = y - float(y0);
    }
};

} // namespace

float sampleAt(const ImageF& image, glm::vec2 point) {
    const Taps t(image, point);
    const float top = glm::mix(*image.pixel(t.x0, t.y0), *image.pixel(t.x1, t.y0), t.fx);
    const float bottom = glm::mix(*image.pixel(t.x0, t.y1), *image.pixel(t.x1, t.y1), t.fx);
    return glm::mix(top, bottom, t.fy);
}

glm::vec3 sampleColor(const ImageF& image, glm::vec2 point) {
    const Taps t(image, point);
    const auto at = [&](int x, int y) {
        const float* p = image.pixel(x, y);
        return glm::vec3(p[0], p[1], p[2]);
    };
    return glm::mix(glm::mix(at(t.x0, t.y0), at(t.x1, t.y0), t.fx),
                    glm::mix(at(t.x0, t.y1), at(t.x1, t.y1), t.fx), t.fy);
}

Neighbours neighboursOf(std::span<const glm::uvec3> faces, std::size_t vertices) {
    std::vector<std::vector<std::uint32_t>> lists(vertices);
    for (const auto& f : faces)
        for (int k = 0; k < 3; ++k)
            lists[f[k]].push_back(f[(k + 1) % 3]); // each edge is met once in either direction
    Neighbours out;
    out.first.push_back(0);
    for (const auto& list : lists) {
        out.index.insert(out.index.end(), list.begin(), list.end());
        out.first.push_back(std::uint32_t(out.index.size()));
    }
    return out;
}

} // namespace strata
