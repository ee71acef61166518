// SPDX-License-Identifier: Apache-2.0
// Bytes as they arrive at either end of the pipe.
#include "engine/protocol/codec.h"
#include "engine/protocol/line_reader.h"

#include <cstdint>
#include <cstdlib>

using namespace strata::protocol;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    LineReader lines(1 << 16);
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    lines.add(bytes.substr(0, size / 2));
    for (int half = 0; half < 2; ++half) {
        while (const auto line = lines.next()) {
            JobId id = 0;
            const auto request = decodeRequest(line->text, &id);
            if (id > kMaxId)
                std::abort();
            if (request &&
                !(decodeRequest(encode(*request)) && *decodeRequest(encode(*request)) == *request))
                std::abort(); // what is understood can be said again
            const auto event = decodeEvent(line->text);
            if (event && !decodeEvent(encode(*event)))
                std::abort();
        }
        lines.add(bytes.substr(size / 2));
    }
    return 0;
}
