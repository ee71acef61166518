// SPDX-License-Identifier: Apache-2.0
#include "engine/synth/outline_fit.h"

#include "engine/synth/matte_tools.h"
#include "engine/synth/render_mesh.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace strata {
namespace {

/// How far hair or cloth may stand off the body, in metres, by joint.
constexpr std::array<float, kBodyJoints> kOutwards = {
    0.12f, 0.12f, 0.12f, 0.12f, 0.09f, 0.09f, 0.12f, 0.06f, 0.06f, 0.12f, 0.04f, 0.04f,
    0.08f, 0.10f, 0.10f, 0.11f, 0.09f, 0.09f, 0.08f, 0.08f, 0.05f, 0.05f, 0.02f, 0.02f};
constexpr float kInwards = 0.05f;
/// What smoothing takes off the cloth's distance is given back.
constexpr float kFuller = 1.1f;
/// How strongly a joint's surface stays where the fit put it.
float stiffness(int joint) {
    if (joint == 22 || joint == 23)
        return 0.2f;
    return joint == 10 || joint == 11 ? 0.05f : 0.01f;
}

/// How strongly a joint's surface has nothing on it: shoes stand off like other cloth, gloves are
/// rare.
float bareness(int joint) { return joint == 22 || joint == 23 ? 0.2f : 0.01f; }

/// One place where the body's outline should go: along `normal` (unit, in the picture's plane) by
/// `distance` metres.
struct OutlinePull {
    std::uint32_t face;
    float b0, b1;
    glm::vec2 normal;
    float distance;
};

class OutlineFitter {
public:
    OutlineFitter(const BodyModel& model, const HeadMap& head, const SubjectView& view,
                  PosedSurface surface)
        : m_model(model)
        , m_head(head)
        , m_view(view)
        , m_surface(std::move(surface))
        , m_start(m_surface.vertices)
        , m_neighbours(neighboursOf(model.faces, model.vTemplate.size()))
        , m_matte(boxBlurred(view.alpha, std::max(1, int(view.heightPx / 400.f))))
        , m_move(m_start.size(), glm::vec2(0.f))
        , m_stand(m_start.size(), 0.f) {}

    void run() {
        for (const float smoothness : {6.f, 3.f, 1.5f, 0.8f}) {
            rasterizeInto(m_surface, m_model, m_view);
            const auto pulls = findPulls();
            solveMoves(pulls, smoothness);
            apply();
        }
        rasterizeInto(m_surface, m_model, m_view);
        solveStand(findOutline());
        const std::vector<glm::vec2> whole = m_move;
        solveRest();
        dress(whole);
        rasterizeInto(m_surface, m_model, m_view);
    }

    PosedSurface takeSurface() { return std::move(m_surface); }
    std::span<const float> stand() const { return m_stand; }

private:
    bool onBody(int x, int y) const {
        const auto& r = m_surface.raster;
        return x >= 0 && y >= 0 && x < r.width && y < r.height &&
               r.face[std::size_t(y) * std::size_t(r.width) + std::size_t(x)] >= 0;
    }

    /// Visits the outline's pixels with the face, the barycentrics and the outward normal in the
    /// picture.
    template <typename Visit>
    void forOutline(Visit&& visit) const {
        const auto& r = m_surface.raster;
        for (int y = 1; y + 1 < r.height; ++y) {
            for (int x = 1; x + 1 < r.width; ++x) {
                const std::size_t i = std::size_t(y) * std::size_t(r.width) + std::size_t(x);
                if (r.face[i] < 0 ||
                    (onBody(x - 1, y) && onBody(x + 1, y) && onBody(x, y - 1) && onBody(x, y + 1)))
                    continue;
                const auto face = std::uint32_t(r.face[i]);
                const float b0 = r.barycentric[2 * i], b1 = r.barycentric[2 * i + 1];
                const auto& f = m_model.faces[face];
                const glm::vec3 n = b0 * m_surface.normals[f.x] + b1 * m_surface.normals[f.y] +
                                    (1.f - b0 - b1) * m_surface.normals[f.z];
                const float flat = std::hypot(n.x, n.y);
                if (flat < 0.3f)
                    continue;
                const glm::vec2 n2 = glm::vec2(n.x, n.y) / flat;
                const glm::vec2 p(float(x) + 0.5f, float(y) + 0.5f);
                if (onBody(int(p.x + 3.f * n2.x), int(p.y + 3.f * n2.y)))
                    continue;
                visit(face, b0, b1, n2, p, r.depth[i]);
            }
        }
    }

