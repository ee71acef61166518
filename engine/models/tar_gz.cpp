// SPDX-License-Identifier: Apache-2.0
#include "engine/models/tar_gz.h"

#ifdef STRATA_HAS_ZLIB
#include <zlib.h>
#endif

#include <algorithm>
#include <array>
#include <cstring>
#include <fstream>
#include <memory>
#include <optional>
#include <set>
#include <vector>

namespace strata {

#ifdef STRATA_HAS_ZLIB
namespace {

constexpr std::size_t kBlock = 512;
constexpr std::uint64_t kMaxArchive = std::uint64_t(8)
                                      << 30; // unpacked; the largest package has under 1 GB
constexpr std::uint64_t kMaxName = 4096;

using Block = std::array<char, kBlock>;

class TarReader {
public:
    TarReader(const std::filesystem::path& archive, const JobContext& context)
        : m_name(archive.filename().string())
        , m_file(::gzopen(archive.c_str(), "rb"), ::gzclose)
        , m_context(context) {
        if (m_file)
            ::gzbuffer(m_file.get(), 1 << 18);
    }

    Status extract(const std::map<std::string, TarTarget>& wanted) {
        if (!m_file)
            return Error{ErrorCode::NotFound, "Cannot open " + m_name + "."};
        std::set<std::string> done;
        std::string longName;
        while (done.size() < wanted.size()) {
            if (m_context.stopRequested())
                return cancelled();
            Block header;
            if (!read(header.data(), kBlock))
                return broken("ended before all its files were found");
            if (std::all_of(header.begin(), header.end(), [](char c) { return c == 0; }))
                return missing(wanted, done);
            const auto size = octal(header.data() + 124, 12);
            if (!size || !checksumHolds(header))
                return broken("has a broken entry");
            const char kind = header[156];
            if (kind == 'L' || kind == 'x') {
                STRATA_ASSIGN(longName, readName(kind, *size));
                continue;
            }
            const std::string name = longName.empty() ? nameOf(header) : longName;
            longName.clear();
            const auto target = kind == '0' || kind == 0 ? wanted.find(name) : wanted.end();
            if (target == wanted.end()) {
                if (!skip(padded(*size)))
                    return broken("was cut short");
                continue;
            }
            STRATA_TRY(write(target->second, name, *size));
            done.insert(name);
        }
        return ok();
    }

private:
    Error broken(const std::string& what) const {
        return {ErrorCode::BadFormat, "The archive " + m_name + " " + what + "."};
    }
    Error missing(const std::map<std::string, TarTarget>& wanted,
                  const std::set<std::string>& done) const {
        for (const auto& [name, target] : wanted)
            if (!done.contains(name))
                return broken("has no file " + name);
        return broken("ended early");
    }

    static std::uint64_t padded(std::uint64_t size) {
        return (size + kBlock - 1) / kBlock * kBlock;
    }
    static std::optional<std::uint64_t> octal(const char* text, std::size_t length) {
        std::uint64_t value = 0;
        std::size_t digits = 0;
        for (std::size_t i = 0; i < length && text[i] != 0; ++i) {
            if (text[i] == ' ')
                continue;
            if (text[i] < '0' || text[i] > '7')
                return std::nullopt;
            value = value * 8 + std::uint64_t(text[i] - '0');
            ++digits;
        }
        return digits && value < kMaxArchive ? std::optional(value) : std::nullopt;
    }
    static bool checksumHolds(const Block& header) {
        std::uint64_t sum = 0;
        for (std::size_t i = 0; i < kBlock; ++i)
            sum +=
                i >= 148 && i < 156 ? std::uint64_t(' ') : std::uint64_t(std::uint8_t(header[i]));
        return octal(header.data() + 148, 8) == sum;
    }
    static std::string field(const char* text, std::size_t length) {
        return {text, std::find(text, text + length, '\0')};
    }
    static std::string nameOf(const Block& header) {
        const std::string prefix = std::memcmp(header.data() + 257, "ustar", 5) == 0
                                       ? field(header.data() + 345, 155)
                                       : "";
        const std::string name = field(header.data(), 100);
        return prefix.empty() ? name : prefix + "/" + name;
    }

    /// Names over 100 characters come ahead of their entry: GNU tar's as they are, POSIX's as "27
    /// path=…" lines.
    Result<std::string> readName(char kind, std::uint64_t size) {
        if (size > 16 * kMaxName)
            return broken("has a broken name");
        std::string content(padded(size), '\0');
        if (!read(content.data(), content.size()))
            return broken("was cut short");
        content.resize(size);
        if (kind == 'L')
            return content.substr(0, content.find('\0'));
        for (std::size_t at = 0; at < content.size();) {
            const auto end = std::min(content.find('\n', at), content.size());
            const std::string line = content.substr(at, end - at);
            const auto key = line.find(' ');
            if (key != std::string::npos && line.compare(key + 1, 5, "path=") == 0)
                return line.substr(key + 6);
            at = end + 1;
        }
        return std::string();
    }

    bool read(char* data, std::uint64_t count) {
        m_read += count;
        while (count > 0 && m_read < kMaxArchive) {
            const auto step = unsigned(std::min<std::uint64_t>(count, 1 << 20));
            const int got = ::gzread(m_file.get(), data, step);
            if (got <= 0)
                return false;
            data += got;
            count -= std::uint64_t(got);
        }
        return count == 0;
    }
    bool skip(std::uint64_t count) {
        std::vector<char> buffer(std::min<std::uint64_t>(count, 1 << 18));
        while (count > 0 && !m_context.stopRequested()) {
            const auto step = std::min<std::uint64_t>(count, buffer.size());
            if (!read(buffer.data(), step))
                return false;
            count -= step;
        }
        return true; // a request to stop is seen by the caller
    }

    Status write(const TarTarget& target, const std::string& name, std::uint64_t size) {
        if (size != target.bytes)
            return Error{ErrorCode::BadFormat, "The archive " + m_name + " holds " + name +
                                                   " with " + std::to_string(size) +
                                                   " bytes instead of " +
                                                   std::to_string(target.bytes) + "."};
        std::ofstream out(target.file, std::ios::binary | std::ios::trunc);
        std::vector<char> buffer(1 << 18);
        for (std::uint64_t left = size; left > 0;) {
            if (m_context.stopRequested())
                return cancelled();
            const auto step = std::min<std::uint64_t>(left, buffer.size());
            if (!read(buffer.data(), step))
                return broken("was cut short");
            out.write(buffer.data(), std::streamsize(step));
            left -= step;
        }
        out.close();
        if (!out)
            return Error{ErrorCode::Io, "Cannot write " + target.file.string() + "."};
        Block padding;
        return read(padding.data(), padded(size) - size) ? ok() : broken("was cut short");
    }

    std::string m_name;
    std::unique_ptr<gzFile_s, int (*)(gzFile)> m_file;
    const JobContext& m_context;
    std::uint64_t m_read = 0;
};

} // namespace

Status extractTarGz(const std::filesystem::path& archive,
                    const std::map<std::string, TarTarget>& wanted, const JobContext& context) {
    return TarReader(archive, context).extract(wanted);
}

#else

Status extractTarGz(const std::filesystem::path& archive, const std::map<std::string, TarTarget>&,
                    const JobContext&) {
    return Error{ErrorCode::Io, "Cannot unpack " + archive.string() + ": this build has no zlib."};
}

#endif

} // namespace strata
