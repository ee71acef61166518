// SPDX-License-Identifier: Apache-2.0
#include "engine/formats/npz.h"
#include "engine/synth/identity.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>

namespace strata {
namespace {

constexpr float kFormatVersion = 1.f;

template <typename T>
std::span<const float> floatsOf(const std::vector<T>& values) {
    return {reinterpret_cast<const float*>(values.data()),
            values.size() * sizeof(T) / sizeof(float)};
}

std::vector<std::int32_t> indicesOf(const std::vector<glm::uvec3>& faces) {
    std::vector<std::int32_t> out;
    for (const auto& f : faces)
        for (int k = 0; k < 3; ++k)
            out.push_back(std::int32_t(f[k]));
    return out;
}

void addCloth(ArrayMap& arrays, const SkinnedMesh& cloth) {
    const auto rows = std::int64_t(cloth.vertices.size());
    const auto faces = std::int64_t(cloth.faces.size());
    std::vector<std::uint8_t> bones;
    for (const auto& b : cloth.bones)
        bones.insert(bones.end(), b.begin(), b.end());
    arrays["cloth_vertices"] = Array::of({rows, 3}, floatsOf(cloth.vertices));
    arrays["cloth_bones"] = Array::of({rows, 4}, std::span<const std::uint8_t>(bones));
    arrays["cloth_weights"] = Array::of({rows, 4}, floatsOf(cloth.boneWeights));
    arrays["cloth_faces"] =
        Array::of({faces, 3}, std::span<const std::int32_t>(indicesOf(cloth.faces)));
    arrays["cloth_uv"] =
        Array::of({std::int64_t(cloth.uvVertices.size()), 2}, floatsOf(cloth.uvVertices));
    arrays["cloth_uv_faces"] =
        Array::of({faces, 3}, std::span<const std::int32_t>(indicesOf(cloth.uvFaces)));
}

/// Reads arrays and remembers the first thing that is wrong.
class Reader {
public:
    Reader(const ArrayMap& arrays, std::string file)
        : m_arrays(arrays)
        , m_file(std::move(file)) {}

    std::vector<float> floats(const std::string& name, const std::vector<std::int64_t>& shape) {
        const auto array = require(m_arrays, name, m_file, shape);
        if (!array)
            return fail(array.error()), std::vector<float>{};
        auto values = array->toFloats();
        if (!std::all_of(values.begin(), values.end(), [](float v) { return std::isfinite(v); }))
            fail({ErrorCode::BadFormat,
                  "\"" + name + "\" in " + m_file + " holds values that are no numbers."});
        return values;
    }

    template <typename V>
    std::vector<V> vectors(const std::string& name, std::int64_t rows) {
        constexpr std::size_t width = sizeof(V) / sizeof(float);
        const auto values = floats(name, {rows, std::int64_t(width)});
        std::vector<V> out(values.size() / width);
        for (std::size_t i = 0; i < out.size(); ++i)
            for (std::size_t k = 0; k < width; ++k)
                out[i][int(k)] = values[i * width + k];
        return out;
    }

    /// Rows of three indices below `limit`.
    std::vector<glm::uvec3> triangles(const std::string& name, std::size_t limit) {
        const auto array = require(m_arrays, name, m_file, {-1, 3});
        if (!array)
            return fail(array.error()), std::vector<glm::uvec3>{};
        const auto values = array->toInts();
        std::vector<glm::uvec3> out(values.size() / 3);
        for (std::size_t i = 0; i < out.size() * 3; ++i) {
            if (values[i] < 0 || std::size_t(values[i]) >= limit) {
                fail({ErrorCode::BadFormat,
                      "\"" + name + "\" in " + m_file + " points outside its mesh."});
                return {};
            }
            out[i / 3][int(i % 3)] = std::uint32_t(values[i]);
        }
        return out;
    }

    ImageU8 image(const std::string& name, int channels) {
        const auto array = require(m_arrays, name, m_file, {-1, -1, channels});
        if (!array)
            return fail(array.error()), ImageU8{};
        const std::int64_t side = array->shape[0];
        if (array->type != DType::U8 || side < 1 || side > 8192 || array->shape[1] != side) {
            fail({ErrorCode::BadFormat,
                  "\"" + name + "\" in " + m_file + " is not a square 8-bit picture."});
            return {};
        }
        ImageU8 out{int(side), int(side), channels};
        std::copy_n(reinterpret_cast<const std::uint8_t*>(array->bytes.data()), out.count(),
                    out.data());
        return out;
    }

