// SPDX-License-Identifier: Apache-2.0
#include "engine/train/data/training_assets.h"

#include "engine/formats/half.h"
#include "engine/formats/safetensors.h"

#include <cmath>
#include <cstring>
#include <span>

namespace strata {
namespace {

constexpr std::int64_t kMostVertices = 60000; // indices are stored in 16 bits
constexpr std::int64_t kMostFrames = 100000;
constexpr std::int64_t kMostBlocks = 1024; // of a picture's side

template <typename T>
Array packed(DType type, std::vector<std::int64_t> shape, const std::vector<T>& values) {
    const auto stored = std::as_bytes(std::span(values));
    std::vector<std::byte> bytes(stored.begin(), stored.end());
    return Array::ofBytes(type, std::move(shape), std::move(bytes));
}

/// Rows of glm vectors or std::arrays as 16-bit floats or integers.
template <typename Row>
Array halves(const std::vector<Row>& rows, int columns) {
    std::vector<std::uint16_t> values;
    for (const auto& row : rows)
        for (int c = 0; c < columns; ++c)
            values.push_back(floatToHalf(row[c]));
    return packed(DType::F16, {std::int64_t(rows.size()), columns}, values);
}

template <typename Row>
Array shorts(const std::vector<Row>& rows, int columns) {
    std::vector<std::uint16_t> values;
    for (const auto& row : rows)
        for (int c = 0; c < columns; ++c)
            values.push_back(std::uint16_t(row[typename Row::size_type(c)]));
    return packed(DType::U16, {std::int64_t(rows.size()), columns}, values);
}

Array shorts(const std::vector<glm::uvec3>& rows) {
    std::vector<std::uint16_t> values;
    for (const auto& row : rows)
        for (int c = 0; c < 3; ++c)
            values.push_back(std::uint16_t(row[c]));
    return packed(DType::U16, {std::int64_t(rows.size()), 3}, values);
}

Array floats(const std::vector<glm::vec3>& rows) {
    return Array::of({std::int64_t(rows.size()), 3},
                     std::span<const float>(rows.empty() ? nullptr : &rows[0].x, rows.size() * 3));
}

Array blocks(const BlockPicture& picture) {
    return Array::of({picture.blocksHigh, picture.blocksWide, BlockPicture::kBlockBytes},
                     std::span<const std::uint8_t>(picture.bytes));
}

void putWear(ArrayMap& out, const WearAsset& asset) {
    const std::string key = std::string("wear/") + nameOf(asset.kind) + "/" + asset.name + "/";
    const Garment& g = asset.garment;
    out[key + "vertices"] = floats(g.mesh.vertices);
    out[key + "faces"] = shorts(g.mesh.faces);
    out[key + "uv"] = halves(g.mesh.uv, 2);
    out[key + "uv_faces"] = shorts(g.mesh.uvFaces);
    out[key + "bones"] = shorts(g.bones, 4);
    out[key + "bone_weights"] = halves(g.boneWeights, 4);
    out[key + "near"] = shorts(g.near, 4);
    out[key + "near_weights"] = halves(g.nearWeights, 4);
    const auto sizeOf = [](const auto& v) { return std::int64_t(v.size()); };
    out[key + "covers"] = Array::of({sizeOf(g.covers)}, std::span<const std::uint8_t>(g.covers));
    out[key + "zones"] =
        Array::of({sizeOf(asset.zones)}, std::span<const std::uint8_t>(asset.zones));
    out[key + "texels"] = Array::of({1}, std::span<const float>(&g.texelsPerMetre, 1));
    if (!asset.picture.empty())
        out[key + "picture"] = blocks(asset.picture);
}

/// Reads the arrays of one thing; after the first that does not fit, `error` says so and the rest
/// is empty.
class Reader {
public:
    Reader(const ArrayMap& arrays, std::string file)
        : m_arrays(arrays)
        , m_file(std::move(file)) {}

    std::vector<float> floats(const std::string& name, std::int64_t rows, std::int64_t columns) {
        return take(name, rows, columns).toFloats();
    }
    std::vector<std::int64_t> indices(const std::string& name, std::int64_t rows,
                                      std::int64_t columns, std::int64_t limit) {
        auto values = take(name, rows, columns).toInts();
        for (const auto v : values)
            if (v < 0 || v >= limit)
                fail(name);
        return m_failed ? std::vector<std::int64_t>{} : values;
    }
    bool has(const std::string& name) const { return m_arrays.contains(name); }
    BlockPicture picture(const std::string& name) {
        const Array array = take(name, -1, -1, BlockPicture::kBlockBytes);
        BlockPicture out;
        if (m_failed || array.type != DType::U8 || array.shape[0] < 1 || array.shape[1] < 1 ||
            array.shape[0] > kMostBlocks || array.shape[1] > kMostBlocks) {
            fail(name);
            return out;
        }
        out.blocksHigh = int(array.shape[0]);
        out.blocksWide = int(array.shape[1]);
        out.bytes.resize(array.bytes.size());
        std::memcpy(out.bytes.data(), array.bytes.data(), array.bytes.size());
        return out;
    }
    void fail(const std::string& name) {
        if (!m_failed)
            m_error = damaged(m_file, name + " does not fit");
        m_failed = true;
    }
    bool failed() const { return m_failed; }
    const Error& error() const { return m_error; }

private:
    Array take(const std::string& name, std::int64_t rows, std::int64_t columns,
               std::int64_t depth = 0) {
        std::vector<std::int64_t> shape{rows};
        if (columns)
            shape.push_back(columns);
        if (depth)
            shape.push_back(depth);
        auto array = require(m_arrays, name, m_file, shape);
        if (!array || array->count() > kMostVertices * 64) {
            fail(name);
            if (!array)
                m_error = array.error();
            return {};
        }
        return *array;
    }

