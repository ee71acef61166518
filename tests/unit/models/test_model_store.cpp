// SPDX-License-Identifier: Apache-2.0
#include "engine/core/atomic_file.h"
#include "engine/core/sha256.h"
#include "engine/formats/npz.h"
#include "engine/formats/safetensors.h"
#include "engine/models/model_store.h"

#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <chrono>
#include <stop_token>
#include <thread>

using namespace strata;
namespace fs = std::filesystem;

namespace {

const std::string kContent(5000, 'w');

/// JSON with its quotes written as single ones.
std::string json(std::string text) {
    std::replace(text.begin(), text.end(), '\'', '"');
    return text;
}

std::string manifest(const std::string& sha = sha256(kContent),
                     std::size_t bytes = kContent.size()) {
    return json("{'id':'toy','group':'toys','title':'Toy','purpose':'tests','license':'MIT',"
                "'home':'https://toy.example','files':[{'name':'model.onnx','bytes':" +
                std::to_string(bytes) + ",'sha256':'" + sha +
                "','package':'@scope/toy@1.0.0','member':'deep/model.onnx'}]}");
}

const std::string kOwn =
    json("{'id':'own','group':'user','title':'Own','purpose':'tests','license':'none',"
         "'home':'https://own.example','files':[{'name':'net.pth','bytes':7,"
         "'keys':{'conv_in.weight':[2,-1]},'absent':['conv_out.weight']}]}");

bool has(const Error& error, const std::string& part) {
    return error.message.find(part) != std::string::npos;
}

} // namespace

class TestModelStore : public QObject {
    Q_OBJECT
    std::unique_ptr<QTemporaryDir> m_folder;
    QByteArray m_path;

    fs::path at(const std::string& name) { return m_folder->path().toStdString() + "/" + name; }
    void write(const std::string& name, const std::string& content) {
        fs::create_directories(at(name).parent_path());
        QVERIFY(bool(writeFileAtomically(at(name), content)));
    }
    ModelStore store() { return *ModelStore::open(at("manifests"), at("models")); }

