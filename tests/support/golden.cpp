// SPDX-License-Identifier: Apache-2.0
#include "tests/support/golden.h"

#include "engine/formats/json_cursor.h"
#include "engine/formats/npz.h"
#include "tests/support/weight_recipe.h"

#include <cstdlib>
#include <fstream>
#include <iterator>

namespace strata::test {
namespace {

/// STRATA_GOLDEN names a copy for machines that cannot read deflated files.
std::filesystem::path ownFolder() {
    const char* copy = std::getenv("STRATA_GOLDEN");
    return copy ? std::filesystem::path(copy)
                : std::filesystem::path(STRATA_SOURCE_DIR) / "tests/golden";
}

const std::filesystem::path kOwn = ownFolder();
const std::filesystem::path kFull =
    std::filesystem::path(STRATA_SOURCE_DIR) / "../shared/golden/tiny";

Result<std::string> textOf(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file)
        return Error{ErrorCode::NotFound, path.string() + " is not there."};
    return std::string(std::istreambuf_iterator<char>(file), {});
}

} // namespace

std::optional<std::filesystem::path> goldenFile(const std::string& name) {
    for (const auto& folder : {kOwn, kFull})
        if (std::filesystem::exists(folder / name))
            return folder / name;
    return std::nullopt;
}

ArrayMap golden(const std::string& name) {
    const auto path = goldenFile(name);
    if (!path)
        return {};
    auto arrays = readNpz(*path);
    return arrays ? std::move(*arrays) : ArrayMap{};
}

Result<ArrayMap> goldenWeights(const std::string& network) {
    STRATA_ASSIGN(const std::string text, textOf(kOwn / "weights" / (network + ".txt")));
    STRATA_ASSIGN(const WeightRecipe recipe, WeightRecipe::parse(text));
    return recipe.make();
}

Result<std::map<std::string, std::vector<std::int64_t>>>
goldenManifest(const std::string& network) {
    STRATA_ASSIGN(const std::string text, textOf(kOwn / "manifests" / (network + ".json")));
    std::map<std::string, std::vector<std::int64_t>> shapes;
    JsonCursor json(text);
    json.expect('{');
    while (!json.failed() && !json.accept('}')) {
        auto& shape = shapes[json.string()];
        json.expect(':');
        json.expect('[');
        json.expect('[');
        while (!json.failed() && !json.accept(']')) {
            shape.push_back(std::int64_t(json.number()));
            json.accept(',');
        }
        json.expect(',');
        json.skipValue();
        json.expect(']');
        json.accept(',');
    }
    if (json.failed())
        return Error{ErrorCode::BadFormat, "The manifest of " + network + " is damaged."};
    return shapes;
}

ArrayMap goldenPart(const ArrayMap& arrays, const std::string& prefix) {
    ArrayMap part;
    for (const auto& [name, array] : arrays)
        if (name.starts_with(prefix))
            part[name.substr(prefix.size())] = array;
    return part;
}

} // namespace strata::test
