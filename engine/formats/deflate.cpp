// SPDX-License-Identifier: Apache-2.0
#include "engine/formats/deflate.h"

#include <algorithm>
#include <array>
#include <limits>

#ifdef STRATA_HAS_ZLIB
#include <zlib.h>
#endif

namespace strata {

#ifdef STRATA_HAS_ZLIB
namespace {

constexpr std::size_t kStep = std::size_t(1) << 30; // zlib counts in 32 bits

/// Runs an initialised stream over all of `in`, letting `out` grow up to `limit`. True when it
/// ended.
bool inflateAll(z_stream& stream, std::span<const std::byte> in, std::vector<std::byte>& out,
                std::uint64_t limit) {
    std::size_t used = 0, written = 0;
    while (true) {
        if (written == out.size()) {
            if (written == limit)
                return false; // more comes than was declared
            out.resize(std::min<std::uint64_t>(limit, std::max<std::size_t>(65536, 2 * written)));
        }
        const std::size_t inStep = std::min(in.size() - used, kStep);
        const std::size_t outStep = std::min(out.size() - written, kStep);
        stream.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(in.data() + used));
        stream.avail_in = uInt(inStep);
        stream.next_out = reinterpret_cast<Bytef*>(out.data() + written);
        stream.avail_out = uInt(outStep);
        const int status = ::inflate(&stream, Z_NO_FLUSH);
        used += inStep - stream.avail_in;
        written += outStep - stream.avail_out;
        if (status == Z_STREAM_END) {
            out.resize(written);
            return true;
        }
        if (status != Z_OK)
            return false;
    }
}

} // namespace

bool canDeflate() { return true; }

Result<std::vector<std::byte>> inflate(std::span<const std::byte> packed, std::uint64_t size,
                                       const std::string& name) {
    // Deflate cannot shrink to less than 1/1032, so a larger claim is a lie.
    if (size > 1040 * std::uint64_t(packed.size()) + 64)
        return damaged(name, "it claims more bytes than it can hold");
    z_stream stream{};
    if (inflateInit2(&stream, -MAX_WBITS) != Z_OK)
        return Error{ErrorCode::OutOfMemory, "Not enough memory to unpack " + name + "."};
    std::vector<std::byte> out;
    // One byte more than declared, so that an end exactly at the declared size is still reached.
    const bool ended = inflateAll(stream, packed, out, size + 1);
    inflateEnd(&stream);
    if (!ended || out.size() != size)
        return damaged(name, "its packed data is broken");
    out.shrink_to_fit();
    return out;
}

std::vector<std::byte> deflate(std::span<const std::byte> bytes) {
    z_stream stream{};
    if (deflateInit2(&stream, 6, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        return {};
    std::vector<std::byte> out(deflateBound(&stream, uLong(bytes.size())));
    std::size_t used = 0, written = 0;
    int status = Z_OK;
    while (status == Z_OK) {
        const std::size_t inStep = std::min(bytes.size() - used, kStep);
        const std::size_t outStep = std::min(out.size() - written, kStep);
        stream.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(bytes.data() + used));
        stream.avail_in = uInt(inStep);
        stream.next_out = reinterpret_cast<Bytef*>(out.data() + written);
        stream.avail_out = uInt(outStep);
        status = ::deflate(&stream, used + inStep == bytes.size() ? Z_FINISH : Z_NO_FLUSH);
        used += inStep - stream.avail_in;
        written += outStep - stream.avail_out;
    }
    deflateEnd(&stream);
    out.resize(status == Z_STREAM_END ? written : 0);
    return out;
}

std::uint32_t crc32(std::span<const std::byte> bytes) {
    return std::uint32_t(::crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

#else

bool canDeflate() { return false; }

Result<std::vector<std::byte>> inflate(std::span<const std::byte>, std::uint64_t,
                                       const std::string& name) {
    return Error{ErrorCode::BadFormat, name + " is compressed and this build has no zlib; store it "
                                              "uncompressed (numpy.savez) or build with zlib."};
}

std::vector<std::byte> deflate(std::span<const std::byte>) { return {}; }

std::uint32_t crc32(std::span<const std::byte> bytes) {
    static const auto table = [] {
        std::array<std::uint32_t, 256> entries{};
        for (std::uint32_t i = 0; i < 256; ++i) {
            std::uint32_t value = i;
            for (int bit = 0; bit < 8; ++bit)
                value = value & 1 ? value >> 1 ^ 0xedb88320u : value >> 1;
            entries[i] = value;
        }
        return entries;
    }();
    std::uint32_t sum = ~0u;
    for (const std::byte byte : bytes)
        sum = table[(sum ^ std::uint32_t(byte)) & 0xff] ^ sum >> 8;
    return ~sum;
}

#endif

} // namespace strata