    /// Puts a script in npm's place that leaves the given archive, as npm pack does.
    void fakeNpm(const std::string& script) {
        write("bin/npm", "#!/bin/sh\n" + script + "\n");
        fs::permissions(at("bin/npm"), fs::perms::owner_all);
        qputenv("PATH", QByteArray::fromStdString(at("bin").string()) + ":" + m_path);
    }
    void packageWith(const std::string& content) {
        write("source/package/deep/model.onnx", content);
        write("source/package/package.json", "{}");
        QProcess tar;
        tar.start("tar", {"-czf", QString::fromStdString(at("toy.tgz").string()), "-C",
                          QString::fromStdString(at("source").string()), "package"});
        QVERIFY(tar.waitForFinished());
        fakeNpm("[ \"$1 $2 $3\" = 'pack --silent @scope/toy@1.0.0' ] || exit 3\ncp " +
                at("toy.tgz").string() + " scope-toy-1.0.0.tgz");
    }
    bool scratchIsGone() {
        return std::none_of(fs::directory_iterator(at("models")), fs::directory_iterator(),
                            [](const auto& entry) {
                                return entry.path().filename().string().starts_with(".fetch");
                            });
    }

private Q_SLOTS:
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        m_path = qgetenv("PATH");
        write("manifests/toy.json", manifest());
        write("manifests/own.json", kOwn);
    }
    void cleanup() { qputenv("PATH", m_path); }

    void theShippedManifestsAreValid() {
        const auto manifests = readManifests(std::string(STRATA_SOURCE_DIR) + "/assets/models");
        QVERIFY2(bool(manifests), manifests ? "" : manifests.error().message.c_str());
        std::uint64_t lite = 0;
        for (const ModelManifest& m : *manifests)
            if (m.group == "lite") {
                QVERIFY2(m.bytes() > 0, m.id.c_str());
                for (const ModelFile& file : m.files)
                    QVERIFY2(!file.package.empty() && file.sha256.size() == 64, m.id.c_str());
                lite += m.bytes();
            }
        QVERIFY(lite > 100'000'000 && lite < 170'000'000);
    }

    void brokenManifestsAreRefused() {
        QVERIFY(bool(parseManifest(manifest(), "m")));
        QVERIFY(!parseManifest("", "m"));
        QVERIFY(!parseManifest("[]", "m"));
        QVERIFY(!parseManifest(manifest("xyz"), "m"));
        for (const char* bad : {"toy@^1.0", "toy", "--flag@1.0", "../toy@1.0", "https://x/y.tgz@1",
                                "toy@latest", "a/b@1.0"}) {
            std::string text = manifest();
            const std::string good = "@scope/toy@1.0.0";
            text.replace(text.find(good), good.size(), bad);
            QVERIFY2(!parseManifest(text, "m"), bad);
        }
        for (const char* bad : {"/etc/passwd", "../up", "a/../../b", ""}) {
            std::string text = manifest();
            const std::string good = "model.onnx";
            text.replace(text.find(good), good.size(), bad);
            QVERIFY2(!parseManifest(text, "m"), bad);
        }
    }

    void aMissingModelIsNamedWithTheCommandThatGetsIt() {
        const auto file = store().file("toy", "model.onnx");
        QVERIFY(!file && file.error().code == ErrorCode::NotFound);
        for (const char* part : {"Toy", "MIT", "https://toy.example", "strata models fetch toy"})
            QVERIFY2(has(file.error(), part), file.error().message.c_str());
        QVERIFY(has(store().file("own", "net.pth").error(), "strata models import"));
        QVERIFY(!store().file("nothing", "x"));
        QVERIFY(store().state(*store().find("toy")) == ModelState::Missing);
    }

    void fetchingVerifiesAndKeepsTheFile() {
        packageWith(kContent);
        ModelStore models = store();
        std::vector<Progress> seen;
        const Status status =
            models.fetch("toys", {{}, [&](const Progress& p) { seen.push_back(p); }});
        QVERIFY2(bool(status), status ? "" : status.error().message.c_str());
        QVERIFY(models.state(*models.find("toy"), true) == ModelState::Ready);
        const auto file = models.file("toy", "model.onnx");
        QVERIFY(bool(file));
        QCOMPARE(*readFile(*file), kContent);
        QCOMPARE(seen.back().done, std::int64_t(kContent.size()));
        QVERIFY(scratchIsGone());
        // A second time there is nothing to do, so npm is not needed.
        fakeNpm("exit 1");
        QVERIFY(bool(models.fetch("toy", {})));
    }

    void aPackageWithOtherContentIsRefused() {
        packageWith(std::string(5000, 'x'));
        ModelStore models = store();
        QVERIFY(has(models.fetch("toy", {}).error(), "SHA-256"));
        QVERIFY(models.state(*models.find("toy")) == ModelState::Missing);
        packageWith("short");
        QVERIFY(has(models.fetch("toy", {}).error(), "5 bytes instead of 5000"));
        fakeNpm("head -c 200 " + at("toy.tgz").string() + " > a.tgz");
        QVERIFY(!models.fetch("toy", {}));
        fakeNpm("echo text > a.tgz");
        QVERIFY(!models.fetch("toy", {}));
        QVERIFY(models.state(*models.find("toy")) == ModelState::Missing);
        QVERIFY(scratchIsGone());
    }

    void whatNpmSaysIsPassedOn() {
        fakeNpm("echo 'npm error network down' >&2; exit 1");
        ModelStore models = store();
        const Status failed = models.fetch("toy", {});
        QVERIFY(has(failed.error(), "network down") && has(failed.error(), "@scope/toy@1.0.0"));
        qputenv("PATH", "/nonexistent");
        QVERIFY(has(models.fetch("toy", {}).error(), "needs npm"));
        QVERIFY(!models.fetch("nothing", {}));
        QVERIFY(has(models.fetch("own", {}).error(), "strata models import"));
    }

    void fetchingStopsWhenAsked() {
        fakeNpm("sleep 30");
        std::stop_source stop;
        std::jthread later([&] {
            std::this_thread::sleep_for(std::chrono::milliseconds(100));
            stop.request_stop();
        });
        ModelStore models = store();
        const auto begin = std::chrono::steady_clock::now();
        const Status status = models.fetch("toy", {stop.get_token(), {}});
        QVERIFY(!status && status.error().code == ErrorCode::Cancelled);
        QVERIFY(std::chrono::steady_clock::now() - begin < std::chrono::seconds(10));
        QVERIFY(scratchIsGone());
    }

    void aChangedFileIsNoticed() {
        write("models/toy/model.onnx", kContent);
        ModelStore models = store();
        QVERIFY(bool(models.file("toy", "model.onnx")));
        write("models/toy/model.onnx", std::string(5000, 'x'));
        QVERIFY(models.state(*models.find("toy")) == ModelState::Ready); // the size is right
        QVERIFY(models.state(*models.find("toy"), true) == ModelState::Damaged);
        QVERIFY(has(models.file("toy", "model.onnx").error(), "damaged"));
        write("models/toy/model.onnx", "short");
        QVERIFY(models.state(*models.find("toy")) == ModelState::Damaged);
    }

    void hashesAreRememberedAndABrokenMemoryDoesNoHarm() {
        write("models/toy/model.onnx", kContent);
        const ModelStore models = store();
        QVERIFY(models.state(*models.find("toy"), true) == ModelState::Ready);
        const auto memory = readFile(at("models/.verified.json"));
        QVERIFY(memory && memory->find(sha256(kContent)) != std::string::npos);
        for (const char* broken : {"", "[1]", "{\"toy/model.onnx\":3}"}) {
            write("models/.verified.json", broken);
            QVERIFY(models.state(*models.find("toy"), true) == ModelState::Ready);
        }
    }

    void filesAreImportedByHash() {
        write("anything.bin", kContent);
        ModelStore models = store();
        QCOMPARE(*models.import(at("anything.bin")), std::string("toy"));
        QVERIFY(bool(models.file("toy", "model.onnx")));
        QVERIFY(fs::exists(at("anything.bin")));
    }

    void filesAreImportedByTheirContent() {
        const std::vector<float> values(6);
        ModelStore models = store();
        ArrayMap arrays{{"conv_in.weight", Array::of({2, 3}, values)}};
        QVERIFY(bool(writeSafetensors(at("x.bin"), arrays)));
        QCOMPARE(*models.import(at("x.bin")), std::string("own"));
        QVERIFY(bool(models.file("own", "net.pth")));
        arrays["conv_out.weight"] = Array::of({6}, values);
        QVERIFY(bool(writeSafetensors(at("y.bin"), arrays)));
        QVERIFY(has(models.import(at("y.bin")).error(), "y.bin"));
        write("z.txt", "text");
        QVERIFY(has(models.import(at("z.txt")).error(), "z.txt"));
        QVERIFY(!models.import(at("missing")));
    }

    void bundledModelsLieBesideTheirManifests() {
        auto text = manifest();
        text.replace(text.find("\"files\""), 0, "\"bundled\":true,");
        write("manifests/toy.json", text);
        const auto missing = store().file("toy", "model.onnx");
        QVERIFY(!missing && has(missing.error(), "anew"));
        write("models/toy/model.onnx", kContent);
        QVERIFY(!store().file("toy", "model.onnx"));
        write("manifests/toy/model.onnx", kContent);
        const auto found = store().file("toy", "model.onnx");
        QVERIFY(found && *found == at("manifests/toy/model.onnx"));
        write("manifests/toy/model.onnx", std::string(kContent.size(), 'x'));
        const auto damaged = store().file("toy", "model.onnx");
        QVERIFY(!damaged && has(damaged.error(), "damaged"));
        // One without a hash could be anything.
        const auto none = parseManifest(json("{'id':'toy','group':'toys','title':'Toy',"
                                             "'license':'MIT','home':'here','bundled':true,"
                                             "'files':[{'name':'a','bytes':3}]}"),
                                        "toy.json");
        QVERIFY(!none);
    }
};

QTEST_GUILESS_MAIN(TestModelStore)
#include "test_model_store.moc"
