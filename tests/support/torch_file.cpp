// SPDX-License-Identifier: Apache-2.0
#include "tests/support/torch_file.h"

#include "tests/unit/formats/pickle_text.h"

namespace strata::test {
namespace {

std::string numbers(const std::vector<std::int64_t>& values) {
    return pickles::tuple({values.begin(), values.end()});
}

std::vector<std::int64_t> stridesOf(const std::vector<std::int64_t>& shape) {
    std::vector<std::int64_t> strides(shape.size(), 1);
    for (std::size_t d = shape.size(); d-- > 1;)
        strides[d - 1] = strides[d] * shape[d];
    return strides;
}

} // namespace

TorchFile::TorchFile(const std::filesystem::path& path)
    : m_zip(path)
    , m_pickle("\x80\x02"
               "ccollections\nOrderedDict\n)R(") {}

void TorchFile::add(const std::string& name, const Array& array) {
    using namespace pickles;
    const std::string key = std::to_string(m_count++);
    const char* storage = array.type == DType::F16 ? "HalfStorage" : "FloatStorage";
    m_pickle += text(name) + "ctorch._utils\n_rebuild_tensor_v2\n((" + text("storage") +
                "ctorch\n" + storage + "\n" + text(key) + text("cpu") +
                integer(std::int32_t(array.count())) + "tQ" + integer(0) + numbers(array.shape) +
                numbers(stridesOf(array.shape)) +
                "\x89"
                "ccollections\nOrderedDict\n)RtR";
    m_zip.add("archive/data/" + key, array.bytes, false);
}

Status TorchFile::finish() {
    m_pickle += "u.";
    const std::string version = "3\n";
    m_zip.add("archive/data.pkl", std::as_bytes(std::span(m_pickle)), false);
    m_zip.add("archive/version", std::as_bytes(std::span(version)), false);
    return m_zip.finish();
}

} // namespace strata::test
