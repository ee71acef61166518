// SPDX-License-Identifier: Apache-2.0
#include "engine/protocol/codec.h"

#include <QTest>

#include <cmath>
#include <limits>
#include <random>

using namespace strata;
using namespace strata::protocol;

namespace {

ClipChoice someClip() { return {"/clips/März 1.mp4", FrameRange{10, 46}, 2, "/b/smpl.pkl"}; }

EditChoice someEdit() {
    EditChoice edit;
    edit.clip = someClip();
    edit.identity = "/p/\"quoted\"\n.png";
    edit.motion = "/m/walk.bvh";
    edit.scene = "/s/beach.jpg";
    edit.keepOccluder = false;
    edit.personInFront = true;
    edit.personTrim = {-2.5, 4};
    edit.occluderTrim = {8, 0};
    edit.personStrokes = {{41, true, 6.5, {{10.5f, 20}, {30, 40.0625f}}}, {12, false, 3, {{1, 2}}}};
    edit.occluderStrokes = {{0, true, 8, {{0, 0}}}};
    edit.seed = std::numeric_limits<std::uint64_t>::max();
    edit.generator = GeneratorChoice{512, 12, 2.5, 0.25, 0.75, true, "cuda", "half", true};
    edit.settings = {"h265", 20.5, "fast", false};
    return edit;
}

std::vector<Request> allRequests() {
    EditChoice plain;
    plain.templateFolder = "/t";
    plain.scene = "/s";
    return {Decompose{1, someClip(), "/out", true},
            Decompose{kMaxId, {"/a.mp4", {}, {}, {}}, {}, false},
            Preview{2, someEdit(), {12, 13}},
            Edit{3, someEdit(), "/out.mp4", "/sheet.png"},
            Edit{4, plain, "/out.mp4", {}},
            FetchModels{5, "lite"},
            Cancel{6},
            Ping{7},
            ListModels{8},
            Shutdown{}};
}

std::vector<Event> allEvents() {
    const Model model{"modnet",     "lite",
                      "MODNet",     "matting",
                      "Apache-2.0", "https://example.org",
                      25888640,     ModelPresence::Damaged};
    const Person person{3, true, {5, 90}, 80, 70, 0.625, 44, {1.5, 2, 30, 40}};
    return {Hello{kVersion, "strata 1", "cuda", "A GPU", "/cache", {model, model}},
            StateChanged{1, JobState::Cancelling},
            ProgressMade{2, "depth", 0.5, 24, 48, 2.5, 12.25},
            ProgressMade{2, "depth", 0.5, 24, 48, 0, {}},
            ChunkStored{3, "layers", std::string(64, 'f'), {48, 96}, "/cache/ff", {"a", "b"}, true},
            PeopleFound{4, {person, person}},
            PeopleFound{4, {}},
            Finished{5, {"/out", "/p.png", 48, 1, 0.015, 2.5, "No sound."}},
            Finished{5, {}},
            Failed{6, ErrorCode::Internal, "It broke."},
            Failed{0, ErrorCode::Cancelled, "Cancelled."},
            Pong{7},
            ModelList{8, {model}},
            Log{9, "text"},
            Log{0, "text"}};
}

QString problemOf(const std::string& line) {
    const auto request = decodeRequest(line);
    return request ? QString() : QString::fromStdString(request.error().message);
}

} // namespace

