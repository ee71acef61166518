// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/synth/mimo/tiny_networks.h"

#include "engine/formats/npz.h"
#include "engine/formats/safetensors.h"
#include "engine/synth/mimo/mimo_backend.h"

#include <QTemporaryDir>
#include <QTest>

#include <fstream>
#include <limits>

using namespace strata;
namespace fs = std::filesystem;

namespace {

/// Names of a program that writes older attention names.
ArrayMap withOldNames(const ArrayMap& vae) {
    ArrayMap out;
    for (const auto& [key, array] : vae) {
        std::string name = key;
        for (const auto& [from, to] : {std::pair<std::string, std::string>{".to_q.", ".query."},
                                       {".to_k.", ".key."},
                                       {".to_v.", ".value."},
                                       {".to_out.0.", ".proj_attn."}})
            if (const auto at = name.find(from);
                at != std::string::npos && name.find("attentions.") != std::string::npos)
                name.replace(at, from.size(), to);
        out[name] = array;
    }
    return out;
}

ArrayMap prefixed(const ArrayMap& arrays, const std::string& prefix) {
    ArrayMap out;
    for (const auto& [name, array] : arrays)
        out[prefix + name] = array;
    return out;
}

bool isMotion(const std::string& name) { return name.find("motion_modules.") != std::string::npos; }

bool sameValues(torch::nn::Module& a, torch::nn::Module& b) {
    const auto wanted = b.named_parameters();
    for (const auto& item : a.named_parameters())
        if (!torch::equal(item.value(), wanted[item.key()]))
            return false;
    return wanted.size() > 0;
}

} // namespace

