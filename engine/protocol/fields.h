// SPDX-License-Identifier: Apache-2.0
// Internal to engine/protocol: fields of messages to and from JSON. A struct is described once, by
//     template <typename Fields> void describe(Fields& fields, Struct& value)
// which names each of its fields to a FieldWriter or a FieldReader.
#pragma once

#include <nlohmann/json.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace strata::protocol {

using Json = nlohmann::json;

/// The names of an enumeration's values in their order; the first value is `first`.
template <typename E>
struct EnumNames {
    E first;
    std::span<const char* const> names;

    const char* of(E value) const { return names[std::size_t(value) - std::size_t(first)]; }
};

/// Puts fields into an object.
class FieldWriter {
public:
    template <typename T>
    void need(const char* name, T& value) {
        m_object[name] = toJson(value);
    }
    /// Left out while it has its default.
    template <typename T>
    void maybe(const char* name, T& value, const T& fallback = T{}) {
        if (!(value == fallback))
            m_object[name] = toJson(value);
    }
    template <typename E>
    void choice(const char* name, E& value, const EnumNames<E>& names) {
        m_object[name] = names.of(value);
    }

    Json take() { return std::move(m_object); }

private:
    static Json toJson(bool value) { return value; }
    static Json toJson(int value) { return value; }
    static Json toJson(std::int64_t value) { return value; }
    static Json toJson(std::uint64_t value) { return value; }
    static Json toJson(double value); // 0 for what is not finite
    static Json toJson(std::string& value) { return value; }
    template <typename T>
    static Json toJson(std::optional<T>& value) {
        return toJson(*value); // an empty one is its default
    }
    template <typename T>
    static Json toJson(std::vector<T>& values) {
        Json list = Json::array();
        for (T& value : values)
            list.push_back(toJson(value));
        return list;
    }
    template <typename T>
    static Json toJson(T& value) {
        FieldWriter inner;
        describe(inner, value);
        return inner.take();
    }

    Json m_object = Json::object();
};

/// Takes fields out of an object. The first thing that is wrong is kept as a sentence, and nothing
/// is read after it.
class FieldReader {
public:
    explicit FieldReader(const Json& object)
        : m_object(object) {}

    template <typename T>
    void need(const char* name, T& value) {
        if (const Json* json = find(name, true))
            read(name, *json, value);
    }
    /// Keeps its value when the field is not there.
    template <typename T>
    void maybe(const char* name, T& value, const T& = T{}) {
        if (const Json* json = find(name, false))
            read(name, *json, value);
    }
    template <typename E>
    void choice(const char* name, E& value, const EnumNames<E>& names) {
        std::string text;
        need(name, text);
        for (std::size_t i = 0; i < names.names.size(); ++i)
            if (text == names.names[i]) {
                value = E(std::size_t(names.first) + i);
                return;
            }
        refuse(name, "has a value that is not known");
    }

    const std::string& problem() const { return m_problem; }

private:
    const Json* find(const char* name, bool needed);
    /// "'frames' is not a number."
    void refuse(const char* name, const char* why);

    void read(const char* name, const Json& json, bool& value);
    void read(const char* name, const Json& json, int& value);
    void read(const char* name, const Json& json, std::int64_t& value);
    void read(const char* name, const Json& json, std::uint64_t& value);
    void read(const char* name, const Json& json, double& value);
    void read(const char* name, const Json& json, std::string& value);
    template <typename T>
    void read(const char* name, const Json& json, std::optional<T>& value) {
        read(name, json, value.emplace());
    }
    template <typename T>
    void read(const char* name, const Json& json, std::vector<T>& values) {
        if (!json.is_array())
            return refuse(name, "is not a list");
        values.clear();
        for (const Json& item : json)
            read(name, item, values.emplace_back());
    }
    template <typename T>
    void read(const char* name, const Json& json, T& value) {
        if (!json.is_object())
            return refuse(name, "is not an object");
        FieldReader inner(json);
        describe(inner, value);
        if (m_problem.empty())
            m_problem = inner.problem();
    }

    const Json& m_object;
    std::string m_problem;
};

} // namespace strata::protocol
