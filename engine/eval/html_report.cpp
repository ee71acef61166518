// SPDX-License-Identifier: Apache-2.0
#include "engine/eval/html_report.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <limits>

namespace strata {
namespace {

constexpr const char* kStyle =
    ":root{color-scheme:light dark}"
    "body{font:15px/1.5 system-ui,sans-serif;max-width:1100px;margin:2em auto;padding:0 1em}"
    "table{border-collapse:collapse;margin:1em 0}"
    "th,td{padding:.3em .9em;border-bottom:1px solid #8886;text-align:right}"
    "th:first-child,td:first-child{text-align:left}"
    "svg{width:100%;max-width:800px;height:auto;display:block}"
    "svg text{fill:currentColor;font-size:12px}"
    "figure{margin:1.5em 0}img{max-width:100%}figcaption{opacity:.8}";
// Told apart by people who see red and green alike (after Okabe and Ito).
constexpr std::array kColors{"#0072b2", "#e69f00", "#009e73", "#cc79a7", "#d55e00", "#56b4e9"};

constexpr double kWide = 800, kHigh = 320, kLeft = 60, kRight = 20, kTop = 30, kBottom = 44;

std::string escaped(const std::string& text) {
    std::string out;
    for (const char c : text) {
        if (c == '&')
            out += "&amp;";
        else if (c == '<')
            out += "&lt;";
        else if (c == '>')
            out += "&gt;";
        else if (c == '"')
            out += "&quot;";
        else
            out += c;
    }
    return out;
}

std::string number(double value, const char* format = "%.1f") {
    char text[40];
    std::snprintf(text, sizeof text, format, value);
    return text;
}

std::string base64(const std::string& bytes) {
    constexpr const char* kDigits =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    out.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const std::size_t there = std::min<std::size_t>(3, bytes.size() - i);
        std::uint32_t group = 0;
        for (std::size_t k = 0; k < 3; ++k)
            group = group << 8 | (k < there ? std::uint8_t(bytes[i + k]) : 0U);
        for (std::size_t k = 0; k < 4; ++k)
            out += k <= there ? kDigits[group >> (18 - 6 * k) & 63] : '=';
    }
    return out;
}

/// A step between marks of an axis: 1, 2 or 5 times a power of ten.
double stepFor(double span) {
    const double rough = std::max(span, 1e-12) / 5;
    const double power = std::pow(10, std::floor(std::log10(rough)));
    for (const double factor : {1.0, 2.0, 5.0})
        if (factor * power >= rough)
            return factor * power;
    return 10 * power;
}

/// From values to places in the drawing.
struct Axes {
    double most = 1;          // across; the least is 0
    double low = 0, high = 1; // up

    double x(double value) const { return kLeft + value / most * (kWide - kLeft - kRight); }
    double y(double value) const {
        return kHigh - kBottom - (value - low) / (high - low) * (kHigh - kTop - kBottom);
    }
};

Axes axesOf(const ReportChart& chart) {
    Axes axes;
    double low = std::numeric_limits<double>::infinity(), high = -low;
    for (const auto& line : chart.lines) {
        axes.most = std::max(axes.most, double(line.values.size()) - 1);
        for (const double value : line.values)
            if (std::isfinite(value)) {
                low = std::min(low, value);
                high = std::max(high, value);
            }
    }
    if (!(low <= high))
        return axes;
    const double step = stepFor(high - low);
    axes.low = std::floor(low / step) * step;
    axes.high = std::max(std::ceil(high / step) * step, axes.low + step);
    return axes;
}

std::string text(double x, double y, const char* anchor, const std::string& content) {
    return "<text x=\"" + number(x) + "\" y=\"" + number(y) + "\" text-anchor=\"" + anchor + "\">" +
           escaped(content) + "</text>";
}

std::string grid(const Axes& axes, const ReportChart& chart) {
    std::string out;
    const auto rule = [&](double x0, double y0, double x1, double y1) {
        out += "<line x1=\"" + number(x0) + "\" y1=\"" + number(y0) + "\" x2=\"" + number(x1) +
               "\" y2=\"" + number(y1) + "\" stroke=\"#8886\"/>";
    };
    const double up = stepFor(axes.high - axes.low);
    for (double value = axes.low; value <= axes.high + up / 2; value += up) {
        rule(kLeft, axes.y(value), kWide - kRight, axes.y(value));
        out += text(kLeft - 8, axes.y(value) + 4, "end", number(value, "%g"));
    }
    const double across = std::max(stepFor(axes.most), 1.0);
    for (double value = 0; value <= axes.most; value += across)
        out += text(axes.x(value), kHigh - kBottom + 18, "middle", number(value, "%g"));
    out += text(kWide / 2, kHigh - 6, "middle", chart.across);
    return out + text(kLeft, 16, "start", chart.up);
}

std::string path(const Axes& axes, const ReportLine& line) {
    std::string out;
    bool pen = false;
    for (std::size_t i = 0; i < line.values.size(); ++i) {
        const double value = line.values[i];
        if (std::isfinite(value))
            out += (pen ? "L" : "M") + number(axes.x(double(i))) + " " + number(axes.y(value));
        pen = std::isfinite(value);
    }
    return out;
}

std::string drawn(const ReportChart& chart) {
    const Axes axes = axesOf(chart);
    std::string out = "<svg viewBox=\"0 0 " + number(kWide, "%g") + " " + number(kHigh, "%g") +
                      "\" role=\"img\" aria-label=\"" + escaped(chart.up) + "\">";
    out += grid(axes, chart);
    double legend = kWide - kRight;
    for (std::size_t i = chart.lines.size(); i-- > 0;) {
        const auto& line = chart.lines[i];
        const std::string color = kColors[i % kColors.size()];
        out += "<path d=\"" + path(axes, line) + "\" fill=\"none\" stroke=\"" + color +
               "\" stroke-width=\"2\"/>";
        out += text(legend, 16, "end", line.name);
        legend -= 8.0 * double(line.name.size()) + 8;
        out += "<rect x=\"" + number(legend) + "\" y=\"8\" width=\"6\" height=\"6\" fill=\"" +
               color + "\"/>";
        legend -= 16;
    }
    return out + "</svg>\n";
}

std::string written(const ReportTable& table) {
    std::string out = "<table><tr>";
    for (const auto& column : table.columns)
        out += "<th>" + escaped(column) + "</th>";
    out += "</tr>\n";
    for (const auto& row : table.rows) {
        out += "<tr>";
        for (const auto& cell : row)
            out += "<td>" + escaped(cell) + "</td>";
        out += "</tr>\n";
    }
    return out + "</table>\n";
}

std::string shown(const ReportPicture& picture) {
    return "<figure><img alt=\"" + escaped(picture.caption) +
           "\" src=\"data:" + escaped(picture.type) + ";base64," + base64(picture.bytes) +
           "\"><figcaption>" + escaped(picture.caption) + "</figcaption></figure>\n";
}

} // namespace

std::string htmlReport(const std::string& title, const std::vector<ReportSection>& sections) {
    std::string out = "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>" +
                      escaped(title) + "</title><style>" + kStyle + "</style></head><body>\n<h1>" +
                      escaped(title) + "</h1>\n";
    for (const auto& section : sections) {
        out += "<h2>" + escaped(section.title) + "</h2>\n";
        if (!section.text.empty())
            out += "<p>" + escaped(section.text) + "</p>\n";
        for (const auto& table : section.tables)
            out += written(table);
        for (const auto& chart : section.charts)
            out += drawn(chart);
        for (const auto& picture : section.pictures)
            out += shown(picture);
    }
    return out + "</body></html>\n";
}

} // namespace strata
