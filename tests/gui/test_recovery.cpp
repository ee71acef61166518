// SPDX-License-Identifier: Apache-2.0
// What a killed editor leaves behind, and the next one offers: two programs, real windows. The
// first is this very program, told by its environment to work until it is killed.
#include "app/studio/studio.h"
#include "engine/project/io/state_folder.h"
#include "tests/gui/own_folders.h"
#include "tests/gui/screen_main.h"
#include "ui/commands/marker_commands.h"
#include "ui/dialogs/recovery_dialog.h"

#include <QDialogButtonBox>
#include <QDir>
#include <QElapsedTimer>
#include <QProcess>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTimer>

#include <algorithm>
#include <csignal>

using namespace strata;
using namespace strata::ui;

namespace {

constexpr int kInterval = 6; // seconds between autosaves; a minute unless the user chooses
constexpr int kWorkMs = 15000;

/// Opens the clip, sets a marker every second, at the frame that tells when, and dies.
int workUntilKilled() {
    Studio studio;
    studio.session().setAutomatic(false, false);
    studio.start(qEnvironmentVariable("STRATA_TEST_CLIP"));
    QElapsedTimer since;
    QTimer second;
    const MarkerCommands markers(studio.session().document());
    QObject::connect(&second, &QTimer::timeout, [&] {
        if (!studio.session().document().project().clipItem())
            return;
        if (!since.isValid())
            since.start();
        (void)markers.add(since.elapsed() / 1000, "at work", {});
        if (since.elapsed() > kWorkMs)
            ::kill(::getpid(), SIGKILL);
    });
    second.start(1000);
    return QApplication::exec();
}

} // namespace

class TestRecovery : public QObject {
    Q_OBJECT
    QTemporaryDir folder;

private Q_SLOTS:
    void initTestCase() {
        useOwnFolders(folder);
        Preferences().setAutosaveSeconds(kInterval);
    }

    void nothingOlderThanTheIntervalIsLost() {
        QProcess editor;
        auto environment = QProcessEnvironment::systemEnvironment();
        environment.insert("STRATA_TEST_CLIP",
                           QStringLiteral(STRATA_SOURCE_DIR "/assets/samples/walk.mp4"));
        editor.setProcessEnvironment(environment);
        editor.setProcessChannelMode(QProcess::ForwardedChannels);
        editor.start(QCoreApplication::applicationFilePath(), QStringList());
        QVERIFY(editor.waitForFinished(120000));
        QCOMPARE(editor.exitStatus(), QProcess::CrashExit);
        QCOMPARE(editor.exitCode(), SIGKILL);

        Studio studio;
        studio.session().setAutomatic(false, false);
        bool offered = false;
        QTimer click;
        click.callOnTimeout([&] {
            auto* dialog = studio.window().findChild<RecoveryDialog*>();
            if (!dialog || !dialog->isVisible())
                return;
            click.stop();
            offered = true;
            QDir(STRATA_BINARY_DIR).mkpath("screenshots");
            dialog->grab().save(STRATA_BINARY_DIR "/screenshots/recovery.png");
            const auto* box = dialog->findChild<QDialogButtonBox*>();
            for (QAbstractButton* each : box->buttons())
                if (box->buttonRole(each) == QDialogButtonBox::AcceptRole)
                    QTest::mouseClick(each, Qt::LeftButton);
        });
        click.start(100);
        studio.start({});
        QVERIFY(offered);

        const Project& project = studio.session().document().project();
        QVERIFY(project.clipItem());
        QVERIFY(!project.markers.empty());
        std::int64_t last = 0;
        for (const Marker& marker : project.markers)
            last = std::max(last, marker.frame);
        // One more second for the marker that is set while it is written.
        QVERIFY2(last >= kWorkMs / 1000 - kInterval - 1, qPrintable(QString::number(last)));
        QVERIFY(studio.session().document().isModified());
        QSignalSpy painted(&studio.window().viewport(), &Viewport::framePainted);
        QVERIFY(painted.count() > 0 || painted.wait(20000));
    }

    void whatIsGivenUpIsNotOfferedAgain() {
        const auto autosaves = stateFolder() / "autosave";
        for (const RecoverableAutosave& each : recoverableAutosaves(autosaves))
            discard(each);
        QVERIFY(recoverableAutosaves(autosaves).empty());
        Studio studio;
        studio.session().setAutomatic(false, false);
        studio.start({}); // a dialog would stay for ever: nobody clicks in it
        QVERIFY(!studio.window().findChild<RecoveryDialog*>());
    }
};

int main(int argc, char** argv) {
    QSurfaceFormat::setDefaultFormat(Viewport::surfaceFormat());
    QApplication application(argc, argv);
    if (qEnvironmentVariableIsSet("STRATA_TEST_CLIP")) {
        QCoreApplication::setOrganizationName("strata");
        return workUntilKilled();
    }
    TestRecovery test;
    return QTest::qExec(&test, argc, argv);
}
#include "test_recovery.moc"
