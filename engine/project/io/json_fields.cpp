// SPDX-License-Identifier: Apache-2.0
#include "engine/project/io/json_fields.h"

#include "engine/project/check.h"

namespace strata {
namespace {

using Json = nlohmann::json;

const Json kNoList = Json::array();
const Json kAbsent = Json(Json::value_t::discarded);

} // namespace

std::optional<std::int64_t> wholeNumber(const Json& json, std::int64_t low, std::int64_t high) {
    // What no signed number can hold is kept as an unsigned one.
    if (!json.is_number_integer() ||
        (json.is_number_unsigned() && json.get<std::uint64_t>() > std::uint64_t(INT64_MAX)))
        return std::nullopt;
    const auto value = json.get<std::int64_t>();
    return value >= low && value <= high ? std::optional(value) : std::nullopt;
}

JsonFields::JsonFields(const Json& object, std::string where, Damage& damage)
    : m_object(object)
    , m_where(std::move(where))
    , m_damage(damage) {}

void JsonFields::spoil(const char* key) const {
    if (m_damage.field.empty())
        m_damage.field = m_where + key;
}

const Json& JsonFields::find(const char* key) const {
    const auto found = m_object.is_object() ? m_object.find(key) : m_object.end();
    return m_object.is_object() && found != m_object.end() ? *found : kAbsent;
}

std::int64_t JsonFields::integer(const char* key, std::int64_t low, std::int64_t high) const {
    const auto value = wholeNumber(find(key), low, high);
    if (!value)
        spoil(key);
    return value.value_or(low);
}

std::uint64_t JsonFields::natural(const char* key) const {
    const Json& json = find(key);
    if (!json.is_number_unsigned()) {
        spoil(key);
        return 0;
    }
    return json.get<std::uint64_t>();
}

double JsonFields::real(const char* key, double low, double high) const {
    const Json& json = find(key);
    const double value = json.is_number() ? json.get<double>() : low;
    if (!json.is_number() || !(value >= low && value <= high)) {
        spoil(key);
        return low;
    }
    return value;
}

bool JsonFields::flag(const char* key) const {
    const Json& json = find(key);
    if (!json.is_boolean())
        spoil(key);
    return json.is_boolean() && json.get<bool>();
}

std::string JsonFields::text(const char* key) const {
    if (!find(key).is_string())
        spoil(key);
    return optionalText(key);
}

std::string JsonFields::optionalText(const char* key) const {
    const Json& json = find(key);
    if (json.is_discarded())
        return {};
    if (!json.is_string() || json.get_ref<const std::string&>().size() > kMostTextBytes) {
        spoil(key);
        return {};
    }
    return json.get<std::string>();
}

const Json& JsonFields::list(const char* key, std::size_t most) const {
    const Json& json = find(key);
    if (json.is_array() && json.size() <= most)
        return json;
    spoil(key);
    return kNoList;
}

std::vector<std::int64_t> JsonFields::integers(const char* key, std::size_t count, std::int64_t low,
                                               std::int64_t high) const {
    const Json& json = list(key, count);
    std::vector<std::int64_t> values;
    for (const Json& item : json)
        if (const auto value = wholeNumber(item, low, high))
            values.push_back(*value);
    if (values.size() != count) {
        spoil(key);
        values.assign(count, low);
    }
    return values;
}

FrameRange JsonFields::range(const char* key) const {
    const auto ends = integers(key, 2, 0, kMostFrames);
    return {ends[0], ends[1]};
}

LabelColor JsonFields::color(const char* key) const {
    const std::string name = text(key);
    const bool hex = name.size() == 7 && name[0] == '#' &&
                     name.find_first_not_of("0123456789abcdef", 1) == std::string::npos;
    if (!hex) {
        spoil(key);
        return {};
    }
    const unsigned long value = std::stoul(name.substr(1), nullptr, 16);
    return {std::uint8_t(value >> 16), std::uint8_t(value >> 8 & 255), std::uint8_t(value & 255)};
}

} // namespace strata
