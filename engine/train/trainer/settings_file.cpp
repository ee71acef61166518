// SPDX-License-Identifier: Apache-2.0
#include "engine/train/trainer/settings_file.h"

#include "engine/formats/json_cursor.h"

#include <charconv>

namespace strata {
namespace {

constexpr int kDeepest = 8;
constexpr std::size_t kMostSettings = 1000;

/// Reads objects whose values are numbers, truth values, texts, lists of numbers, or objects.
class Reader {
public:
    explicit Reader(std::string_view text)
        : m_rest(text) {}

    bool object(const std::string& prefix, int depth) {
        if (depth > kDeepest || !accept('{'))
            return false;
        if (accept('}'))
            return true;
        do {
            std::string name;
            if (!text(name) || !accept(':'))
                return false;
            const std::string full = prefix.empty() ? name : prefix + "." + name;
            m_at = full;
            if (!value(full, depth) || m_settings.size() > kMostSettings)
                return false;
        } while (accept(','));
        return accept('}');
    }

    bool atEnd() {
        blanks();
        return m_rest.empty();
    }
    const std::string& at() const { return m_at; }
    Settings take() { return std::move(m_settings); }

private:
    void blanks() {
        const auto first = m_rest.find_first_not_of(" \t\r\n");
        m_rest.remove_prefix(first == std::string_view::npos ? m_rest.size() : first);
    }
    bool accept(char wanted) {
        blanks();
        if (m_rest.empty() || m_rest.front() != wanted)
            return false;
        m_rest.remove_prefix(1);
        return true;
    }
    bool word(std::string_view wanted) {
        blanks();
        if (!m_rest.starts_with(wanted))
            return false;
        m_rest.remove_prefix(wanted.size());
        return true;
    }
    bool text(std::string& out) {
        blanks();
        // Up to the quote that ends it; what is inside is left to the cursor.
        std::size_t end = 1;
        while (end < m_rest.size() && m_rest[end] != '"')
            end += m_rest[end] == '\\' ? 2 : 1;
        if (end >= m_rest.size())
            return false;
        JsonCursor cursor(m_rest.substr(0, end + 1));
        out = cursor.string();
        m_rest.remove_prefix(end + 1);
        return !cursor.failed();
    }
    bool number(double& out) {
        blanks();
        const auto [end, failed] =
            std::from_chars(m_rest.data(), m_rest.data() + m_rest.size(), out);
        if (failed != std::errc{})
            return false;
        m_rest.remove_prefix(std::size_t(end - m_rest.data()));
        return true;
    }
    bool list(std::vector<double>& out) {
        if (accept(']'))
            return true;
        do {
            if (!number(out.emplace_back()) || out.size() > kMostSettings)
                return false;
        } while (accept(','));
        return accept(']');
    }
    bool value(const std::string& name, int depth) {
        blanks();
        if (m_rest.starts_with('{'))
            return object(name, depth + 1);
        SettingValue& out = m_settings[name];
        if (m_rest.starts_with('"'))
            return text(out.emplace<std::string>());
        if (accept('['))
            return list(out.emplace<std::vector<double>>());
        if (word("true")) {
            out = true;
            return true;
        }
        if (word("false")) {
            out = false;
            return true;
        }
        return number(out.emplace<double>());
    }

    std::string_view m_rest;
    std::string m_at = "the beginning";
    Settings m_settings;
};

std::string numberText(double value) { // the shortest that reads back as the same
    char text[64];
    const auto end = std::to_chars(text, text + sizeof text, value).ptr;
    return {text, end};
}

std::string valueText(const SettingValue& value) {
    if (const auto* truth = std::get_if<bool>(&value))
        return *truth ? "true" : "false";
    if (const auto* number = std::get_if<double>(&value))
        return numberText(*number);
    if (const auto* text = std::get_if<std::string>(&value))
        return jsonQuoted(*text);
    std::string out;
    for (const double item : std::get<std::vector<double>>(value))
        out += (out.empty() ? "" : ", ") + numberText(item);
    return "[" + out + "]";
}

using Place = Settings::const_iterator;

/// Those of [place, end) whose names begin with `prefix` as one object; place moves behind them.
/// Names of one object are neighbours because the point sorts before letters and digits.
std::string objectText(Place& place, Place end, const std::string& prefix, int depth) {
    const std::string indent(std::size_t(2 * depth + 2), ' ');
    std::string out;
    while (place != end && place->first.starts_with(prefix)) {
        const auto point = place->first.find('.', prefix.size());
        const auto name = place->first.substr(
            prefix.size(), point == std::string::npos ? point : point - prefix.size());
        out += (out.empty() ? "\n" : ",\n") + indent + jsonQuoted(name) + ": ";
        if (point == std::string::npos)
            out += valueText((place++)->second);
        else
            out += objectText(place, end, prefix + name + ".", depth + 1);
    }
    return "{" + out + "\n" + indent.substr(2) + "}";
}

} // namespace

Result<Settings> parseSettings(std::string_view json, const std::string& source) {
    Reader reader(json);
    if (!reader.object("", 0) || !reader.atEnd())
        return Error{ErrorCode::BadFormat,
                     source + " is no settings file: reading stopped at " + reader.at() + "."};
    return reader.take();
}

std::string settingsText(const Settings& settings) {
    auto place = settings.begin();
    return objectText(place, settings.end(), "", 0) + "\n";
}

} // namespace strata