    std::vector<OutlinePull> findPulls() const {
        std::vector<OutlinePull> pulls;
        forOutline([&](std::uint32_t face, float b0, float b1, glm::vec2 n, glm::vec2 p, float z) {
            const float metresPerPixel = z / m_view.camera.fx;
            const int joint = m_model.bones[m_model.faces[face].x][0];
            const float reach = kOutwards[std::size_t(joint)] / metresPerPixel;
            const Edge edge = findEdge(p, n, reach, kInwards / metresPerPixel);
            // The outline runs half a pixel beyond the middle of its pixel, on either side of a
            // gap.
            const float distance = edge.kind == Edge::Body
                                       ? (edge.distance - 1.f) * shareOfGap(joint, edge.joint)
                                       : edge.distance - 0.5f;
            if (edge.kind != Edge::None && distance != 0.f)
                pulls.push_back({face, b0, b1, n, distance * metresPerPixel});
        });
        return pulls;
    }

    /// Where the matte goes on without an edge from one part to the next, cloth fills the gap. It
    /// belongs to the trunk when an arm hangs beside it, and half to each leg.
    static float shareOfGap(int from, int to) {
        const BodyRegion a = regionOfJoint(from), b = regionOfJoint(to);
        if (a == b || isArm(a) || a == BodyRegion::Head || b == BodyRegion::Head)
            return 0.f;
        return isArm(b) ? 0.85f : 0.5f;
    }

    struct Edge {
        enum Kind { None, Matte, Body } kind = None;
        float distance = 0; // px along the normal
        int joint = 0;      // of the part that was met
    };

    /// The matte's edge along the normal, or the part of the body that comes before it.
    Edge findEdge(glm::vec2 p, glm::vec2 n, float outwards, float inwards) const {
        float before = sampleAt(m_matte, p);
        const bool inside = before >= 0.5f;
        const float reach = inside ? outwards : inwards;
        for (float step = 1.f; step <= reach; step += 1.f) {
            const glm::vec2 q = p + (inside ? step : -step) * n;
            if (q.x < 1.f || q.y < 1.f || q.x > float(m_matte.width() - 1) ||
                q.y > float(m_matte.height() - 1))
                return {}; // the person is cut off by the picture's edge
            if (inside && step > 3.f && onBody(int(q.x), int(q.y))) {
                const auto& r = m_surface.raster;
                const auto face = std::size_t(
                    r.face[std::size_t(int(q.y)) * std::size_t(r.width) + std::size_t(int(q.x))]);
                return {Edge::Body, step, m_model.bones[m_model.faces[face].x][0]};
            }
            const float now = sampleAt(m_matte, q);
            if ((now >= 0.5f) != inside) {
                const float part = (0.5f - before) / (now - before);
                return {Edge::Matte, (step - 1.f + part) * (inside ? 1.f : -1.f), 0};
            }
            before = now;
        }
        return {};
    }

    /// Nose and eyes go to where the landmarks are: the outline of the head, hair and all, does not
    /// tell.
    template <typename Pull>
    void forLandmarks(Pull&& pull) const {
        if (m_view.landmarks.empty())
            return;
        const auto at = [&](std::size_t vertex, const glm::vec3& landmark, float weight) {
            if (landmark.z < 0.6f)
                return;
            const glm::vec3& s = m_start[vertex];
            const float metresPerPixel = s.z / m_view.camera.fx;
            const glm::vec2 pixel(m_view.camera.fx * s.x / s.z + m_view.camera.cx,
                                  m_view.camera.fy * s.y / s.z + m_view.camera.cy);
            const glm::vec2 target = (glm::vec2(landmark) - pixel) * metresPerPixel;
            if (glm::length(target) < 0.10f)
                pull(vertex, target, weight);
        };
        at(m_head.nose, m_view.landmarks[0], 40.f);
        for (std::size_t side = 0; side < 2; ++side)
            for (const auto vertex : m_head.eyes[side])
                at(vertex, m_view.landmarks[side == 0 ? 2 : 5],
                   40.f / float(m_head.eyes[side].size()));
    }

