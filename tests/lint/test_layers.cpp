// SPDX-License-Identifier: Apache-2.0
// Fails when a source file includes something its layer may not know about.
#include "tests/lint/layer_rules.h"

#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QTest>

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
                found += layerProblems(root.relativeFilePath(file.fileName()),
                                       QString::fromUtf8(file.readAll()));
                ++files;
            }
        }
        QVERIFY2(found.isEmpty(), qPrintable("\n" + found.join('\n')));
        QVERIFY(files > 10);
    }

    void violationsAreSeen_data() {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("line");
        QTest::newRow("upwards") << "engine/core/a.h"
                                 << "#include \"engine/media/video_reader.h\"";
        QTest::newRow("Qt in the engine") << "engine/media/a.cpp"
                                          << "#include <QString>";
        QTest::newRow("torch in a public header") << "engine/perception/a.h"
                                                  << "#include <torch/torch.h>";
        QTest::newRow("torch in the user interface") << "ui/a.cpp"
                                                     << "#include <torch/torch.h>";
        QTest::newRow("the pipeline in the user interface")
            << "ui/main_window/a.cpp"
            << "#include \"engine/pipeline/job_requests.h\"";
        QTest::newRow("a view in the bridge") << "ui/bridge/a.cpp"
                                              << "#include \"ui/panels/layers/layer_panel.h\"";
        QTest::newRow("commands in the bridge") << "ui/bridge/a.cpp"
                                                << "#include \"ui/commands/edit_project.h\"";
        QTest::newRow("a network in the editor") << "app/studio/main.cpp"
                                                 << "#include \"engine/nn/vae/vae.h\"";
        QTest::newRow("the pipeline in the document")
            << "engine/project/a.cpp"
            << "#include \"engine/pipeline/job_requests.h\"";
    }
    void violationsAreSeen() {
        QFETCH(QString, path);
        QFETCH(QString, line);
        QCOMPARE(layerProblems(path, line).size(), 1);
    }
};

QTEST_GUILESS_MAIN(TestLayers)
#include "test_layers.moc"
