// SPDX-License-Identifier: Apache-2.0
#include "engine/models/model_manifest.h"

#include "engine/core/atomic_file.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <optional>
#include <tuple>

namespace strata {
namespace {

using Json = nlohmann::json;

bool isPlain(const std::string& text, std::string_view more) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               more.find(c) != std::string_view::npos;
    });
}

bool staysInside(const std::string& path) {
    const std::filesystem::path parts(path);
    return !path.empty() && parts.is_relative() &&
           std::none_of(parts.begin(), parts.end(),
                        [](const auto& part) { return part == ".." || part == "."; });
}

/// "name@1.2.3" or "@scope/name@1.2.3": nothing npm could take for an option, a path or an address.
bool isExactPackage(const std::string& package) {
    const auto at = package.rfind('@');
    return at != std::string::npos && at > 0 && isPlain(package.substr(0, at), "@/-_.") &&
           package.front() != '-' && package.front() != '.' && package.front() != '/' &&
           package.find("..") == std::string::npos && isPlain(package.substr(at + 1), ".-+") &&
           package[at + 1] >= '0' && package[at + 1] <= '9' &&
           std::count(package.begin(), package.end(), '/') == (package.front() == '@' ? 1 : 0);
}

std::string text(const Json& object, const char* key) {
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::optional<ModelFile> readFileEntry(const Json& json) {
    ModelFile file;
    file.name = text(json, "name");
    file.sha256 = text(json, "sha256");
    file.package = text(json, "package");
    file.member = text(json, "member");
    if (const auto bytes = json.find("bytes"); bytes != json.end()) {
        if (!bytes->is_number_unsigned())
            return std::nullopt;
        file.bytes = bytes->get<std::uint64_t>();
    }
    const Json keys = json.value("keys", Json::object());
    for (const auto& [key, shape] : keys.items()) {
        if (!shape.is_array())
            return std::nullopt;
        for (const Json& extent : shape) {
            if (!extent.is_number_integer())
                return std::nullopt;
            file.keys[key].push_back(extent.get<std::int64_t>());
        }
    }
    const Json absent = json.value("absent", Json::array());
    for (const Json& key : absent)
        if (key.is_string())
            file.absent.push_back(key.get<std::string>());
    const bool hash = file.sha256.empty() ||
                      (file.sha256.size() == 64 &&
                       file.sha256.find_first_not_of("0123456789abcdef") == std::string::npos);
    const bool source =
        file.package.empty() || (isExactPackage(file.package) && staysInside(file.member) &&
                                 !file.sha256.empty() && file.bytes > 0);
    return hash && source && staysInside(file.name) ? std::optional(file) : std::nullopt;
}

} // namespace

std::uint64_t ModelManifest::bytes() const {
    std::uint64_t total = 0;
    for (const ModelFile& file : files) {
        if (file.bytes == 0)
            return 0;
        total += file.bytes;
    }
    return total;
}

Result<ModelManifest> parseManifest(std::string_view content, const std::string& name) {
    const Json json = Json::parse(content, nullptr, false);
    const Error broken{ErrorCode::BadFormat, "The model manifest " + name + " is not valid."};
    if (!json.is_object() || !json.contains("files") || !json["files"].is_array())
        return broken;
    ModelManifest manifest;
    manifest.id = text(json, "id");
    manifest.group = text(json, "group");
    manifest.title = text(json, "title");
    manifest.purpose = text(json, "purpose");
    manifest.license = text(json, "license");
    manifest.home = text(json, "home");
    const auto bundled = json.find("bundled");
    manifest.bundled = bundled != json.end() && bundled->is_boolean() && bundled->get<bool>();
    for (const Json& entry : json["files"]) {
        const auto file = entry.is_object() ? readFileEntry(entry) : std::nullopt;
        if (!file)
            return broken;
        if (manifest.bundled && (file->sha256.empty() || file->bytes == 0))
            return broken;
        manifest.files.push_back(*file);
    }
    if (!isPlain(manifest.id, "_-") || !isPlain(manifest.group, "_-") || manifest.title.empty() ||
        manifest.license.empty() || manifest.home.empty() || manifest.files.empty())
        return broken;
    return manifest;
}

Result<std::vector<ModelManifest>> readManifests(const std::filesystem::path& folder) {
    std::error_code error;
    std::vector<ModelManifest> manifests;
    for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
        if (entry.path().extension() != ".json")
            continue;
        STRATA_ASSIGN(const std::string content, readFile(entry.path(), 1 << 20));
        STRATA_ASSIGN(ModelManifest manifest, parseManifest(content, entry.path().string()));
        if (manifest.id != entry.path().stem())
            return Error{ErrorCode::BadFormat, "The model manifest " + entry.path().string() +
                                                   " must be named after its id, " + manifest.id +
                                                   "."};
        manifests.push_back(std::move(manifest));
    }
    if (error || manifests.empty())
        return Error{ErrorCode::NotFound,
                     "There are no model manifests in " + folder.string() + "."};
    std::sort(manifests.begin(), manifests.end(), [](const auto& a, const auto& b) {
        return std::tie(a.group, a.id) < std::tie(b.group, b.id);
    });
    return manifests;
}

} // namespace strata
