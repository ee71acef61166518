// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/media/numbered_clip.h"

#include "engine/core/atomic_file.h"
#include "engine/media/image_io.h"

#include <QTest>

#include <random>

using namespace strata;
namespace fs = std::filesystem;

class TestVideoReader : public QObject {
    Q_OBJECT
    QTemporaryDir m_dir;
    fs::path in(const char* name) const { return fs::path(m_dir.path().toStdString()) / name; }

    /// The message a file is refused with; empty if it opens.
    static std::string refusal(const fs::path& path) {
        const auto reader = VideoReader::open(path);
        return reader ? std::string() : reader.error().message;
    }

    /// Rewrites the display matrix in an MP4's track header.
    static void rotate(const fs::path& path, const std::array<int, 4>& turn) {
        std::string bytes = *readFile(path);
        const std::size_t header = bytes.find("tkhd");
        const std::array<std::size_t, 4> places{44, 48, 56, 60}; // a b, c d after type and version
        for (std::size_t i = 0; i < 4; ++i) {
            const auto value = std::uint32_t(turn[i]) << 16;
            for (int k = 0; k < 4; ++k)
                bytes[header + places[i] + std::size_t(k)] = char(value >> (24 - 8 * k));
        }
        QVERIFY(writeFileAtomically(path, bytes));
    }

private Q_SLOTS:
    void everyFrameOfALongGopIsExactInAnyOrder() {
        auto options = clips::small();
        options.keyframeInterval = 90;
        QVERIFY(clips::make(in("gop.mp4"), options, 200));
        auto reader = *VideoReader::open(in("gop.mp4"));
        QCOMPARE(reader->frameCount(), 200);
        std::vector<VideoReader::Frame> inOrder;
        for (int i = 0; i < 200; ++i) {
            inOrder.push_back(*reader->frame(i));
            QCOMPARE(clips::numberIn(*inOrder.back()), i);
        }
        auto other = *VideoReader::open(in("gop.mp4"), {.readAhead = 0, .cachedFrames = 1});
        std::mt19937 random(7);
        for (int k = 0; k < 60; ++k) {
            const int i = int(random() % 200);
            const auto a = *reader->frame(i);
            const auto b = *other->frame(i);
            QVERIFY2(*a == *inOrder[std::size_t(i)], qPrintable(QString::number(i)));
            QVERIFY2(*b == *a, qPrintable(QString::number(i)));
        }
        QCOMPARE(reader->damagedFrames(), 0);
    }

    void goingBackwardsAndJumpingWhileReadingAheadStaysExact() {
        auto reader = *VideoReader::open(in("gop.mp4"));
        for (const int i : {5, 6, 7, 8, 150, 151, 152, 20, 19, 18, 17, 199, 0, 1, 2, 90, 89})
            QCOMPARE(clips::numberIn(**reader->frame(i)), i);
        QVERIFY(!reader->frame(200));
        QVERIFY(!reader->frame(-1));
    }

    void h265IsExactToo() {
        auto options = clips::small();
        options.codec = VideoCodec::H265;
        options.preset = "ultrafast";
        QVERIFY(clips::make(in("h265.mp4"), options, 40));
        auto reader = *VideoReader::open(in("h265.mp4"));
        QCOMPARE(reader->frameCount(), 40);
        for (const int i : {39, 3, 20, 0})
            QCOMPARE(clips::numberIn(**reader->frame(i)), i);
    }

    void theRateIsExact() {
        auto options = clips::small();
        options.fps = {30000, 1001};
        QVERIFY(clips::make(in("ntsc.mp4"), options, 31));
        QVERIFY(clips::make(in("ntsc.mkv"), options, 31));
        for (const char* name : {"ntsc.mp4", "ntsc.mkv"}) {
            auto reader = *VideoReader::open(in(name));
            QVERIFY(reader->info().fps == Rational(30000, 1001));
            QVERIFY(!reader->info().isVariable);
            QVERIFY(reader->frameTime(30) == Rational(1001, 1000));
        }
    }