    const ArrayMap& m_arrays;
    std::string m_file;
    bool m_failed = false;
    Error m_error;
};

template <typename Row, typename T>
std::vector<Row> rowsOf(const std::vector<T>& values, std::size_t columns) {
    std::vector<Row> rows(values.size() / columns);
    for (std::size_t i = 0; i < rows.size() * columns; ++i) {
        auto& row = rows[i / columns];
        using Item = std::remove_reference_t<decltype(row[0])>;
        using Index = std::conditional_t < requires { row.length(); }
        , int, std::size_t > ;
        row[Index(i % columns)] = Item(values[i]);
    }
    return rows;
}

WearAsset takeWear(Reader& in, const std::string& key, WearKind kind, std::string name) {
    WearAsset asset;
    asset.kind = kind;
    asset.name = std::move(name);
    Garment& g = asset.garment;
    Mesh& mesh = g.mesh;
    mesh.vertices = rowsOf<glm::vec3>(in.floats(key + "vertices", -1, 3), 3);
    const auto v = std::int64_t(mesh.vertices.size());
    mesh.faces = rowsOf<glm::uvec3>(in.indices(key + "faces", -1, 3, v), 3);
    const auto f = std::int64_t(mesh.faces.size());
    mesh.uv = rowsOf<glm::vec2>(in.floats(key + "uv", -1, 2), 2);
    mesh.uvFaces = rowsOf<glm::uvec3>(
        in.indices(key + "uv_faces", mesh.uv.empty() ? 0 : f, 3, std::int64_t(mesh.uv.size())), 3);
    g.bones = rowsOf<std::array<std::uint8_t, 4>>(in.indices(key + "bones", v, 4, kBodyJoints), 4);
    g.boneWeights = rowsOf<glm::vec4>(in.floats(key + "bone_weights", v, 4), 4);
    g.near = rowsOf<std::array<std::uint16_t, 4>>(in.indices(key + "near", v, 4, kBodyVertices), 4);
    g.nearWeights = rowsOf<glm::vec4>(in.floats(key + "near_weights", v, 4), 4);
    for (const auto c : in.indices(key + "covers", kBodyVertices, 0, 2))
        g.covers.push_back(std::uint8_t(c));
    for (const auto z : in.indices(key + "zones", f, 0, 2))
        asset.zones.push_back(std::uint8_t(z));
    if (const auto texels = in.floats(key + "texels", 1, 0); !texels.empty())
        g.texelsPerMetre = texels[0];
    if (in.has(key + "picture"))
        asset.picture = in.picture(key + "picture");
    for (const auto& p : mesh.vertices)
        if (!(glm::dot(p, p) < 100.f)) // metres; also false for what is not a number
            in.fail(key + "vertices");
    if (in.failed())
        return asset;
    for (auto* weights : {&g.boneWeights, &g.nearWeights})
        for (auto& w : *weights) // rounded to halves
            w /= std::max(1e-3f, w.x + w.y + w.z + w.w);
    g.hidesSkin = kind != WearKind::Hair;
    mesh.rest = mesh.vertices;
    mesh.normals = vertexNormals(mesh.vertices, mesh.faces);
    return asset;
}

MotionAsset takeMotion(Reader& in, const std::string& key, std::string name) {
    MotionAsset asset;
    asset.name = std::move(name);
    const auto places = in.floats(key + "translation", -1, 3);
    const auto count = std::int64_t(places.size() / 3);
    if (count < 1 || count > kMostFrames)
        in.fail(key + "translation");
    const auto turns = in.floats(key + "rotations", count, kBodyJoints * 3);
    for (const auto* values : {&places, &turns})
        for (const float x : *values)
            if (!(std::abs(x) < 1000.f))
                in.fail(key);
    if (in.failed())
        return asset;
    asset.frames.resize(std::size_t(count));
    for (std::size_t t = 0; t < asset.frames.size(); ++t) {
        std::memcpy(&asset.frames[t].translation.x, &places[t * 3], 3 * sizeof(float));
        std::memcpy(&asset.frames[t].rotations[0].x, &turns[t * kBodyJoints * 3],
                    kBodyJoints * 3 * sizeof(float));
    }
    return asset;
}

/// "wear/suit/x/faces" -> x with the folder before it and what follows.
std::string nameIn(const std::string& key, const std::string& folder, const std::string& leaf) {
    const bool fits =
        key.starts_with(folder) && key.ends_with(leaf) && key.size() > folder.size() + leaf.size();
    return fits ? key.substr(folder.size(), key.size() - folder.size() - leaf.size())
                : std::string();
}

template <typename T, typename NameOf>
std::vector<std::size_t> sideOf(const std::vector<T>& all, Split split, const NameOf& nameOf) {
    std::vector<std::size_t> own, every;
    for (std::size_t i = 0; i < all.size(); ++i) {
        const std::string name = nameOf(all[i]);
        if (name.empty())
            continue;
        every.push_back(i);
        if (splitOf(name) == split)
            own.push_back(i);
    }
    return own.empty() ? every : own;
}

std::string source(const std::string& name) { return name.substr(0, name.find('/')); }

} // namespace

const char* nameOf(WearKind kind) {
    return kind == WearKind::Suit ? "suit" : kind == WearKind::Shoes ? "shoes" : "hair";
}

Status TrainingAssets::save(const std::filesystem::path& file) const {
    ArrayMap out;
    for (const auto& asset : wear) {
        if (std::int64_t(asset.garment.mesh.vertices.size()) > kMostVertices ||
            std::int64_t(asset.garment.mesh.uv.size()) > kMostVertices)
            return Error{ErrorCode::Usage, asset.name + " has too many vertices to be packed."};
        putWear(out, asset);
    }
    for (const auto& asset : patches)
        out["patch/" + asset.name] = blocks(asset.picture);
    for (const auto& asset : places)
        out["place/" + asset.name] = blocks(asset.picture);
    for (const auto& asset : motions) {
        std::vector<std::uint16_t> turns;
        std::vector<glm::vec3> translations;
        for (const auto& frame : asset.frames) {
            for (const auto& r : frame.rotations)
                for (int c = 0; c < 3; ++c)
                    turns.push_back(floatToHalf(r[c]));
            translations.push_back(frame.translation);
        }
        const std::string key = "motion/" + asset.name + "/";
        out[key + "rotations"] =
            packed(DType::F16, {std::int64_t(asset.frames.size()), kBodyJoints * 3}, turns);
        out[key + "translation"] = floats(translations);
    }
    return writeSafetensors(file, out, {{"format", "strata-training-assets-1"}});
}

Result<TrainingAssets> TrainingAssets::load(const std::filesystem::path& file,
                                            const std::filesystem::path& body) {
    TrainingAssets assets;
    STRATA_ASSIGN(assets.body, loadBody(body));
    STRATA_ASSIGN(const ArrayMap arrays, readSafetensors(file));
    Reader in(arrays, file.string());
    for (const auto& [key, array] : arrays) {
        for (const auto kind : {WearKind::Suit, WearKind::Shoes, WearKind::Hair}) {
            const std::string folder = std::string("wear/") + nameOf(kind) + "/";
            if (auto name = nameIn(key, folder, "/vertices"); !name.empty())
                assets.wear.push_back(takeWear(in, folder + name + "/", kind, name));
        }
        if (auto name = nameIn(key, "patch/", ""); !name.empty())
            assets.patches.push_back({name, in.picture(key)});
        if (auto name = nameIn(key, "place/", ""); !name.empty())
            assets.places.push_back({name, in.picture(key)});
        if (auto name = nameIn(key, "motion/", "/translation"); !name.empty())
            assets.motions.push_back(takeMotion(in, "motion/" + name + "/", name));
        if (in.failed())
            return in.error();
    }
    for (const auto kind : {WearKind::Suit, WearKind::Shoes, WearKind::Hair})
        if (assets.wearOf(kind, Split::Train).empty())
            return Error{ErrorCode::BadFormat, file.string() + " holds no " + nameOf(kind) + "."};
    if (assets.motions.empty())
        return Error{ErrorCode::BadFormat, file.string() + " holds no motions."};
    return assets;
}

std::vector<std::size_t> TrainingAssets::wearOf(WearKind kind, Split split) const {
    // Shoes and hair are few: they are shared, and a person is unseen by the suit.
    const auto of = [&](const WearAsset& a) {
        if (a.kind != kind)
            return std::string();
        return kind == WearKind::Suit ? a.name : std::string("shared");
    };
    return sideOf(wear, kind == WearKind::Suit ? split : splitOf("shared"), of);
}

std::vector<std::size_t> TrainingAssets::patchesOf(Split split) const {
    return sideOf(patches, split, [](const PictureAsset& a) { return source(a.name); });
}

std::vector<std::size_t> TrainingAssets::placesOf(Split split) const {
    return sideOf(places, split, [](const PictureAsset& a) { return source(a.name); });
}

std::vector<std::size_t> TrainingAssets::motionsOf(Split split) const {
    return sideOf(motions, split, [](const MotionAsset& a) { return a.name; });
}

} // namespace strata