    /// Gauss-Seidel on sum |n.d - t|^2 + smoothness * sum over edges |di - dj|^2 + stiffness |d|^2.
    void solveMoves(const std::vector<OutlinePull>& pulls, float smoothness) {
        std::vector<glm::mat2> a(m_move.size(), glm::mat2(0.f));
        std::vector<glm::vec2> b(m_move.size(), glm::vec2(0.f));
        std::vector<float> count(m_move.size(), 0.f);
        for (const auto& pull : pulls) {
            const auto& f = m_model.faces[pull.face];
            const float weights[3] = {pull.b0, pull.b1, 1.f - pull.b0 - pull.b1};
            for (int k = 0; k < 3; ++k) {
                const std::size_t v = f[k];
                const float target = pull.distance + glm::dot(pull.normal, m_move[v]);
                a[v] += weights[k] * glm::outerProduct(pull.normal, pull.normal);
                b[v] += weights[k] * target * pull.normal;
                count[v] += weights[k];
            }
        }
        std::vector<glm::vec2> markTarget(m_move.size(), glm::vec2(0.f));
        std::vector<float> markWeight(m_move.size(), 0.f);
        forLandmarks([&](std::size_t v, glm::vec2 target, float weight) {
            markTarget[v] = target;
            markWeight[v] = weight;
        });
        for (int sweep = 0; sweep < 250; ++sweep) {
            for (std::size_t i = 0; i < m_move.size(); ++i) {
                const std::size_t v = sweep % 2 ? m_move.size() - 1 - i : i;
                const auto near = m_neighbours.of(v);
                glm::vec2 right(0.f);
                for (const auto u : near)
                    right += smoothness * m_move[u];
                const float own = smoothness * float(near.size()) + stiffness(m_model.bones[v][0]);
                glm::mat2 left(own);
                if (count[v] > 0.f) {
                    // However many pixels pull at a vertex, they have the say of a few edges.
                    const float scale = 4.f / std::max(count[v], 0.5f);
                    left += scale * a[v];
                    right += scale * b[v];
                }
                left += glm::mat2(markWeight[v]);
                right += markWeight[v] * markTarget[v];
                m_move[v] = glm::inverse(left) * right;
            }
        }
    }

    void apply() {
        for (std::size_t v = 0; v < m_start.size(); ++v) {
            const float limit = kOutwards[m_model.bones[v][0]] + 0.02f;
            const float length = glm::length(m_move[v]);
            if (length > limit)
                m_move[v] *= limit / length;
            m_surface.vertices[v] = m_start[v] + glm::vec3(m_move[v], 0.f);
        }
    }

    std::vector<OutlinePull> findOutline() const {
        std::vector<OutlinePull> out;
        forOutline([&](std::uint32_t face, float b0, float b1, glm::vec2 n, glm::vec2, float) {
            const auto& f = m_model.faces[face];
            const glm::vec2 moved =
                b0 * m_move[f.x] + b1 * m_move[f.y] + (1.f - b0 - b1) * m_move[f.z];
            out.push_back({face, b0, b1, n, glm::dot(moved, n)});
        });
        return out;
    }

    /// Spreads how far the outline stands off over the whole surface. What one side wins and the
    /// other loses (a limb that the fit put a little beside its place) cancels out.
    void solveStand(const std::vector<OutlinePull>& outline) {
        constexpr float kSmooth = 1.5f, kFirm = 20.f;
        std::vector<float> sum(m_stand.size(), 0.f), count(m_stand.size(), 0.f);
        for (const auto& o : outline) {
            const auto& f = m_model.faces[o.face];
            const float weights[3] = {o.b0, o.b1, 1.f - o.b0 - o.b1};
            for (int k = 0; k < 3; ++k) {
                sum[f[k]] += weights[k] * o.distance;
                count[f[k]] += weights[k];
            }
        }
        for (int sweep = 0; sweep < 300; ++sweep) {
            for (std::size_t i = 0; i < m_stand.size(); ++i) {
                const std::size_t v = sweep % 2 ? m_stand.size() - 1 - i : i;
                const auto near = m_neighbours.of(v);
                float right = 0, left = kSmooth * float(near.size()) +
                                        bareness(m_model.bones[v][0]) + 60.f * m_head.face[v];
                for (const auto u : near)
                    right += kSmooth * m_stand[u];
                if (count[v] > 0.f) {
                    right += kFirm * sum[v] / count[v];
                    left += kFirm;
                }
                m_stand[v] = right / left;
            }
        }
    }

