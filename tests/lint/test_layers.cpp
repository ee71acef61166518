// SPDX-License-Identifier: Apache-2.0
// Fails when a source file includes something its layer may not know about. The table is the architecture.
#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QMap>
#include <QRegularExpression>
#include <QSet>
#include <QTest>

namespace {

// layer -> layers it may include besides itself
const QMap<QString, QSet<QString>> kAllowed = {
    {"engine/core", {}},
    {"engine/formats", {"engine/core"}},
    {"engine/body", {"engine/core", "engine/formats"}},
    {"engine/raster", {"engine/core", "engine/body"}},
    {"engine/nn", {"engine/core", "engine/formats"}},
    {"engine/weights", {"engine/core", "engine/formats"}},
    {"engine/media", {"engine/core"}},
    {"engine/cache", {"engine/core", "engine/formats"}},
    {"engine/models", {"engine/core", "engine/formats"}},
    {"engine/project", {"engine/core"}},
    {"engine/perception", {"engine/core", "engine/formats", "engine/nn", "engine/weights", "engine/media"}},
    {"engine/decompose",
     {"engine/core", "engine/formats", "engine/body", "engine/raster", "engine/nn", "engine/weights",
      "engine/media", "engine/perception"}},
    {"engine/synth",
     {"engine/core", "engine/formats", "engine/body", "engine/raster", "engine/nn", "engine/weights"}},
    {"engine/train",
     {"engine/core", "engine/formats", "engine/body", "engine/raster", "engine/nn", "engine/weights",
      "engine/media", "engine/synth"}},
    {"engine/eval", {"engine/core", "engine/formats", "engine/body", "engine/raster", "engine/media"}},
    {"engine/pipeline",
     {"engine/core", "engine/formats", "engine/body", "engine/raster", "engine/media", "engine/cache",
      "engine/models", "engine/project", "engine/perception", "engine/decompose", "engine/synth", "engine/train",
      "engine/eval", "engine/weights", "engine/nn"}},
    {"ui", {"engine/core", "engine/project", "engine/media", "engine/body", "engine/cache"}},
    {"app/cli",
     {"engine/core", "engine/formats", "engine/body", "engine/raster", "engine/media", "engine/cache",
      "engine/models", "engine/project", "engine/perception", "engine/decompose", "engine/synth", "engine/train",
      "engine/eval", "engine/pipeline"}},
    {"app/studio", {"ui", "engine/core", "engine/project", "engine/media", "engine/body", "engine/cache"}},
};

// Where LibTorch may be seen: everywhere in these layers, and in the .cpp files of the others named below.
const QSet<QString> kTorchLayers = {"engine/nn", "engine/weights", "engine/train"};
const QSet<QString> kTorchInside = {"engine/perception", "engine/decompose", "engine/synth", "engine/pipeline",
                                    "app/cli"};

QString layerOf(const QString& path) {
    for (auto it = kAllowed.keyBegin(); it != kAllowed.keyEnd(); ++it)
        if (path.startsWith(*it + "/"))
            return *it;
    return {};
}

QStringList problemsIn(const QString& path, const QString& text) {
    static const QRegularExpression include(R"(^\s*#\s*include\s*[<"]([^>"]+)[>"])",
                                            QRegularExpression::MultilineOption);
    static const QRegularExpression qt(R"(^(Q[A-Z]\w*|Qt\w+/\w+)$)");
    static const QRegularExpression torch(R"(^(torch|ATen|c10)/)");
    const QString layer = layerOf(path);
    const bool header = path.endsWith(".h") || path.endsWith(".cuh");
    const bool torchAllowed = kTorchLayers.contains(layer) || (kTorchInside.contains(layer) && !header);

    QStringList found;
    for (auto match = include.globalMatch(text); match.hasNext();) {
        const QString name = match.next().captured(1);
        const QString target = layerOf(name);
        if (!target.isEmpty() && target != layer && !kAllowed[layer].contains(target))
            found << path + ": " + layer + " may not include " + name;
        if (torch.match(name).hasMatch() && !torchAllowed)
            found << path + ": LibTorch may not be seen here (" + name + ")";
        if (layer.startsWith("engine/") && qt.match(name).hasMatch())
            found << path + ": the engine does not use Qt (" + name + ")";
    }
    return found;
}

} // namespace

class TestLayers : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void includesPointDown() {
        const QDir root(STRATA_SOURCE_DIR);
        QStringList found;
        int files = 0;
        for (const QString& top : {QString("engine"), QString("ui"), QString("app")}) {
            QDirIterator it(root.filePath(top), {"*.h", "*.cpp", "*.cu", "*.cuh"}, QDir::Files,
                            QDirIterator::Subdirectories);
            while (it.hasNext()) {
                QFile file(it.next());
                QVERIFY(file.open(QIODevice::ReadOnly));
                found += problemsIn(root.relativeFilePath(file.fileName()), QString::fromUtf8(file.readAll()));
                ++files;
            }
        }
        QVERIFY2(found.isEmpty(), qPrintable("\n" + found.join('\n')));
        QVERIFY(files > 10);
    }

    void violationsAreSeen_data() {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("line");
        QTest::newRow("upwards") << "engine/core/a.h" << "#include \"engine/media/video_reader.h\"";
        QTest::newRow("Qt in the engine") << "engine/media/a.cpp" << "#include <QString>";
        QTest::newRow("torch in a public header") << "engine/perception/a.h" << "#include <torch/torch.h>";
        QTest::newRow("torch in the user interface") << "ui/a.cpp" << "#include <torch/torch.h>";
    }
    void violationsAreSeen() {
        QFETCH(QString, path);
        QFETCH(QString, line);
        QCOMPARE(problemsIn(path, line).size(), 1);
    }
};

QTEST_GUILESS_MAIN(TestLayers)
#include "test_layers.moc"
