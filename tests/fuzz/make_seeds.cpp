// SPDX-License-Identifier: Apache-2.0
// Writes a small valid file of every kind, for the fuzzers to begin from: make_seeds FOLDER
#include "engine/core/atomic_file.h"
#include "engine/formats/npz.h"
#include "engine/formats/safetensors.h"
#include "engine/formats/zip_writer.h"
#include "tests/unit/formats/flat_builder.h"
#include "tests/unit/formats/pickle_text.h"

#include <cstdio>

using namespace strata;
using namespace pickles;
using Table = FlatBuilder::Table;
using Ints = std::vector<std::int32_t>;

namespace {

std::filesystem::path root;
bool failed = false;

std::filesystem::path seed(const std::string& kind, const std::string& name) {
    std::error_code error;
    std::filesystem::create_directories(root / kind, error);
    return root / kind / name;
}

void keep(Status status) { failed = failed || !status; }

void write(const std::string& kind, const std::string& name, const std::string& content) {
    keep(writeFileAtomically(seed(kind, name), content));
}

void writeArrays() {
    const std::vector<float> floats{1, 2, 3, 4, 5, 6};
    const std::vector<std::int64_t> ints{1, 2};
    ArrayMap arrays{{"f", Array::of({2, 3}, floats)}, {"i", Array::of({2}, ints)}};
    keep(writeSafetensors(seed("safetensors", "two"), arrays, {{"format", "pt"}}));
    arrays["t"] = Array::ofText("text");
    keep(writeNpz(seed("npz", "three.npz"), arrays));
    keep(writeNpy(seed("npz", "one.npy"), arrays["f"]));
    const std::vector<float> zeros(1000, 0.0f);
    keep(writeNpz(seed("npz", "deflated.npz"), {{"z", Array::of({1000}, zeros)}}));
}

std::string entry(const std::string& key, const std::string& value) {
    return std::string("U").append(1, char(key.size())).append(key).append(value);
}

void writePickles() {
    const std::string doubles = raw(std::vector<double>{1, 2, 3, 4});
    const std::string numbers = raw(std::vector<std::int32_t>{0, 1, 1});
    const std::string ends = raw(std::vector<std::int32_t>{0, 2, 3});
    const std::string sparse =
        "ccopy_reg\n_reconstructor\n(cscipy.sparse.csc\ncsc_matrix\nc__builtin__\nobject\nNtR}(" +
        entry("_shape", tuple({2, 2})) + entry("data", array("f8", {3}, doubles)) +
        entry("indices", array("i4", {3}, numbers)) + entry("indptr", array("i4", {3}, ends)) +
        "ub";
    const std::string chumpy =
        "cchumpy.ch\nCh\n)\x81}" + entry("x", array("f8", {2, 2}, doubles)) + "sb";
    const std::string select = "cchumpy.reordering\nSelect\n)\x81}(" + entry("a", chumpy) +
                               entry("idxs", array("i4", {3}, numbers)) +
                               entry("preferred_shape", tuple({3, 1})) + "ub";
    write("pickle", "body",
          "\x80\x02}(" + entry("v", array("f8", {2, 2}, doubles, true)) + entry("J", sparse) +
              entry("s", chumpy) + entry("p", select) +
              entry("n", "G\x3f\xf8" + std::string(6, '\0')) +
              entry("l", "](" + tuple({1, 2}) + tuple({3, 4}) + "e") + "u.");
    write("pickle", "text",
          "(dp0\nS'a'\np1\n(lp2\nI1\naL22L\naF0.5\nasS'b'\nV\\u00e9x\nsg1\nI01\ns.");
    write("pickle", "recent",
          literal("\x80\x04\x95\x1b\0\0\0\0\0\0\0}\x94(\x8c\x01"
                  "a\x94\x8f\x94(K\1K\2\x90\x8c\x01"
                  "b\x8e\x02\0\0\0\0\0\0\0xyu."));
    const std::string storage = "((X\x07" + literal("\0\0\0storage") + "ctorch\nFloatStorage\n" +
                                text("0") + text("cpu") + integer(12) + "tQ" + integer(0);
    const std::string state = "\x80\x02}(" + text("state_dict") + "ccollections\nOrderedDict\n)R(" +
                              text("module.w") + "ctorch._utils\n_rebuild_tensor_v2\n" + storage +
                              tuple({4, 3}) + tuple({1, 4}) +
                              "\x89"
                              "ccollections\nOrderedDict\n)RtRuu.";
    const std::string values(48, '\x3f');
    ZipWriter zip(seed("pickle", "checkpoint.pth"));
    for (const auto& [name, content] : {std::pair("a/data.pkl", state), {"a/data/0", values}})
        zip.add(name, std::as_bytes(std::span(content)));
    keep(zip.finish());
    write("pickle", "older.pth",
          std::string("\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.\x80\x02M\xe9\x03."
                      "\x80\x02}.") +
              state + "\x80\x02](" + text("0") + "e." + raw(std::vector<std::uint64_t>{12}) +
              values);
}

Table tensor(const Ints& shape, std::uint32_t buffer) {
    return Table().vector(0, shape).number(1, std::int8_t(0)).number(2, buffer).text(3, "t");
}

void writeGraph() {
    const auto indices = [](const Ints& values) { return Table().vector(0, values); };
    const Table rows = Table().number(0, std::int8_t(0)).number(1, std::int32_t(2));
    const Table columns = Table()
                              .number(0, std::int8_t(1))
                              .number(2, std::uint8_t(1))
                              .table(3, indices({0, 2, 4}))
                              .number(4, std::uint8_t(1))
                              .table(5, indices({0, 2, 1, 2}));
    const Table sparse =
        tensor({2, 3}, 1).table(6, Table().vector(0, Ints{0, 1}).tables(2, {rows, columns}));
    const Table options =
        Table().number(0, std::int8_t(1)).number(1, std::int32_t(2)).number(2, std::int32_t(2));
    const Table op = Table()
                         .number(0, std::uint32_t(0))
                         .vector(1, Ints{0, 1, -1})
                         .vector(2, Ints{2})
                         .table(4, options);
    const Table graph = Table()
                            .tables(0, {tensor({1, 4, 4, 1}, 0), sparse, tensor({1, 2, 2, 1}, 0)})
                            .vector(1, Ints{0})
                            .vector(2, Ints{2})
                            .tables(3, {op});
    const Table model =
        Table()
            .number(0, std::uint32_t(3))
            .tables(1, {Table().number(0, std::int8_t(3))})
            .tables(2, {graph})
            .tables(4, {Table(), Table().vector(0, std::vector<float>{1, 2, 3, 4})});
    // Vectors of bytes count bytes, which the builder takes from its element type.
    const std::vector<float> values{1, 2, 3, 4};
    const auto* bytes = reinterpret_cast<const char*>(values.data());
    Table fixed = model;
    fixed.fields.back().tables.back() = Table().vector(0, std::vector<char>(bytes, bytes + 16));
    write("tflite", "graph", FlatBuilder::file(fixed, "TFL3"));
}

void writeTexts() {
    std::string weights(132, '\0');
    const auto record = raw(std::vector<std::uint32_t>{0xdeadbeef, 1, 4, 0, 128, 0});
    weights.replace(64, record.size(), record);
    write(
        "mlmodelc", "graph",
        "program(1.0)\n{\ntensor<fp16, [2]> w = const()[name = tensor<string, []>(\"w\"), val = "
        "tensor<fp16, "
        "[2]>(BLOBFILE(path = tensor<string, []>(\"weight.bin\"), offset = tensor<uint64, "
        "[]>(64)))];\n"
        "tensor<fp16, [1, 2]> a = const()[name = tensor<string, []>(\"a\"), val = tensor<fp16, [1, "
        "2]>([[0x1.8p+0, -0x1p-1]])];\ntensor<bool, []> b = const()[name = tensor<string, "
        "[]>(\"b\"), val = "
        "tensor<bool, []>(true)];\n}" +
            std::string(1, '\0') + weights);
    write("bvh", "walk",
          "HIERARCHY\nROOT Hips\n{\n OFFSET 0 0 0\n CHANNELS 6 Xposition Yposition Zposition "
          "Zrotation Xrotation "
          "Yrotation\n JOINT Chest\n {\n  OFFSET 0 5 0\n  CHANNELS 3 Zrotation Xrotation "
          "Yrotation\n  End Site\n  {\n"
          "   OFFSET 0 4 0\n  }\n }\n}\nMOTION\nFrames: 2\nFrame Time: 0.0333\n0 1 2 3 4 5 6 7 "
          "8\n9 8 7 6 5 4 3 2 1\n");
    write("manifest", "toy",
          "{\"id\":\"toy\",\"group\":\"lite\",\"title\":\"T\",\"purpose\":\"p\",\"license\":"
          "\"MIT\",\"home\":\"https://h\","
          "\"files\":[{\"name\":\"a.bin\",\"bytes\":4,\"sha256\":\"" +
              std::string(64, 'a') +
              "\",\"package\":\"@s/"
              "p@1.0.0\",\"member\":\"a\",\"keys\":{\"w\":[1,-1]},\"absent\":[\"v\"]}]}");
    // As engine/project writes it, with one of everything.
    write("project", "toy",
          R"({"strata_project":1,"next_id":9,"clip":1,"range":[0,9],"loop":true,"scene":2,"media":[
{"id":1,"kind":"clip","absolute":"/m/a%25.mp4","relative":"../a.mp4","digest":"d","size":[8,4],
"rate":[24000,1001],"frames":9,"audio":true},
{"id":2,"kind":"picture","absolute":"/m/b.png","digest":"","size":[0,0],"rate":[0,1],"frames":0,
"audio":false}],
"markers":[{"id":3,"frame":4,"name":"m","color":"#0102ff"}],
"people":[{"id":1,"tracks":[[0,3],[5,9]],"portrait":6,"name":"","color":"#808080","identity":2,
"motion":null}],
"layers":[{"id":4,"kind":"scene","person":null,"name":"","color":"#808080","visible":true,
"solo":false,"locked":false,"opacity":1.0,"grow":0.0,"feather":0.0},
{"id":5,"kind":"person","person":1,"name":"n","color":"#808080","visible":true,"solo":true,
"locked":false,"opacity":0.5,"grow":-1.0,"feather":2.0},
{"id":6,"kind":"occluder","person":null,"name":"","color":"#808080","visible":true,"solo":false,
"locked":true,"opacity":1.0,"grow":0.0,"feather":0.0}],
"strokes":[{"id":7,"layer":5,"frame":8,"positive":false,"radius":8.0,"points":[1.5,2,-3,4.25]}],
"synth":{"kind":"mimo","size":784,"steps":25,"guidance":3.5,"guided":[0,1],"seed":42,
"keep_occluder":true},
"delivery":{"codec":"h265","crf":14.0,"preset":"medium","audio":true,"whole_clip":false}})");
    write("template_config", "official",
          "{\"fps\":30,\"time_crop\":{\"start_idx\":0,\"end_idx\":150},\"frame_crop\":{},"
          "\"layer_recover\":true,\"strata\":{\"portrait_frame\":3}}");
    write(
        "protocol", "session",
        "{\"request\":\"decompose\",\"id\":1,\"video\":\"/a.mp4\",\"frames\":{\"begin\":0,\"end\":"
        "48}}\n{\"request\":\"edit\",\"id\":2,\"video\":\"/a\",\"identity\":\"/i\",\"out\":\"/o\","
        "\"generator\":{\"steps\":9},\"export\":{\"crf\":18.5}}\n{\"event\":\"people\",\"id\":1,"
        "\"people\":[]}\n{\"event\":\"error\",\"code\":\"io\",\"message\":\"x\"}\n");
}

} // namespace

int main(int count, char** arguments) {
    if (count != 2) {
        std::fprintf(stderr, "usage: make_seeds FOLDER\n");
        return 2;
    }
    root = arguments[1];
    writeArrays();
    writePickles();
    writeGraph();
    writeTexts();
    return failed ? 1 : 0;
}