    void fail(Error error) {
        if (!m_error)
            m_error = std::move(error);
    }
    const std::optional<Error>& error() const { return m_error; }
    const std::string& file() const { return m_file; }

private:
    const ArrayMap& m_arrays;
    std::string m_file;
    std::optional<Error> m_error;
};

void readCloth(const ArrayMap& arrays, Reader& reader, SkinnedMesh& cloth) {
    cloth.vertices = reader.vectors<glm::vec3>("cloth_vertices", -1);
    const auto rows = std::int64_t(cloth.vertices.size());
    cloth.boneWeights = reader.vectors<glm::vec4>("cloth_weights", rows);
    const auto bones = require(arrays, "cloth_bones", reader.file(), {rows, 4});
    if (!bones)
        return reader.fail(bones.error());
    const auto values = bones->toInts();
    cloth.bones.resize(std::size_t(rows));
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (values[i] < 0 || values[i] >= kBodyJoints)
            return reader.fail(
                {ErrorCode::BadFormat, reader.file() + " names a joint that the body lacks."});
        cloth.bones[i / 4][i % 4] = std::uint8_t(values[i]);
    }
    cloth.uvVertices = reader.vectors<glm::vec2>("cloth_uv", -1);
    cloth.faces = reader.triangles("cloth_faces", cloth.vertices.size());
    cloth.uvFaces = reader.triangles("cloth_uv_faces", cloth.uvVertices.size());
    if (cloth.faces.size() != cloth.uvFaces.size())
        reader.fail(
            {ErrorCode::BadFormat, reader.file() + " has cloth without texture coordinates."});
}

} // namespace

Status saveIdentity(const std::filesystem::path& file, const Identity& identity) {
    if (!identity.valid())
        return Error{ErrorCode::Internal, "An identity without a surface cannot be saved."};
    const std::int64_t vertices = kBodyVertices;
    const std::int64_t side = identity.texture.width();
    const auto pixels = [](const ImageU8& image) {
        return std::span<const std::uint8_t>(image.data(), image.count());
    };
    const float scalars[] = {kFormatVersion, identity.personHeightPx};
    ArrayMap arrays;
    arrays["identity"] = Array::of({2}, std::span<const float>(scalars));
    arrays["betas"] = Array::of({kBodyBetas}, std::span<const float>(identity.betas));
    arrays["displacement"] = Array::of({vertices, 3}, floatsOf(identity.displacement));
    arrays["softness"] = Array::of({vertices}, std::span<const float>(identity.softness));
    arrays["texture"] = Array::of({side, side, 3}, pixels(identity.texture));
    arrays["confidence"] = Array::of({side, side, 1}, pixels(identity.confidence));
    arrays["picture_light"] =
        Array::of({9, 3}, std::span<const float>(&identity.pictureLight[0].x, 27));
    addCloth(arrays, identity.cloth);
    return writeNpz(file, arrays);
}

Result<Identity> loadIdentity(const std::filesystem::path& file) {
    STRATA_ASSIGN(const ArrayMap arrays, readNpz(file));
    Reader reader(arrays, file.string());
    Identity identity;
    const auto scalars = reader.floats("identity", {2});
    const auto betas = reader.floats("betas", {kBodyBetas});
    identity.displacement = reader.vectors<glm::vec3>("displacement", kBodyVertices);
    identity.softness = reader.floats("softness", {kBodyVertices});
    identity.texture = reader.image("texture", 3);
    identity.confidence = reader.image("confidence", 1);
    const auto light = reader.vectors<glm::vec3>("picture_light", 9);
    readCloth(arrays, reader, identity.cloth);
    if (reader.error())
        return *reader.error();
    if (scalars[0] != kFormatVersion)
        return Error{ErrorCode::BadFormat, file.string() + " is an identity of another version."};
    identity.personHeightPx = scalars[1];
    std::copy(betas.begin(), betas.end(), identity.betas.begin());
    std::copy(light.begin(), light.end(), identity.pictureLight.begin());
    return identity;
}

} // namespace strata
