// SPDX-License-Identifier: Apache-2.0
#include "engine/pipeline/template_folder.h"

#include "engine/core/atomic_file.h"
#include "engine/media/frame_rate.h"

#include <algorithm>

namespace strata {
namespace fs = std::filesystem;

std::vector<std::int64_t> templateFrames(const TemplateConfig& config, std::int64_t count,
                                         Rational rate) {
    std::vector<std::int64_t> all = resampledFrames(count, rate, config.fps);
    const auto shown = std::int64_t(all.size());
    const std::int64_t begin =
        std::clamp<std::int64_t>(config.fps * config.startIndex / 30, 0, shown);
    const std::int64_t end =
        config.endIndex > 0
            ? std::clamp<std::int64_t>(config.fps * config.endIndex / 30, begin, shown)
            : shown;
    return {all.begin() + begin, all.begin() + end};
}

namespace {

/// Writes the pickle opcodes (protocol 2) that NumPy itself would write.
class PickleText {
public:
    PickleText() { m_bytes = std::string("\x80\x02", 2); }

    PickleText& op(char code) {
        m_bytes += code;
        return *this;
    }
    PickleText& global(const char* module, const char* name) {
        m_bytes += std::string("c") + module + "\n" + name + "\n";
        return *this;
    }
    PickleText& integer(std::int32_t value) {
        m_bytes += 'J';
        return raw(&value, 4);
    }
    PickleText& text(const std::string& value) {
        const auto size = std::uint32_t(value.size());
        m_bytes += 'X';
        raw(&size, 4);
        m_bytes += value;
        return *this;
    }
    PickleText& bytes(const std::string& value) {
        // Protocol 2 has no bytes: they travel as latin-1 text through _codecs.encode.
        std::string utf8;
        for (const unsigned char c : value) {
            if (c < 0x80) {
                utf8 += char(c);
            } else {
                utf8 += char(0xc0 | c >> 6);
                utf8 += char(0x80 | (c & 0x3f));
            }
        }
        return global("_codecs", "encode").text(utf8).text("latin1").op('\x86').op('R');
    }
    PickleText& dtype(const char* code, const char* order, int size, int flags) {
        global("numpy", "dtype").text(code).integer(0).integer(1).op('\x87').op('R');
        op('(').integer(3).text(order).op('N').op('N').op('N').integer(size).integer(size).integer(
            flags);
        return op('t').op('b');
    }
    /// Leaves the array on the stack, its state still to come: (1, shape, dtype, False, data) then
    /// tb.
    PickleText& arrayShell() {
        global("numpy.core.multiarray", "_reconstruct")
            .global("numpy", "ndarray")
            .integer(0)
            .op('\x85');
        return bytes("b").op('\x87').op('R');
    }
    PickleText& doubles(std::int32_t columns, const double* values) {
        arrayShell().op('(').integer(1).integer(1).integer(columns).op('\x86').dtype("f8", "<", -1,
                                                                                     0);
        op('\x89').bytes(
            std::string(reinterpret_cast<const char*>(values), std::size_t(columns) * 8));
        return op('t').op('b');
    }
    PickleText& raw(const void* data, std::size_t size) {
        m_bytes.append(static_cast<const char*>(data), size);
        return *this;
    }
    std::string finish() { return op('.').m_bytes; }

private:
    std::string m_bytes;
};

std::string objectArrayHeader(std::size_t count) {
    std::string dict =
        "{'descr': '|O', 'fortran_order': False, 'shape': (" + std::to_string(count) + ",), }";
    // Magic, version, length and header together fill a multiple of 64 bytes and end in a newline.
    const std::size_t unpadded = 10 + dict.size() + 1;
    dict += std::string((64 - unpadded % 64) % 64, ' ') + "\n";
    const auto length = std::uint16_t(dict.size());
    return std::string("\x93NUMPY\x01\x00", 8) + char(length & 255) + char(length >> 8) + dict;
}

} // namespace

Status writeTemplateBoxes(const fs::path& file, const std::vector<TemplateBox>& boxes) {
    PickleText pickle;
    pickle.arrayShell().op('(').integer(1).integer(std::int32_t(boxes.size())).op('\x85');
    pickle.dtype("O8", "|", -1, 63).op('\x89').op(']').op('(');
    const double score = 1;
    for (const TemplateBox& box : boxes) {
        pickle.op('}').op('(').text("bbox").doubles(4, &box.x0);
        pickle.text("score").doubles(1, &score).op('u');
    }
    pickle.op('e').op('t').op('b');
    return writeFileAtomically(file, objectArrayHeader(boxes.size()) + pickle.finish());
}

} // namespace strata