class TestCodec : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void requestsComeBackAsTheyWere() {
        for (const Request& request : allRequests()) {
            const std::string line = encode(request);
            QVERIFY2(line.find('\n') == std::string::npos, line.c_str());
            const auto back = decodeRequest(line);
            QVERIFY2(back, back ? "" : back.error().message.c_str());
            QVERIFY2(*back == request, line.c_str());
        }
    }

    void eventsComeBackAsTheyWere() {
        for (const Event& event : allEvents()) {
            const std::string line = encode(event);
            QVERIFY2(line.find('\n') == std::string::npos, line.c_str());
            const auto back = decodeEvent(line);
            QVERIFY2(back, back ? "" : back.error().message.c_str());
            QVERIFY2(*back == event, line.c_str());
        }
    }

    void theLineIsAsDocumented() {
        QCOMPARE(
            QByteArray::fromStdString(
                encode(Request(Decompose{1, {"/a.mp4", FrameRange{0, 48}, {}, {}}, {}, false}))),
            QByteArray(
                R"({"frames":{"begin":0,"end":48},"id":1,"request":"decompose","video":"/a.mp4"})"));
        QCOMPARE(
            QByteArray::fromStdString(encode(Event(Failed{1, ErrorCode::Cancelled, "Cancelled."}))),
            QByteArray(R"({"code":"cancelled","event":"error","id":1,"message":"Cancelled."})"));
    }

    void everyErrorCodeHasItsName() {
        for (int code = int(ErrorCode::Cancelled); code <= int(ErrorCode::Internal); ++code) {
            const Event event = Failed{1, ErrorCode(code), "x"};
            const auto back = decodeEvent(encode(event));
            QVERIFY(back && *back == event);
        }
        QCOMPARE(QString(codeName(ErrorCode::NotFound)), QString("not_found"));
        QCOMPARE(QString(codeName(ErrorCode::Internal)), QString("internal"));
    }

    void unknownFieldsArePassedOver() {
        const auto request = decodeRequest(R"({"request":"ping","id":3,"mood":["good",{}]})");
        QVERIFY(request && *request == Request(Ping{3}));
    }

    void nonsenseIsRefusedWithASentence_data() {
        QTest::addColumn<QByteArray>("line");
        const QByteArray lines[] = {
            "",
            "x",
            "null",
            "[]",
            "\"decompose\"",
            "{",
            "{}",
            R"({"request":1,"id":1})",
            R"({"request":"decompose","id":1})",
            R"({"request":"fly","id":1})",
            R"({"id":1})",
            R"({"request":"ping"})",
            R"({"request":"ping","id":0})",
            R"({"request":"ping","id":-1})",
            R"({"request":"ping","id":1.5})",
            R"({"request":"ping","id":"1"})",
            R"({"request":"ping","id":9007199254740992})",
            R"({"request":"ping","id":99999999999999999999999})",
            R"({"request":"decompose","id":1,"video":7})",
            R"({"request":"decompose","id":1,"video":""})",
            R"({"request":"decompose","id":1,"video":"/a\u0000.mp4"})",
            "{\"request\":\"decompose\",\"id\":1,\"video\":\"\xff\"}",
            R"({"request":"decompose","id":1,"video":"/a","frames":[0,5]})",
            R"({"request":"decompose","id":1,"video":"/a","frames":{"begin":0}})",
            R"({"request":"decompose","id":1,"video":"/a","frames":{"begin":5,"end":5}})",
            R"({"request":"decompose","id":1,"video":"/a","frames":{"begin":-1,"end":5}})",
            R"({"request":"decompose","id":1,"video":"/a","frames":{"begin":0,"end":18446744073709551615}})",
            R"({"request":"decompose","id":1,"video":"/a","person":-1})",
            R"({"request":"decompose","id":1,"video":"/a","person":4294967297})",
            R"({"request":"decompose","id":1,"video":"/a","overwrite":1})",
            R"({"request":"edit","id":1,"video":"/a","out":"/b"})",
            R"({"request":"edit","id":1,"identity":"/a","out":"/b"})",
            R"({"request":"edit","id":1,"video":"/a","template":"/t","identity":"/a","out":"/b"})",
            R"({"request":"edit","id":1,"video":"/a","identity":"/i"})",
            R"({"request":"edit","id":1,"video":"/a","identity":"/i","out":"/b","export":{"codec":"gif"}})",
            R"({"request":"edit","id":1,"video":"/a","identity":"/i","out":"/b","export":{"crf":1e999}})",
            R"({"request":"edit","id":1,"video":"/a","identity":"/i","out":"/b","export":{"preset":"-x"}})",
            R"({"request":"edit","id":1,"video":"/a","identity":"/i","out":"/b","generator":{"steps":0}})",
            R"({"request":"edit","id":1,"video":"/a","identity":"/i","out":"/b","generator":{"guide_from":0.9,"guide_to":0.1}})",
            R"({"request":"preview","id":1,"video":"/a","identity":"/i"})",
            R"({"request":"preview","id":1,"video":"/a","identity":"/i","show":{"begin":3,"end":2}})",
            R"({"request":"fetch_models","id":1,"what":""})",
        };
        for (const QByteArray& line : lines)
            QTest::newRow(line.left(90).constData()) << line;
    }
    void nonsenseIsRefusedWithASentence() {
        QFETCH(QByteArray, line);
        const QString problem = problemOf(line.toStdString());
        QVERIFY(!problem.isEmpty());
        QVERIFY2(problem.endsWith('.') && problem.size() < 200, qPrintable(problem));
        QVERIFY(!decodeEvent(line.toStdString()));
    }

    void theIdIsKnownEvenIfTheRestIsNot() {
        JobId id = 5;
        QVERIFY(!decodeRequest(R"({"request":"decompose","id":77})", &id));
        QCOMPARE(id, JobId(77));
        QVERIFY(!decodeRequest("rubbish", &id));
        QCOMPARE(id, JobId(0));
    }

    void deepNestingAndLengthAreNoDanger() {
        QVERIFY(!problemOf(std::string(500000, '[')).isEmpty());
        // Fields that are not known, so passed over.
        const std::string ping = "{\"request\":\"ping\",\"id\":1,\"x\":";
        QVERIFY(
            problemOf(ping + std::string(200000, '[') + std::string(200000, ']') + '}').isEmpty());
        const std::string tooLong = ping + '"' + std::string(kMaxLineBytes, 'a') + "\"}";
        QVERIFY(!problemOf(tooLong).isEmpty());
    }

    void whatCannotBeWrittenIsReplaced() {
        const auto bad = decodeEvent(encode(Event(Log{1, "a\xff\xfe"})));
        QVERIFY(bad && std::get<Log>(*bad).text.starts_with("a"));
        const auto number =
            decodeEvent(encode(Event(ProgressMade{1, "s", std::nan(""), 0, 0, HUGE_VAL, {}})));
        QVERIFY(number);
        QCOMPARE(std::get<ProgressMade>(*number).fraction, 0.0);
        QCOMPARE(std::get<ProgressMade>(*number).fps, 0.0);
    }

    // Whatever bytes arrive, they are refused or understood; what is understood makes sense.
    void changedLinesNeverBreakIt() {
        std::mt19937 random(7);
        std::vector<std::string> lines;
        for (const Request& request : allRequests())
            lines.push_back(encode(request));
        for (const Event& event : allEvents())
            lines.push_back(encode(event));
        int understood = 0;
        for (int round = 0; round < 20000; ++round) {
            std::string line = lines[random() % lines.size()];
            for (unsigned changes = 1 + random() % 3; changes > 0 && !line.empty(); --changes) {
                const std::size_t at = random() % line.size();
                switch (random() % 3) {
                case 0:
                    line[at] = char(random());
                    break;
                case 1:
                    line.erase(at, 1 + random() % 4);
                    break;
                default:
                    line.insert(at, 1, "0{}[]\",:-"[random() % 9]);
                }
            }
            const auto request = decodeRequest(line);
            const auto event = decodeEvent(line);
            understood += bool(request) + bool(event);
            if (request) {
                const auto again = decodeRequest(encode(*request));
                QVERIFY2(again && *again == *request, line.c_str());
            }
        }
        QVERIFY(understood > 100); // the changes are small enough to try more than the parser
    }
};

QTEST_GUILESS_MAIN(TestCodec)
#include "test_codec.moc"