class TestMimoLoader : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() {
        torch::set_num_threads(1);
        m_networks = test::tinyNetworks();
        QVERIFY(m_networks);
        for (const char* name : test::kTinyNames) {
            auto weights = test::goldenWeights(name);
            QVERIFY(bool(weights));
            m_weights[name] = std::move(*weights);
        }
    }

    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        QVERIFY(m_folder->isValid());
        ArrayMap spatial, motion;
        for (const auto& [name, array] : m_weights["denoising_unet"])
            (isMotion(name) ? motion : spatial)[name] = array;
        write("one/a.safetensors", withOldNames(m_weights["vae"]));
        write("one/b.npz", m_weights["clip_vision_224"]);
        write("c.npz", prefixed(m_weights["pose_guider"], "module."));
        write("d.safetensors", m_weights["reference_unet"]);
        write("e.safetensors", spatial);
        write("f.safetensors", motion);
        std::ofstream(path("notes.txt")) << "no checkpoint";
    }

    void filesAreKnownByWhatTheyHold() {
        const auto files = mimoFilesIn(path(""));
        QVERIFY2(bool(files), files ? "" : files.error().message.c_str());
        QCOMPARE(files->vae.filename().string(), std::string("a.safetensors"));
        QCOMPARE(files->clip.filename().string(), std::string("b.npz"));
        QCOMPARE(files->pose.filename().string(), std::string("c.npz"));
        QCOMPARE(files->reference.filename().string(), std::string("d.safetensors"));
        QCOMPARE(files->denoiser.filename().string(), std::string("e.safetensors"));
        QCOMPARE(files->motion.filename().string(), std::string("f.safetensors"));
        const auto loaded = loadMimo(*files, test::tinyConfig());
        QVERIFY2(bool(loaded), loaded ? "" : loaded.error().message.c_str());
        QVERIFY(loaded->notes.empty());
        auto& networks = *loaded->networks;
        QVERIFY(sameValues(*networks.vae, *m_networks->vae));
        QVERIFY(sameValues(*networks.clip, *m_networks->clip));
        QVERIFY(sameValues(*networks.pose, *m_networks->pose));
        QVERIFY(sameValues(*networks.reference, *m_networks->reference));
        QVERIFY(sameValues(*networks.denoiser, *m_networks->denoiser));
        QVERIFY(bool(MimoBackend::load(*files, test::tinyConfig())));
    }

    void whatIsNotUsedIsTold() {
        auto more = m_weights["pose_guider"];
        more["extra.weight"] = more["conv_in.bias"];
        write("c.npz", more);
        const auto files = mimoFilesIn(path(""));
        QVERIFY(bool(files));
        const auto backend = MimoBackend::load(*files, test::tinyConfig());
        QVERIFY(bool(backend));
        QCOMPARE((*backend)->notes().size(), std::size_t(1));
        QVERIFY((*backend)->notes()[0].find("extra.weight") != std::string::npos);
    }

    void whatIsMissingOrTwiceIsNamed() {
        fs::remove(path("c.npz"));
        QVERIFY(failure().contains("holds the pose guider"));
        write("c.npz", m_weights["pose_guider"]);
        write("z.safetensors", m_weights["reference_unet"]);
        QVERIFY(failure().contains("d.safetensors") && failure().contains("z.safetensors"));
        QVERIFY(!mimoFilesIn(path("nowhere")));
        fs::remove(path("z.safetensors"));
        fs::remove(path("f.safetensors"));
        QVERIFY(failure().contains("motion_modules"));
    }

    void damagedFilesAreNamed_data() {
        QTest::addColumn<QString>("what");
        QTest::addColumn<QString>("said");
        QTest::newRow("truncated") << "truncated"
                                   << "e.safetensors";
        QTest::newRow("not finite") << "nan"
                                    << "not finite";
        QTest::newRow("other sizes") << "sizes"
                                     << "instead of";
        QTest::newRow("without a tensor") << "missing"
                                          << "has no tensor 'conv_out.bias'";
    }
    void damagedFilesAreNamed() {
        QFETCH(QString, what);
        QFETCH(QString, said);
        if (what == "truncated") {
            fs::resize_file(path("e.safetensors"), fs::file_size(path("e.safetensors")) / 2);
        } else if (what == "nan") {
            auto arrays = m_weights["pose_guider"];
            auto values = arrays["conv_in.bias"].toFloats();
            values[3] = std::numeric_limits<float>::quiet_NaN();
            arrays["conv_in.bias"] = Array::of(arrays["conv_in.bias"].shape, values);
            write("c.npz", arrays);
        } else if (what == "missing") {
            auto arrays = m_weights["pose_guider"];
            arrays.erase("conv_out.bias");
            write("c.npz", arrays);
        }
        auto config = test::tinyConfig();
        if (what == "sizes")
            config.vae.channels = {64, 64, 64, 64};
        const auto text = failure(config);
        QVERIFY2(text.contains(said) && text.endsWith('.') && !text.contains('\n'),
                 qPrintable(text));
    }

    void placesThatAreNotThereAreRefused() {
        const auto files = mimoFilesIn(path(""));
        QVERIFY(bool(files));
        for (const auto& [place, said] :
             {std::pair<MimoPlace, const char*>{{MimoPrecision::Half, "cpu"}, "GPU"},
              {{MimoPrecision::Float, "toaster"}, "toaster"},
              {{MimoPrecision::Float, "cuda:99"}, "cuda:99"}}) {
            const auto loaded = loadMimo(*files, test::tinyConfig(), place);
            QVERIFY(!loaded);
            QVERIFY2(loaded.error().message.find(said) != std::string::npos,
                     loaded.error().message.c_str());
        }
    }

private:
    fs::path path(const std::string& name) const {
        return fs::path(m_folder->path().toStdString()) / name;
    }

    void write(const std::string& name, const ArrayMap& arrays) {
        fs::create_directories(path(name).parent_path());
        const auto status = name.ends_with(".npz") ? writeNpz(path(name), arrays)
                                                   : writeSafetensors(path(name), arrays);
        QVERIFY2(bool(status), status ? "" : status.error().message.c_str());
    }

    QString failure(const nn::MimoConfig& config = test::tinyConfig()) const {
        const auto files = mimoFilesIn(path(""));
        if (!files)
            return QString::fromStdString(files.error().message);
        const auto backend = MimoBackend::load(*files, config);
        return backend ? QString() : QString::fromStdString(backend.error().message);
    }

    std::shared_ptr<nn::MimoNetworks> m_networks;
    std::map<std::string, ArrayMap> m_weights;
    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_GUILESS_MAIN(TestMimoLoader)
#include "test_mimo_loader.moc"
