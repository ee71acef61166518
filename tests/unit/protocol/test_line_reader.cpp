// SPDX-License-Identifier: Apache-2.0
#include "engine/protocol/line_reader.h"

#include <QTest>

using namespace strata::protocol;

class TestLineReader : public QObject {
    Q_OBJECT

    static QStringList linesOf(LineReader& reader) {
        QStringList lines;
        while (const auto line = reader.next())
            lines << (line->tooLong ? QString("<too long>") : QString::fromStdString(line->text));
        return lines;
    }

private Q_SLOTS:
    void linesAreFoundHoweverTheBytesArrive() {
        const std::string all = "one\ntwo\r\n\nfour and more\nrest";
        for (std::size_t piece = 1; piece <= all.size(); ++piece) {
            LineReader reader(100);
            QStringList lines;
            for (std::size_t at = 0; at < all.size(); at += piece) {
                reader.add(std::string_view(all).substr(at, piece));
                lines += linesOf(reader);
            }
            QCOMPARE(lines, QStringList({"one", "two", "", "four and more"}));
        }
    }

    void aLineMayBeAsLongAsItMayBe() {
        LineReader reader(5); // with its end
        reader.add("1234\n12345\n1\n");
        QCOMPARE(linesOf(reader), QStringList({"1234", "<too long>", "1"}));
    }

    void aLineThatIsTooLongIsToldOnceAndNotKept() {
        LineReader reader(10);
        QStringList lines;
        for (int i = 0; i < 100; ++i) {
            reader.add("xxxxxxx");
            lines += linesOf(reader);
        }
        reader.add("\nnext\n");
        lines += linesOf(reader);
        QCOMPARE(lines, QStringList({"<too long>", "next"}));
    }
};

QTEST_GUILESS_MAIN(TestLineReader)
#include "test_line_reader.moc"
