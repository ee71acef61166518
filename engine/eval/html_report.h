// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace strata {

/// What a report shows, in this order within a section. Texts are plain; htmlReport() escapes them.
struct ReportTable {
    std::vector<std::string> columns; // the first is the rows' name, the others are numbers
    std::vector<std::vector<std::string>> rows;
};

struct ReportLine {
    std::string name;
    std::vector<double> values; // at 0, 1, 2, ...; not finite: a gap
};

struct ReportChart {
    std::string across, up; // what the axes say
    std::vector<ReportLine> lines;
};

struct ReportPicture {
    std::string caption;
    std::string type;  // "image/png"
    std::string bytes; // of the file
};

struct ReportSection {
    std::string title;
    std::string text;
    std::vector<ReportTable> tables;
    std::vector<ReportChart> charts;
    std::vector<ReportPicture> pictures;
};

/// One HTML file that needs nothing else: tables, charts (SVG) and pictures are in it. Dark or
/// light as the reader's system is.
std::string htmlReport(const std::string& title, const std::vector<ReportSection>& sections);

} // namespace strata
