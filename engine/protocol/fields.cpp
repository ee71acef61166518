// SPDX-License-Identifier: Apache-2.0
#include "engine/protocol/fields.h"

#include <cmath>
#include <limits>

namespace strata::protocol {

Json FieldWriter::toJson(double value) { return std::isfinite(value) ? value : 0.0; }

const Json* FieldReader::find(const char* name, bool needed) {
    if (!m_problem.empty())
        return nullptr;
    const auto found = m_object.find(name);
    if (found != m_object.end())
        return &*found;
    if (needed)
        refuse(name, "is missing");
    return nullptr;
}

void FieldReader::refuse(const char* name, const char* why) {
    if (m_problem.empty())
        m_problem = std::string("'") + name + "' " + why + ".";
}

void FieldReader::read(const char* name, const Json& json, bool& value) {
    if (!json.is_boolean())
        return refuse(name, "is neither true nor false");
    value = json.get<bool>();
}

void FieldReader::read(const char* name, const Json& json, int& value) {
    std::int64_t wide = 0;
    read(name, json, wide);
    if (wide < std::numeric_limits<int>::min() || wide > std::numeric_limits<int>::max())
        return refuse(name, "is too large");
    value = int(wide);
}

void FieldReader::read(const char* name, const Json& json, std::int64_t& value) {
    if (!json.is_number_integer())
        return refuse(name, "is not a whole number");
    if (json.is_number_unsigned() &&
        json.get<std::uint64_t>() > std::uint64_t(std::numeric_limits<std::int64_t>::max()))
        return refuse(name, "is too large");
    value = json.get<std::int64_t>();
}

void FieldReader::read(const char* name, const Json& json, std::uint64_t& value) {
    if (!json.is_number_unsigned())
        return refuse(name, "is not a whole number from 0 up");
    value = json.get<std::uint64_t>();
}

void FieldReader::read(const char* name, const Json& json, double& value) {
    if (!json.is_number())
        return refuse(name, "is not a number");
    value = json.get<double>();
    if (!std::isfinite(value))
        refuse(name, "is too large");
}

void FieldReader::read(const char* name, const Json& json, std::string& value) {
    if (!json.is_string())
        return refuse(name, "is not a text");
    value = json.get<std::string>();
    if (value.find('\0') != std::string::npos) // would cut a path short
        refuse(name, "has a zero byte in it");
}

} // namespace strata::protocol