    void variableRateKeepsExactTimes() {
        auto options = clips::small();
        FrameTiming timing{Rational(1, 90000), {}, 0};
        for (int i = 0; i < 40; ++i) {
            timing.pts.push_back(timing.end);
            timing.end += i % 3 == 0 ? 3003 : i % 3 == 1 ? 7007 : 4500;
        }
        options.timing = timing;
        QVERIFY(clips::make(in("vfr.mp4"), options, 40));
        auto reader = *VideoReader::open(in("vfr.mp4"));
        QVERIFY(reader->info().isVariable);
        QCOMPARE(reader->frameCount(), 40);
        QVERIFY(reader->timing().pts == timing.pts);
        QCOMPARE(reader->timing().end, timing.end);
        QVERIFY(reader->frameTime(2) == Rational(10010, 90000));
        QCOMPARE(reader->frameAt(10009.0 / 90000), 1);
        QCOMPARE(reader->frameAt(10010.0 / 90000), 2);
        QCOMPARE(clips::numberIn(**reader->frame(33)), 33);
        QVERIFY(reader->timing().cut({1, 3}).pts == (std::vector<std::int64_t>{0, 7007}));
        QCOMPARE(reader->timing().cut({1, 3}).end, 11507);
    }

    void rotationIsApplied() {
        const std::array<std::pair<int, std::array<int, 4>>, 3> turns{
            {{90, {0, 1, -1, 0}}, {180, {-1, 0, 0, -1}}, {270, {0, -1, 1, 0}}}};
        for (const auto& [degrees, matrix] : turns) {
            QVERIFY(clips::make(in("turned.mp4"), clips::small(), 3));
            auto plain = *VideoReader::open(in("turned.mp4"));
            rotate(in("turned.mp4"), matrix);
            auto reader = *VideoReader::open(in("turned.mp4"));
            QCOMPARE(reader->info().rotation, degrees);
            const auto a = *plain->frame(2);
            const auto b = *reader->frame(2);
            const bool side = degrees != 180;
            QVERIFY(b->size() == (side ? Size{96, 160} : Size{160, 96}));
            QVERIFY(reader->frameSize() == b->size());
            // The top left pixel of the stored picture goes clockwise round the corners.
            const int x = degrees == 270 ? 0 : b->width() - 1;
            const int y = degrees == 90 ? 0 : b->height() - 1;
            for (int c = 0; c < 3; ++c)
                QCOMPARE(b->at(x, y, c), a->at(0, 0, c));
        }
    }

    void tenBitsAreKept() {
        auto options = clips::small();
        options.bitDepth = 10;
        options.crf = 1;
        auto writer = *VideoWriter::open(in("ten.mp4"), options);
        ImageU16 ramp(160, 96, 3);
        for (int y = 0; y < 96; ++y)
            for (int x = 0; x < 160; ++x)
                for (int c = 0; c < 3; ++c)
                    ramp.at(x, y, c) = std::uint16_t(65535 * (y * 160 + x) / (96 * 160 - 1));
        QVERIFY(writer->write(0, ramp));
        QVERIFY(writer->finish());
        auto reader = *VideoReader::open(in("ten.mp4"));
        QCOMPARE(reader->info().bitDepth, 10);
        const auto frame = *reader->frame16(0);
        double error = 0;
        for (std::size_t i = 0; i < frame->count(); ++i)
            error += std::abs(double(frame->data()[i]) - ramp.data()[i]);
        QVERIFY2(error / double(frame->count()) < 100, "mean error above 0.15 % of full scale");
        QVERIFY(frame->at(159, 95, 1) > 65300);
        QVERIFY((*reader->frame(0))->at(159, 95, 1) >= 254);
    }

    void oneFrameIsAClip() {
        QVERIFY(clips::make(in("one.mp4"), clips::small(), 1));
        auto reader = *VideoReader::open(in("one.mp4"));
        QCOMPARE(reader->frameCount(), 1);
        QVERIFY(reader->info().fps == Rational(25));
        QVERIFY(reader->info().duration == Rational(1, 25));
        QCOMPARE(clips::numberIn(**reader->frame(0)), 0);
    }

