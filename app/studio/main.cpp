// SPDX-License-Identifier: Apache-2.0
#include "app/studio/studio.h"
#include "app/studio/studio_bench.h"
#include "ui/theme/icons.h"
#include "ui/translations/translations.h"
#include "ui/viewport/viewport.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QElapsedTimer>
#include <QTimer>

namespace {

void describe(QApplication& application) {
    application.setApplicationName(QStringLiteral("strata"));
    application.setApplicationDisplayName(QStringLiteral("Strata"));
    application.setOrganizationName(QStringLiteral("strata"));
    application.setApplicationVersion(QStringLiteral(STRATA_VERSION));
    application.setDesktopFileName(QStringLiteral("org.strata.Studio"));
    application.setWindowIcon(strata::ui::applicationIcon());
}

} // namespace

int main(int argc, char** argv) {
    QElapsedTimer sinceStart;
    sinceStart.start();
    QSurfaceFormat::setDefaultFormat(strata::ui::Viewport::surfaceFormat());
    QApplication application(argc, argv);
    describe(application);

    QCommandLineParser parser;
    parser.setApplicationDescription(
        QStringLiteral("Strata's editor: takes video of people apart and puts it together anew."));
    parser.addHelpOption();
    parser.addVersionOption();
    const QCommandLineOption bench(QStringLiteral("bench"),
                                   QStringLiteral("Measure the editor on FILE, print and end."));
    parser.addOption(bench);
    parser.addPositionalArgument(QStringLiteral("FILE"),
                                 QStringLiteral("A project or a video to open."),
                                 QStringLiteral("[FILE]"));
    parser.process(application);
    const QString file = parser.positionalArguments().value(0);

    const strata::ui::Translations translations(strata::ui::Preferences().language());
    strata::Studio studio;
    if (!parser.isSet(bench)) {
        studio.start(file);
        return QApplication::exec();
    }
    studio.session().setAutomatic(false, false);
    studio.start({});
    QTimer::singleShot(0, [&] { // the first turn of the event loop: the window answers
        const double seconds = double(sinceStart.nsecsElapsed()) * 1e-9;
        QApplication::exit(strata::benchStudio(studio, file, seconds));
    });
    return QApplication::exec();
}
