// SPDX-License-Identifier: Apache-2.0
// Internal to engine/project/io.
#pragma once

#include "engine/core/time.h"
#include "engine/project/io/names.h"
#include "engine/project/label_color.h"

#include <nlohmann/json.hpp>

#include <optional>
#include <string>

namespace strata {

/// The number, if it is a whole one within [low, high].
std::optional<std::int64_t> wholeNumber(const nlohmann::json& json, std::int64_t low,
                                        std::int64_t high);

/// The first field that was missing or not what it should be; empty while there is none.
struct Damage {
    std::string field;
};

/// Takes typed values out of one JSON object. What does not fit is told to `damage` and read as
/// the type's nothing, so that a reader need not look at every step, only at the end.
class JsonFields {
public:
    JsonFields(const nlohmann::json& object, std::string where, Damage& damage);

    std::int64_t integer(const char* key, std::int64_t low, std::int64_t high) const;
    std::uint64_t natural(const char* key) const;
    double real(const char* key, double low, double high) const;
    bool flag(const char* key) const;
    std::string text(const char* key) const;
    /// Empty when the field is not there.
    std::string optionalText(const char* key) const;
    FrameRange range(const char* key) const; // within 0..kMostFrames
    LabelColor color(const char* key) const;
    const nlohmann::json& list(const char* key, std::size_t most) const;
    /// A list of exactly `count` integers.
    std::vector<std::int64_t> integers(const char* key, std::size_t count, std::int64_t low,
                                       std::int64_t high) const;

    template <typename Id>
    Id id(const char* key) const {
        return Id{integer(key, 1, kMostIdInFile)};
    }
    template <typename Id>
    std::optional<Id> optionalId(const char* key) const {
        return find(key).is_null() ? std::nullopt : std::optional(id<Id>(key));
    }
    template <typename Enum, std::size_t N>
    Enum named(const char* key, const std::array<EnumName<Enum>, N>& names) const {
        const std::string wanted = text(key);
        for (const auto& entry : names)
            if (entry.name == wanted)
                return entry.value;
        spoil(key);
        return names[0].value;
    }

    void spoil(const char* key) const;

private:
    static constexpr std::int64_t kMostIdInFile = std::int64_t(1) << 53;
    /// The field; a discarded value when it is not there.
    const nlohmann::json& find(const char* key) const;

    const nlohmann::json& m_object;
    std::string m_where; // "markers[3]."
    Damage& m_damage;
};

} // namespace strata
