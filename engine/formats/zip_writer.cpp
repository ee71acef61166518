// SPDX-License-Identifier: Apache-2.0
#include "engine/formats/zip_writer.h"

#include "engine/formats/deflate.h"

#include <algorithm>
#include <vector>

namespace strata {
namespace {

constexpr std::uint32_t kMax32 = 0xffffffff;
constexpr std::uint32_t kDate = 0x00210000; // 1 January 1980, the earliest there is

template <typename T>
void put(std::string& out, T value) {
    for (std::size_t i = 0; i < sizeof(T); ++i)
        out += char(std::uint64_t(value) >> 8 * i & 0xff);
}

std::uint32_t clamp32(std::uint64_t value) {
    return std::uint32_t(std::min<std::uint64_t>(value, kMax32));
}

struct Member {
    std::uint16_t method = 0;
    std::uint32_t crc = 0;
    std::uint64_t packed = 0;
    std::uint64_t size = 0;

    /// The fields that local and central header share, from "version needed" to "uncompressed
    /// size".
    void putCommon(std::string& out, bool large) const {
        put(out, std::uint16_t(large ? 45 : 20));
        put(out, std::uint16_t(0x0800)); // names are UTF-8
        put(out, method);
        put(out, kDate);
        put(out, crc);
        put(out, large ? kMax32 : std::uint32_t(packed));
        put(out, large ? kMax32 : std::uint32_t(size));
    }
};

} // namespace

ZipWriter::ZipWriter(const std::filesystem::path& path)
    : m_path(path)
    , m_file(path, std::ios::binary | std::ios::trunc) {}

void ZipWriter::write(std::span<const std::byte> bytes) {
    m_file.write(reinterpret_cast<const char*>(bytes.data()), std::streamsize(bytes.size()));
    m_at += bytes.size();
}

void ZipWriter::add(const std::string& name, std::span<const std::byte> content, bool pack) {
    const std::vector<std::byte> packed = pack ? deflate(content) : std::vector<std::byte>();
    const bool smaller = !packed.empty() && packed.size() < content.size();
    const auto data = smaller ? std::span<const std::byte>(packed) : content;
    const Member member{std::uint16_t(smaller ? 8 : 0), crc32(content), data.size(),
                        content.size()};
    const bool large = member.size >= kMax32 || member.packed >= kMax32;
    const bool far = m_at >= kMax32;

    std::string local;
    put(local, std::uint32_t(0x04034b50));
    member.putCommon(local, large);
    put(local, std::uint16_t(name.size()));
    put(local, std::uint16_t(large ? 20 : 0));
    local += name;
    std::string extra;
    if (large) {
        put(extra, member.size);
        put(extra, member.packed);
        put(local, std::uint16_t(1));
        put(local, std::uint16_t(16));
        local += extra;
    }
    if (far)
        put(extra, m_at);

    put(m_directory, std::uint32_t(0x02014b50));
    put(m_directory, std::uint16_t(45));
    member.putCommon(m_directory, large);
    put(m_directory, std::uint16_t(name.size()));
    put(m_directory, std::uint16_t(extra.empty() ? 0 : extra.size() + 4));
    put(m_directory, std::uint16_t(0)); // comment
    put(m_directory, std::uint32_t(0)); // disk, internal attributes
    put(m_directory, std::uint32_t(0)); // external attributes
    put(m_directory, clamp32(m_at));
    m_directory += name;
    if (!extra.empty()) {
        put(m_directory, std::uint16_t(1));
        put(m_directory, std::uint16_t(extra.size()));
        m_directory += extra;
    }
    ++m_count;
    write(std::as_bytes(std::span(local)));
    write(data);
}

Status ZipWriter::finish() {
    const std::uint64_t start = m_at;
    const std::uint64_t size = m_directory.size();
    std::string end = std::move(m_directory);
    if (start >= kMax32 || size >= kMax32 || m_count >= 0xffff) {
        put(end, std::uint32_t(0x06064b50));
        put(end, std::uint64_t(44));
        put(end, std::uint32_t(45 << 16 | 45));
        put(end, std::uint64_t(0)); // disks
        put(end, m_count);
        put(end, m_count);
        put(end, size);
        put(end, start);
        put(end, std::uint32_t(0x07064b50));
        put(end, std::uint32_t(0));
        put(end, start + size);
        put(end, std::uint32_t(1));
    }
    const auto count = std::uint16_t(std::min<std::uint64_t>(m_count, 0xffff));
    put(end, std::uint32_t(0x06054b50));
    put(end, std::uint32_t(0)); // disks
    put(end, count);
    put(end, count);
    put(end, clamp32(size));
    put(end, clamp32(start));
    put(end, std::uint16_t(0));
    write(std::as_bytes(std::span(end)));
    m_file.close();
    if (!m_file)
        return Error{ErrorCode::Io, "Cannot write " + m_path.string() + "."};
    return ok();
}

} // namespace strata
