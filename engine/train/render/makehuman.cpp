// SPDX-License-Identifier: Apache-2.0
#include "engine/train/render/makehuman.h"

#include "engine/body/rotations.h"
#include "engine/core/atomic_file.h"
#include "engine/core/parallel.h"
#include "engine/train/render/uv_lookup.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <sstream>

namespace strata {
namespace {

constexpr float kMetresPerUnit = 0.1f; // MakeHuman measures in decimetres
constexpr int kHead = 15;
constexpr int kNear = 24; // links that carry a vertex

/// Where one vertex of a garment is bound to MakeHuman's body.
struct Binding {
    std::array<std::uint32_t, 3> vertex{};
    glm::vec3 weights{1, 0, 0};
    glm::vec3 offset{0.f};
};

struct Bindings {
    glm::vec3 scale{1.f};
    std::vector<Binding> vertices;
};

Result<Bindings> readMhclo(const std::filesystem::path& path, const ObjFile& base) {
    STRATA_ASSIGN(const std::string text, readFile(path, 64u << 20));
    Bindings out;
    std::istringstream lines(text);
    std::string line;
    bool inVertices = false;
    const auto size = base.vertices.size();
    const Error bad{ErrorCode::BadFormat, path.string() + " does not fit MakeHuman's base.obj."};
    while (std::getline(lines, line)) {
        std::istringstream words(line);
        std::string key;
        words >> key;
        if (key == "verts") {
            inVertices = true;
        } else if (key == "delete_verts" || key == "weights") {
            inVertices = false;
        } else if (key == "x_scale" || key == "y_scale" || key == "z_scale") {
            const int axis = key[0] - 'x';
            std::size_t a = 0, b = 0;
            float length = 0;
            if (!(words >> a >> b >> length) || a >= size || b >= size || !(length > 0))
                return bad;
            out.scale[axis] = std::abs(base.vertices[a][axis] - base.vertices[b][axis]) / length;
        } else if (inVertices && !key.empty() && key[0] != '#') {
            std::istringstream all(line);
            Binding b;
            if (!(all >> b.vertex[0]))
                continue; // further headings
            if (all >> b.vertex[1] >> b.vertex[2])
                all >> b.weights.x >> b.weights.y >> b.weights.z >> b.offset.x >> b.offset.y >>
                    b.offset.z;
            else
                b.vertex[1] = b.vertex[2] = b.vertex[0];
            if (b.vertex[0] >= size || b.vertex[1] >= size || b.vertex[2] >= size)
                return bad;
            out.vertices.push_back(b);
        }
    }
    return out;
}

} // namespace

struct MakeHumanWardrobe::Asset {
    ObjFile obj; // vertices in metres, worn by MakeHuman's base body
};

Result<MakeHumanWardrobe> MakeHumanWardrobe::open(const std::filesystem::path& folder,
                                                  const BodyModel& model) {
    if (model.uvFaces.size() != model.faces.size())
        return Error{ErrorCode::Usage, "Clothes need a body with texture coordinates, and '" +
                                           model.name + "' has none."};
    MakeHumanWardrobe wardrobe;
    wardrobe.m_model = &model;
    STRATA_ASSIGN(wardrobe.m_base, readObj(folder / "base.obj"));
    if (wardrobe.m_base.uvFaces.empty())
        return Error{ErrorCode::BadFormat,
                     (folder / "base.obj").string() + " has no texture coordinates."};
    wardrobe.linkSurfaces();
    if (wardrobe.m_links.size() < 1000)
        return Error{ErrorCode::BadFormat,
                     (folder / "base.obj").string() + " does not share the body's atlas."};
    wardrobe.turnLinks();
    return wardrobe;
}

void MakeHumanWardrobe::linkSurfaces() {
    const UvLookup lookup(m_model->uvVertices, m_model->uvFaces);
    std::vector<std::int32_t> uvOfVertex(m_base.vertices.size(), -1);
    for (std::size_t f = 0; f < m_base.faces.size(); ++f) {
        if (m_base.groupOfFace[f] < 0 ||
            m_base.groups[std::size_t(m_base.groupOfFace[f])] != "body")
            continue;
        for (int k = 0; k < 3; ++k)
            uvOfVertex[m_base.faces[f][k]] = std::int32_t(m_base.uvFaces[f][k]);
    }
    for (std::uint32_t v = 0; v < uvOfVertex.size(); ++v) {
        if (uvOfVertex[v] < 0)
            continue;
        const auto hit = lookup.find(m_base.uv[std::size_t(uvOfVertex[v])]);
        if (!hit)
            continue;
        const auto& f = m_model->faces[hit->face];
        const glm::vec3 w = hit->weights;
        Link link;
        link.vertex = v;
        link.body = w.x > w.y && w.x > w.z ? f.x : w.y > w.z ? f.y : f.z;
        link.from = m_base.vertices[v] * kMetresPerUnit;
        link.to = w.x * m_model->vTemplate[f.x] + w.y * m_model->vTemplate[f.y] +
                  w.z * m_model->vTemplate[f.z];
        // The same side of the body: a wrong chart of the atlas would tear cloth apart.
        if (link.from.x * link.to.x < -0.02f * 0.02f)
            continue;
        m_links.push_back(link);
    }
}

/// Of surroundings that lie in a line or a point no rotation can be told: then there is none.
static glm::mat3 rotationIn(const glm::mat3& matrix) {
    const glm::mat3 rotation = nearestRotation(matrix);
    return std::isfinite(glm::determinant(rotation)) ? rotation : glm::mat3(1.f);
}

void MakeHumanWardrobe::turnLinks() {
    // Neighbours along MakeHuman's edges, two rings, among the linked vertices.
    std::vector<std::int32_t> linkOf(m_base.vertices.size(), -1);
    for (std::size_t i = 0; i < m_links.size(); ++i)
        linkOf[m_links[i].vertex] = std::int32_t(i);
    std::vector<std::set<std::uint32_t>> ring(m_links.size());
    for (const auto& f : m_base.faces)
        for (int k = 0; k < 3; ++k) {
            const auto a = linkOf[f[k]];
            const auto b = linkOf[f[(k + 1) % 3]];
            if (a >= 0 && b >= 0) {
                ring[std::size_t(a)].insert(std::uint32_t(b));
                ring[std::size_t(b)].insert(std::uint32_t(a));
            }
        }
    std::vector<glm::mat3> turns(m_links.size());
    for (std::size_t i = 0; i < m_links.size(); ++i) {
        glm::mat3 sum(0.f);
        std::set<std::uint32_t> around = ring[i];
        for (const auto j : ring[i])
            around.insert(ring[j].begin(), ring[j].end());
        for (const auto j : around) {
            const glm::vec3 a = m_links[j].from - m_links[i].from;
            const glm::vec3 b = m_links[j].to - m_links[i].to;
            // A neighbour that is far away on our body sits in a wrong place of the atlas.
            if (glm::length(b) < 4 * glm::length(a) + 0.01f)
                sum += glm::outerProduct(b, a);
        }
        turns[i] = rotationIn(sum);
    }
    for (int pass = 0; pass < 12; ++pass) {
        auto smooth = turns;
        for (std::size_t i = 0; i < m_links.size(); ++i) {
            for (const auto j : ring[i])
                smooth[i] += turns[j];
            smooth[i] = rotationIn(smooth[i]);
        }
        turns = std::move(smooth);
    }
    for (std::size_t i = 0; i < m_links.size(); ++i)
        m_links[i].turn = turns[i];
}

Result<MakeHumanWardrobe::Asset>
MakeHumanWardrobe::readAsset(const std::filesystem::path& folder) const {
    const std::string name = folder.filename().string();
    Asset asset;
    STRATA_ASSIGN(asset.obj, readObj(folder / (name + ".obj")));
    STRATA_ASSIGN(const Bindings bindings, readMhclo(folder / (name + ".mhclo"), m_base));
    if (bindings.vertices.size() != asset.obj.vertices.size())
        return Error{ErrorCode::BadFormat, (folder / (name + ".mhclo")).string() + " binds " +
                                               std::to_string(bindings.vertices.size()) +
                                               " vertices, but " + name + ".obj has " +
                                               std::to_string(asset.obj.vertices.size()) + "."};
    for (std::size_t i = 0; i < bindings.vertices.size(); ++i) {
        const Binding& b = bindings.vertices[i];
        glm::vec3 p = b.offset * bindings.scale;
        for (int k = 0; k < 3; ++k)
            p += b.weights[k] * m_base.vertices[b.vertex[std::size_t(k)]];
        asset.obj.vertices[i] = p * kMetresPerUnit;
    }
    return asset;
}

namespace {

struct Weighted {
    float distance2;
    std::uint32_t link;
};

/// The four largest of `all`, normalised.
void keepFour(const std::array<float, kBodyJoints>& all, std::array<std::uint8_t, 4>& bones,
              glm::vec4& weights) {
    std::array<std::uint8_t, kBodyJoints> order{};
    for (std::size_t j = 0; j < kBodyJoints; ++j)
        order[j] = std::uint8_t(j);
    std::partial_sort(order.begin(), order.begin() + 4, order.end(), [&](auto a, auto b) {
        return all[a] > all[b] || (all[a] == all[b] && a < b);
    });
    float sum = 0;
    for (std::size_t k = 0; k < 4; ++k) {
        bones[k] = order[k];
        weights[int(k)] = all[order[k]];
        sum += weights[int(k)];
    }
    weights /= sum;
}

/// Cloth bends less sharply than the skin under it.
void smoothWeights(Garment& garment) {
    const auto count = garment.mesh.vertices.size();
    std::vector<std::array<float, kBodyJoints>> dense(count), next;
    for (std::size_t i = 0; i < count; ++i) {
        dense[i].fill(0.f);
        for (std::size_t k = 0; k < 4; ++k)
            dense[i][garment.bones[i][k]] += garment.boneWeights[i][int(k)];
    }
    for (int pass = 0; pass < 4; ++pass) {
        next = dense;
        for (const auto& f : garment.mesh.faces)
            for (int k = 0; k < 3; ++k)
                for (std::size_t j = 0; j < kBodyJoints; ++j)
                    next[f[k]][j] += 0.5f * (dense[f[(k + 1) % 3]][j] + dense[f[(k + 2) % 3]][j]);
        for (auto& row : next) {
            float sum = 0;
            for (const float w : row)
                sum += w;
            for (float& w : row)
                w /= sum;
        }
        dense = std::move(next);
    }
    for (std::size_t i = 0; i < count; ++i)
        keepFour(dense[i], garment.bones[i], garment.boneWeights[i]);
}

} // namespace

Garment MakeHumanWardrobe::carried(const Asset& asset, bool head) const {
    Garment garment;
    const auto& source = asset.obj.vertices;
    garment.mesh.vertices.resize(source.size());
    garment.mesh.faces = asset.obj.faces;
    garment.mesh.uv = asset.obj.uv;
    garment.mesh.uvFaces = asset.obj.uvFaces;
    garment.bones.resize(source.size());
    garment.boneWeights.resize(source.size());
    garment.near.resize(source.size());
    garment.nearWeights.resize(source.size());
    std::vector<std::uint32_t> usable;
    for (std::uint32_t i = 0; i < m_links.size(); ++i)
        if (!head || m_model->partLabels[m_links[i].body] == kHead)
            usable.push_back(i);

    parallelFor(0, std::int64_t(source.size()), 32, [&](std::int64_t begin, std::int64_t end) {
        std::vector<Weighted> around(usable.size());
        for (auto i = std::size_t(begin); i < std::size_t(end); ++i) {
            for (std::size_t l = 0; l < usable.size(); ++l) {
                const glm::vec3 d = source[i] - m_links[usable[l]].from;
                around[l] = {glm::dot(d, d), usable[l]};
            }
            const auto keep = std::min<std::size_t>(head ? 4 * kNear : kNear, around.size());
            std::partial_sort(
                around.begin(), around.begin() + long(keep), around.end(),
                [](const auto& a, const auto& b) { return a.distance2 < b.distance2; });
            // Wider where the cloth is loose: then no single point of the body decides.
            const float nearest = std::sqrt(around[0].distance2);
            const float width = std::max(head ? 0.03f : 0.012f, 0.6f * nearest);
            glm::vec3 place(0.f);
            std::array<float, kBodyJoints> bones{};
            float total = 0;
            for (std::size_t k = 0; k < keep; ++k) {
                const Link& link = m_links[around[k].link];
                const float excess = std::sqrt(around[k].distance2) - nearest;
                const float w = std::exp(-0.5f * excess * excess / (width * width));
                place += w * (link.to + link.turn * (source[i] - link.from));
                for (int b = 0; b < 4; ++b)
                    bones[m_model->bones[link.body][std::size_t(b)]] +=
                        w * m_model->boneWeights[link.body][b];
                total += w;
                if (k < 4) {
                    garment.near[i][k] = std::uint16_t(link.body);
                    garment.nearWeights[i][int(k)] = w;
                }
            }
            garment.nearWeights[i] /= glm::dot(garment.nearWeights[i], glm::vec4(1.f));
            garment.mesh.vertices[i] = place / total;
            keepFour(bones, garment.bones[i], garment.boneWeights[i]);
            if (head) {
                garment.bones[i] = {kHead, 0, 0, 0};
                garment.boneWeights[i] = {1, 0, 0, 0};
            }
        }
    });
    garment.hidesSkin = !head;
    garment.mesh.normals = vertexNormals(garment.mesh.vertices, garment.mesh.faces);
    garment.mesh.rest = garment.mesh.vertices;
    garment.texelsPerMetre = texelDensity(garment.mesh, 512);
    return garment;
}

Result<Garment> MakeHumanWardrobe::clothes(const std::filesystem::path& folder) const {
    STRATA_ASSIGN(const Asset asset, readAsset(folder));
    Garment garment = carried(asset, false);
    smoothWeights(garment);
    pushOutside(garment, *m_model, 0.009f);
    return garment;
}

Result<Garment> MakeHumanWardrobe::hair(const std::filesystem::path& folder) const {
    STRATA_ASSIGN(const Asset asset, readAsset(folder));
    Garment strands = carried(asset, true);
    pushOutside(strands, *m_model, 0.006f); // long hair lies on the shoulders, not in them
    return strands;
}

Garment opaqueParts(const Garment& garment, const ImageU8& rgba, float grain) {
    if (garment.mesh.uvFaces.empty() || rgba.channels() != 4)
        return garment;
    // What is stored per vertex is taken from one end of the edge that was cut: exact for hair (one
    // bone).
    std::vector<std::uint32_t> ends;
    const Mesh fine = subdivided(garment.mesh, grain, &ends);
    Garment out = garment;
    out.mesh = fine;
    out.mesh.faces.clear();
    out.mesh.uvFaces.clear();
    for (std::size_t f = 0; f < fine.faces.size(); ++f) {
        const auto& t = fine.uvFaces[f];
        const glm::vec2 uv = (fine.uv[t.x] + fine.uv[t.y] + fine.uv[t.z]) / 3.f;
        const int x =
            std::clamp(int((uv.x - std::floor(uv.x)) * float(rgba.width())), 0, rgba.width() - 1);
        const int y = std::clamp(int((1 - (uv.y - std::floor(uv.y))) * float(rgba.height())), 0,
                                 rgba.height() - 1);
        if (rgba.at(x, y, 3) < 110)
            continue;
        out.mesh.faces.push_back(fine.faces[f]);
        out.mesh.uvFaces.push_back(t);
    }
    for (const auto end : ends) {
        out.bones.push_back(out.bones[end]);
        out.boneWeights.push_back(out.boneWeights[end]);
        out.near.push_back(out.near[end]);
        out.nearWeights.push_back(out.nearWeights[end]);
    }
    return out;
}

Garment trimmed(const Garment& garment, float lowest) {
    Garment out = garment;
    out.mesh.faces.clear();
    out.mesh.uvFaces.clear();
    for (std::size_t f = 0; f < garment.mesh.faces.size(); ++f) {
        const auto& v = garment.mesh.faces[f];
        const auto& p = garment.mesh.vertices;
        if (std::min({p[v.x].y, p[v.y].y, p[v.z].y}) < lowest)
            continue;
        out.mesh.faces.push_back(v);
        if (!garment.mesh.uvFaces.empty())
            out.mesh.uvFaces.push_back(garment.mesh.uvFaces[f]);
    }
    return out;
}

} // namespace strata
