// SPDX-License-Identifier: Apache-2.0
#include "engine/train/render/obj_file.h"

#include "engine/core/atomic_file.h"

#include <charconv>
#include <cmath>
#include <sstream>

namespace strata {
namespace {

struct Corner {
    std::int64_t vertex = 0;
    std::int64_t uv = -1;
};

/// "12", "12/7" or "12/7/3"; negative numbers count from the end.
bool parseCorner(const std::string& word, std::size_t vertexCount, std::size_t uvCount,
                 Corner& out) {
    const char* end = word.data() + word.size();
    const auto resolve = [](std::int64_t number, std::size_t count) {
        return number > 0 ? number - 1 : std::int64_t(count) + number;
    };
    std::int64_t number = 0;
    auto [next, error] = std::from_chars(word.data(), end, number);
    if (error != std::errc{} || number == 0)
        return false;
    out = {resolve(number, vertexCount), -1};
    if (next != end && *next == '/' && next + 1 != end && next[1] != '/') {
        if (std::from_chars(next + 1, end, number).ec != std::errc{} || number == 0)
            return false;
        out.uv = resolve(number, uvCount);
        if (out.uv < 0 || out.uv >= std::int64_t(uvCount))
            return false;
    }
    return out.vertex >= 0 && out.vertex < std::int64_t(vertexCount);
}

Error badLine(const std::filesystem::path& path, std::size_t line) {
    return {ErrorCode::BadFormat,
            path.string() + " is not a valid OBJ file: line " + std::to_string(line) + "."};
}

bool addPolygon(std::istringstream& words, ObjFile& obj) {
    std::vector<Corner> corners;
    std::string word;
    while (words >> word) {
        Corner corner;
        if (!parseCorner(word, obj.vertices.size(), obj.uv.size(), corner))
            return false;
        corners.push_back(corner);
    }
    if (corners.size() < 3)
        return false;
    for (std::size_t i = 1; i + 1 < corners.size(); ++i) {
        const Corner* c[3] = {&corners[0], &corners[i], &corners[i + 1]};
        glm::uvec3 face, uvFace;
        for (int k = 0; k < 3; ++k) {
            face[k] = std::uint32_t(c[k]->vertex);
            uvFace[k] = std::uint32_t(std::max<std::int64_t>(0, c[k]->uv));
        }
        obj.faces.push_back(face);
        obj.groupOfFace.push_back(std::int32_t(obj.groups.size()) - 1);
        if (!obj.uv.empty())
            obj.uvFaces.push_back(uvFace);
    }
    return true;
}

} // namespace

Result<ObjFile> readObj(const std::filesystem::path& path) {
    STRATA_ASSIGN(const std::string text, readFile(path, 256u << 20));
    ObjFile obj;
    std::istringstream lines(text);
    std::string line, key;
    for (std::size_t number = 1; std::getline(lines, line); ++number) {
        std::istringstream words(line);
        if (!(words >> key))
            continue;
        if (key == "v") {
            glm::vec3 v;
            if (!(words >> v.x >> v.y >> v.z) || !std::isfinite(v.x + v.y + v.z))
                return badLine(path, number);
            obj.vertices.push_back(v);
        } else if (key == "vt") {
            glm::vec2 t;
            if (!(words >> t.x >> t.y) || !std::isfinite(t.x + t.y))
                return badLine(path, number);
            obj.uv.push_back(t);
        } else if (key == "g") {
            obj.groups.emplace_back();
            words >> obj.groups.back();
        } else if (key == "f" && !addPolygon(words, obj)) {
            return badLine(path, number);
        }
    }
    if (obj.faces.empty())
        return Error{ErrorCode::BadFormat,
                     path.string() + " holds no faces, so it is no usable OBJ file."};
    if (obj.uvFaces.size() != obj.faces.size())
        obj.uvFaces.clear();
    return obj;
}

} // namespace strata
