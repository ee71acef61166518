// SPDX-License-Identifier: Apache-2.0
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"

#include <QApplication>
#include <QDir>
#include <QFile>
#include <QLabel>
#include <QPainter>
#include <QTest>

#include <cmath>
#include <set>

using namespace strata::ui;

class TestTheme : public QObject {
    Q_OBJECT

    /// Relative luminance and contrast as WCAG 2 defines them.
    static double luminance(const QColor& color) {
        const auto linear = [](double v) {
            return v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
        };
        return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) +
               0.0722 * linear(color.blueF());
    }
    static double contrast(const QColor& a, const QColor& b) {
        const double first = luminance(a);
        const double second = luminance(b);
        return (std::max(first, second) + 0.05) / (std::min(first, second) + 0.05);
    }

    /// Part of the pixels that are not transparent, and their mean colour.
    struct Ink {
        double part = 0;
        QColor color;
    };
    static Ink inkOf(const QPixmap& pixmap) {
        const QImage image = pixmap.toImage().convertToFormat(QImage::Format_ARGB32);
        double sum = 0;
        double red = 0;
        double green = 0;
        double blue = 0;
        for (int y = 0; y < image.height(); ++y)
            for (int x = 0; x < image.width(); ++x) {
                const QColor c = image.pixelColor(x, y);
                sum += c.alphaF();
                red += c.alphaF() * c.redF();
                green += c.alphaF() * c.greenF();
                blue += c.alphaF() * c.blueF();
            }
        if (sum == 0)
            return {};
        return {sum / (image.width() * image.height()),
                QColor::fromRgbF(float(red / sum), float(green / sum), float(blue / sum))};
    }
    static bool similar(const QColor& a, const QColor& b) {
        return std::abs(a.red() - b.red()) + std::abs(a.green() - b.green()) +
                   std::abs(a.blue() - b.blue()) <
               12;
    }

private Q_SLOTS:
    void textIsReadableOnEveryGround_data() {
        QTest::addColumn<ThemeKind>("kind");
        QTest::newRow("dark") << ThemeKind::Dark;
        QTest::newRow("light") << ThemeKind::Light;
    }
    void textIsReadableOnEveryGround() {
        QFETCH(ThemeKind, kind);
        const ThemeColors& c = themeColors(kind);
        for (const QColor& ground : {c.window, c.panel, c.raised, c.input})
            for (const QColor& text : {c.text, c.textMuted})
                QVERIFY2(contrast(text, ground) >= 4.5,
                         qPrintable(text.name() + " on " + ground.name()));
        QVERIFY(contrast(c.accentText, c.accent) >= 4.5);
        for (const QColor& sign :
             {c.ok, c.warning, c.error, c.scene, c.human, c.occluder, c.motion})
            QVERIFY2(contrast(sign, c.panel) >= 3.0, qPrintable(sign.name()));
    }

    void layersDifferInColour() {
        for (const ThemeKind kind : {ThemeKind::Dark, ThemeKind::Light}) {
            const ThemeColors& c = themeColors(kind);
            std::set<int> hues;
            for (const QColor& color : {c.scene, c.human, c.occluder, c.motion})
                hues.insert(color.hsvHue() / 30);
            QCOMPARE(hues.size(), std::size_t(4));
        }
    }

    void aPaletteTellsItsTheme() {
        for (const ThemeKind kind : {ThemeKind::Dark, ThemeKind::Light})
            QCOMPARE(themeOf(themePalette(kind)), kind);
    }

    void theStyleSheetHasNoNameLeft() {
        for (const ThemeKind kind : {ThemeKind::Dark, ThemeKind::Light}) {
            const QString sheet = themeStyleSheet(kind);
            QVERIFY(sheet.contains(themeColors(kind).accent.name()));
            QVERIFY(!sheet.contains('@'));
        }
    }

    void widgetsFollowTheTheme() {
        QLabel label("text");
        label.ensurePolished();
        for (const ThemeKind kind : {ThemeKind::Light, ThemeKind::Dark}) {
            applyTheme(*qApp, kind);
            QCoreApplication::processEvents();
            QCOMPARE(themeOf(label.palette()), kind);
            QCOMPARE(label.palette().color(QPalette::WindowText), themeColors(kind).text);
        }
    }

    void everyIconIsDrawnInTheColourAskedFor() {
        std::set<QString> names;
        for (const Icon icon : allIcons()) {
            const QString name = iconName(icon);
            QVERIFY2(names.insert(name).second, qPrintable(name));
            for (const double ratio : {1.0, 2.0}) {
                const QPixmap pixmap = iconPixmap(icon, 20, QColor(40, 160, 220), ratio);
                QCOMPARE(pixmap.width(), int(20 * ratio));
                const Ink ink = inkOf(pixmap);
                QVERIFY2(ink.part > 0.03 && ink.part < 0.8, qPrintable(name));
                QVERIFY2(similar(ink.color, QColor(40, 160, 220)), qPrintable(name));
            }
        }
    }

    void everyFileIsAnIcon() {
        const QStringList files =
            QDir(STRATA_SOURCE_DIR "/assets/icons").entryList({"*.svg"}, QDir::Files);
        QCOMPARE(files.size(), qsizetype(allIcons().size() + 1)); // and the application's
    }

    void iconsFollowThePalette() {
        const QIcon icon = themeIcon(Icon::Person);
        for (const ThemeKind kind : {ThemeKind::Light, ThemeKind::Dark}) {
            applyTheme(*qApp, kind);
            const ThemeColors& c = themeColors(kind);
            QVERIFY(similar(inkOf(icon.pixmap(32)).color, c.text));
            QVERIFY(similar(inkOf(icon.pixmap(32, QIcon::Disabled)).color, c.textDisabled));
            QVERIFY(similar(inkOf(icon.pixmap(32, QIcon::Selected)).color, c.accentText));
            QVERIFY(similar(inkOf(themeIcon(Icon::Person, c.human).pixmap(32)).color, c.human));
        }
        QVERIFY(!applicationIcon().pixmap(128).isNull());
    }

    /// Not checked here but made to be looked at: all icons in both themes.
    void iconSheet() {
        for (const ThemeKind kind : {ThemeKind::Dark, ThemeKind::Light}) {
            const ThemeColors& c = themeColors(kind);
            QImage sheet(10 * 64, 6 * 64, QImage::Format_RGB32);
            sheet.fill(c.panel);
            QPainter painter(&sheet);
            int i = 0;
            for (const Icon icon : allIcons()) {
                painter.drawPixmap(i % 10 * 64 + 8, i / 10 * 64 + 8, iconPixmap(icon, 32, c.text));
                painter.drawPixmap(i % 10 * 64 + 44, i / 10 * 64 + 24,
                                   iconPixmap(icon, 16, c.text));
                ++i;
            }
            painter.drawPixmap(9 * 64, 5 * 64, applicationIcon().pixmap(64));
            painter.end();
            QVERIFY(QDir(STRATA_BINARY_DIR).mkpath("screenshots"));
            QVERIFY(sheet.save(QString(STRATA_BINARY_DIR "/screenshots/icons_%1.png")
                                   .arg(kind == ThemeKind::Dark ? "dark" : "light")));
        }
    }
};

QTEST_MAIN(TestTheme)
#include "test_theme.moc"
