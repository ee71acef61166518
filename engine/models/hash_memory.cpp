// SPDX-License-Identifier: Apache-2.0
#include "engine/models/hash_memory.h"

#include "engine/core/atomic_file.h"
#include "engine/core/sha256.h"

#include <nlohmann/json.hpp>

namespace strata {

Result<std::string> HashMemory::sha256(const std::filesystem::path& file) const {
    using Json = nlohmann::json;
    std::error_code error;
    const std::uint64_t size = std::filesystem::file_size(file, error);
    const auto time = std::filesystem::last_write_time(file, error);
    if (error)
        return Error{ErrorCode::NotFound, "Cannot open " + file.string() + "."};
    const std::string key = file.lexically_relative(m_file.parent_path()).generic_string();
    const Json stamp = {{"bytes", size}, {"time", time.time_since_epoch().count()}};

    Json known = Json::object();
    if (const auto content = readFile(m_file, 1 << 20)) {
        known = Json::parse(*content, nullptr, false);
        if (!known.is_object())
            known = Json::object();
    }
    if (const auto found = known.find(key); found != known.end() && found->is_object() &&
                                            found->value("stamp", Json()) == stamp &&
                                            found->value("sha256", Json()).is_string())
        return (*found)["sha256"].get<std::string>();

    STRATA_ASSIGN(const std::string hash, sha256File(file));
    known[key] = {{"stamp", stamp}, {"sha256", hash}};
    (void)writeFileAtomically(m_file, known.dump(2, ' ', false, Json::error_handler_t::replace));
    return hash;
}

} // namespace strata