    void aTruncatedFileGivesTheFramesThatDecode() {
        auto options = clips::small({320, 192});
        options.crf = 1;
        options.keyframeInterval = 20;
        QVERIFY(clips::make(in("whole.mp4"), options, 100));
        QVERIFY(clips::make(in("whole.mkv"), options, 100));
        for (const char* name : {"whole.mp4", "whole.mkv"}) {
            const std::string bytes = *readFile(in(name));
            const fs::path cut = in("cut") += fs::path(name).extension();
            QVERIFY(
                writeFileAtomically(cut, std::string_view(bytes).substr(0, bytes.size() * 6 / 10)));
            auto reader = VideoReader::open(cut);
            QVERIFY2(bool(reader), name);
            const auto count = (*reader)->frameCount();
            QVERIFY2(count > 20 && count < 90, qPrintable(QString::number(count)));
            QVERIFY((*reader)->info().isTruncated);
            for (std::int64_t i = 0; i < count - 5; ++i)
                QCOMPARE(clips::numberIn(**(*reader)->frame(i)), i);
            for (std::int64_t i = count - 5; i < count; ++i)
                QVERIFY((*reader)->frame(i));
            QCOMPARE((*reader)->damagedFrames(), 0);
        }
        const std::string bytes = *readFile(in("whole.mp4"));
        QVERIFY(writeFileAtomically(in("stub.mp4"), std::string_view(bytes).substr(0, 200)));
        QVERIFY(refusal(in("stub.mp4")).find("stub.mp4") != std::string::npos);
    }

    void whatIsNoVideoIsRefusedByName() {
        QVERIFY(writeFileAtomically(in("empty.mp4"), ""));
        QVERIFY(writeFileAtomically(in("text.mp4"), "This is a letter, not a film.\n"));
        QVERIFY(writeFileAtomically(in("text.txt"), "This is a letter, not a film.\n"));
        clips::writeWav(in("sound.wav"), 8000);
        QVERIFY(refusal(in("empty.mp4")).ends_with("empty.mp4 is empty."));
        QVERIFY(refusal(in("text.mp4"))
                    .ends_with("text.mp4 is not a video, or is damaged beyond reading."));
        QVERIFY(refusal(in("text.txt"))
                    .ends_with("text.txt is not a video, or is damaged beyond reading."));
        QVERIFY(refusal(in("sound.wav")).ends_with("sound.wav has no video stream."));
        QVERIFY(refusal(in("none.mp4")).starts_with("There is no file "));
        const auto playlist = "#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\n" +
                              in("one.mp4").string() + "\n#EXT-X-ENDLIST\n";
        QVERIFY(writeFileAtomically(in("list.m3u8"), playlist));
        QVERIFY(!refusal(in("list.m3u8")).empty());
    }

    void picturesAreClips() {
        fs::create_directory(in("pictures"));
        for (const int i : {1, 2, 9, 10, 11}) {
            std::string name = "f";
            name.append(std::to_string(i)).append(".png");
            QVERIFY(writePng(in("pictures") / name, clips::numbered(i, {160, 96})));
        }
        QVERIFY(writeFileAtomically(in("pictures") / "notes.txt", "x"));
        auto folder = *VideoReader::open(in("pictures"));
        auto pattern = *VideoReader::open(in("pictures") / "f%d.png");
        auto single = *VideoReader::open(in("pictures") / "f9.png");
        QCOMPARE(folder->frameCount(), 5);
        QCOMPARE(pattern->frameCount(), 5);
        QCOMPARE(single->frameCount(), 1);
        QVERIFY(single->info().isStill);
        const std::array<int, 5> order{1, 2, 9, 10, 11};
        for (int i = 0; i < 5; ++i)
            QVERIFY(**folder->frame(i) == clips::numbered(order[std::size_t(i)], {160, 96}));
        QVERIFY(!VideoReader::open(in("pictures") / "g%d.png"));
    }

    void hugePicturesAreRefusedBeforeTheyAreDecoded() {
        std::string bytes = *readFile(in("pictures") / "f1.png");
        for (const std::size_t at : {16u, 20u})
            bytes.replace(at, 4, std::string("\x00\x01\x00\x00", 4));
        QVERIFY(writeFileAtomically(in("huge.png"), bytes));
        QVERIFY(refusal(in("huge.png")).find("65536x65536") != std::string::npos);
        QVERIFY(!VideoReader::open(in("gop.mp4"), {.maxPixels = 1000}));
    }
};

QTEST_GUILESS_MAIN(TestVideoReader)
#include "test_video_reader.moc"
