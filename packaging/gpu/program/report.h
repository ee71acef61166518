// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstdio>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace strata::gpu {

/// Results as JSON, a line each, written at once so that a run that is stopped loses none. Cases
/// that the file has already need not be run again.
class Report {
public:
    explicit Report(const std::string& path)
        : m_path(path) {
        std::ifstream before(path);
        for (std::string line; std::getline(before, line);)
            if (line.starts_with(kBegin) && line.ends_with("}"))
                m_known.insert(
                    line.substr(kBegin.size(), line.find('"', kBegin.size()) - kBegin.size()));
    }

    bool has(const std::string& name) const { return m_known.contains(name); }

    /// Numbers and texts of a case. Also printed.
    class Line {
    public:
        explicit Line(const std::string& name) { m_text << kBegin << name << '"'; }
        Line& add(const std::string& key, double value) {
            m_text << ", \"" << key << "\": ";
            std::isfinite(value) ? void(m_text << value) : void(m_text << "null");
            return *this;
        }
        Line& add(const std::string& key, const std::string& value) {
            m_text << ", \"" << key << "\": \"";
            for (const char c : value)
                m_text << (c == '"' || c == '\\' || static_cast<unsigned char>(c) < ' ' ? '\'' : c);
            m_text << '"';
            return *this;
        }
        std::string text() const { return m_text.str() + "}"; }

    private:
        std::ostringstream m_text;
    };

    void write(const Line& line) {
        std::puts(line.text().c_str());
        std::fflush(stdout);
        if (!m_path.empty())
            std::ofstream(m_path, std::ios::app) << line.text() << std::endl;
    }

private:
    static inline const std::string kBegin = "{\"case\": \"";
    std::string m_path;
    std::set<std::string> m_known;
};

/// --name value pairs after the subcommand.
class Arguments {
public:
    Arguments(int count, char** words) {
        for (int i = 2; i + 1 < count; i += 2)
            m_given.emplace_back(words[i], words[i + 1]);
    }
    /// What was given last counts.
    std::string text(const std::string& name, const std::string& usual) const {
        std::string found = usual;
        for (const auto& [given, value] : m_given)
            if (given == "--" + name)
                found = value;
        return found;
    }
    int number(const std::string& name, int usual) const {
        const auto value = text(name, "");
        return value.empty() ? usual : std::atoi(value.c_str());
    }
    /// All that were given of a name that may come several times.
    std::vector<std::string> all(const std::string& name) const {
        std::vector<std::string> found;
        for (const auto& [given, value] : m_given)
            if (given == "--" + name)
                found.push_back(value);
        return found;
    }
    std::vector<std::string> list(const std::string& name, const std::string& usual) const {
        std::vector<std::string> parts;
        std::istringstream words(text(name, usual));
        for (std::string part; std::getline(words, part, ',');)
            parts.push_back(part);
        return parts;
    }

private:
    std::vector<std::pair<std::string, std::string>> m_given;
};

// The subcommands; they return the exit code.
int checkKernels(const Arguments& arguments);
int checkGolden(const Arguments& arguments);
int measure(const Arguments& arguments);
int train(const Arguments& arguments);      // where STRATA_HAS_TRAINING
int scoreCoder(const Arguments& arguments); // the same

} // namespace strata::gpu