    /// What cloth does not explain is where the fit put the body beside its place: the moves anew,
    /// without the cloth. A wide seat or a high collar would drag the print on the chest
    /// along.
    void solveRest() {
        auto pulls = findOutline();
        for (auto& pull : pulls) {
            const auto& f = m_model.faces[pull.face];
            pull.distance -= pull.b0 * m_stand[f.x] + pull.b1 * m_stand[f.y] +
                             (1.f - pull.b0 - pull.b1) * m_stand[f.z];
        }
        std::fill(m_move.begin(), m_move.end(), glm::vec2(0.f));
        solveMoves(pulls, 0.8f);
        apply();
    }

    /// Puts the surface where its colours are in the picture: moved by what solveRest() left, and
    /// as far off the body as the cloth stands. `whole`: the moves with the cloth.
    void dress(std::span<const glm::vec2> whole) {
        for (std::size_t v = 0; v < m_start.size(); ++v) {
            // Half of an arm's outline is often hidden by the trunk or lies before it: what is left
            // does not tell a wide sleeve from an arm beside its place.
            const float arm = weightIn(m_model, v, isArm);
            const glm::vec3 out = (1.f - m_head.face[v]) * m_stand[v] * m_surface.normals[v];
            const glm::vec2 across = glm::mix(m_move[v] + glm::vec2(out), whole[v], arm);
            m_surface.vertices[v] = m_start[v] + glm::vec3(across, out.z);
        }
    }

    const BodyModel& m_model;
    const HeadMap& m_head;
    const SubjectView& m_view;
    PosedSurface m_surface;
    std::vector<glm::vec3> m_start;
    Neighbours m_neighbours;
    ImageF m_matte;
    std::vector<glm::vec2> m_move; // metres in the picture's plane
    std::vector<float> m_stand;    // metres off the body
};

/// 0 at the jaw joint .. 1 at the crown.
float crownward(const HeadMap& head, const glm::vec3& rest) {
    return (rest.y - head.joint.y) / std::max(head.top - head.joint.y, 0.05f);
}

std::vector<glm::vec3> restNormals(const RenderMesh& mesh) {
    return mesh.normals(mesh.body().restVertices());
}

} // namespace

OutlineFit fitOutline(const BodyModel& model, const HeadMap& head, const PictureSubject& subject,
                      const SubjectView& view, bool displace) {
    const RenderMesh mesh(model, subject.betas);
    const ShapedBody& body = mesh.body();
    PosedSurface surface;
    surface.vertices = mesh.posed(subject.pose);
    surface.normals = mesh.normals(surface.vertices);
    for (auto& v : surface.vertices)
        v = view.camera.toCamera(v);
    for (auto& n : surface.normals)
        n = view.camera.rotation * n;
    OutlineFitter fitter(model, head, view, std::move(surface));
    fitter.run();

    OutlineFit out;
    out.displacement.assign(model.vTemplate.size(), glm::vec3(0.f));
    if (displace) {
        const auto normals = restNormals(mesh);
        const auto stand = fitter.stand();
        for (std::size_t v = 0; v < stand.size(); ++v) {
            const float both =
                kFuller * (0.6f * stand[v] + 0.4f * stand[std::size_t(model.mirrorIndex[v])]);
            // Hair stands off the crown; at the ears it would pull the head out into wings.
            float limit = kOutwards[model.bones[v][0]];
            if (model.bones[v][0] == 15)
                limit =
                    glm::mix(0.012f, limit,
                             head.scalp[v] *
                                 smoothStep(0.25f, 0.6f, crownward(head, body.restVertices()[v])));
            out.displacement[v] =
                std::clamp(both, -0.02f, limit) * (1.f - head.face[v]) * normals[v];
        }
    }
    out.aligned = fitter.takeSurface();
    return out;
}

} // namespace strata
