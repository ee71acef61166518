// SPDX-License-Identifier: Apache-2.0
#include "engine/eval/html_report.h"

#include <QtTest>

#include <limits>

using namespace strata;

class TestHtmlReport : public QObject {
    Q_OBJECT

    static bool has(const std::string& page, const std::string& part) {
        return page.find(part) != std::string::npos;
    }

private Q_SLOTS:
    void textsAreEscaped() {
        ReportSection section{"A < B", "\"x\" & y", {}, {}, {}};
        section.tables.push_back({{"who", "<b>"}, {{"a&b", "1"}}});
        const auto page = htmlReport("T>", {section});
        QVERIFY(page.starts_with("<!doctype html>"));
        QVERIFY(has(page, "<title>T&gt;</title>"));
        QVERIFY(has(page, "<h2>A &lt; B</h2>"));
        QVERIFY(has(page, "<p>&quot;x&quot; &amp; y</p>"));
        QVERIFY(has(page, "<th>&lt;b&gt;</th>") && has(page, "<td>a&amp;b</td><td>1</td>"));
    }

    void picturesAreInThePage() {
        ReportSection section{"", "", {}, {}, {}};
        for (const char* bytes : {"Man", "Ma", "M", ""})
            section.pictures.push_back({"p", "image/png", bytes});
        const auto page = htmlReport("", {section});
        QVERIFY(has(page, "data:image/png;base64,TWFu\""));
        QVERIFY(has(page, "base64,TWE=\"") && has(page, "base64,TQ==\"") && has(page, "base64,\""));
    }

    void linesRunThroughTheirValues() {
        const double gap = std::numeric_limits<double>::quiet_NaN();
        ReportSection section{"", "", {}, {}, {}};
        section.charts.push_back({"step", "loss", {{"one", {0, 10, gap, 5, 0}}, {"two", {gap}}}});
        const auto page = htmlReport("", {section});
        // 0 and 10 are marks of the axis, so they lie at the bottom and the top of the drawing.
        QVERIFY(has(page, "d=\"M60.0 276.0L240.0 30.0M600.0 153.0L780.0 276.0\""));
        QVERIFY(has(page, "d=\"\"") && has(page, ">one</text>") && has(page, ">two</text>"));
        QVERIFY(has(page, ">loss</text>") && has(page, ">step</text>"));
    }

    void aChartWithoutValuesIsDrawn() {
        ReportSection section{"", "", {}, {}, {}};
        section.charts.push_back({"x", "y", {}});
        QVERIFY(has(htmlReport("", {section}), "<svg"));
    }
};

QTEST_GUILESS_MAIN(TestHtmlReport)
#include "test_html_report.moc"
