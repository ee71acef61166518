// SPDX-License-Identifier: Apache-2.0
#include "engine/media/audio_reader.h"

#include "engine/core/atomic_file.h"
#include "tests/support/wave_file.h"

#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

using namespace strata;
namespace fs = std::filesystem;

namespace {

constexpr int kRate = 8000;

int leftAt(std::int64_t sample) { return int(sample % 30011) - 15000; }

/// Stereo: the left channel tells which sample it is, the right one has the other sign.
std::string wave(int samples) {
    return test::waveFile(kRate, 2, samples,
                          [](int i, int channel) { return channel == 0 ? leftAt(i) : -leftAt(i); });
}

std::vector<float> readAll(AudioReader& reader, std::size_t pairsAtOnce) {
    std::vector<float> all, piece(pairsAtOnce * 2);
    for (;;) {
        const auto got = reader.read(piece);
        all.insert(all.end(), piece.begin(), piece.begin() + got * 2);
        if (got < std::int64_t(pairsAtOnce))
            return all;
    }
}

} // namespace

class TestAudioReader : public QObject {
    Q_OBJECT
    QTemporaryDir m_dir;
    fs::path in(const char* name) const { return fs::path(m_dir.path().toStdString()) / name; }

private Q_SLOTS:
    void initTestCase() { QVERIFY(writeFileAtomically(in("ramp.wav"), wave(20000))); }

    void everySampleComesOnce() {
        for (const std::size_t pairs : {1U, 7U, 1000U, 4096U, 50000U}) {
            auto reader = AudioReader::open(in("ramp.wav"), kRate, {});
            QVERIFY(reader);
            const auto all = readAll(*reader, pairs);
            QCOMPARE(all.size(), std::size_t(40000));
            for (int i = 0; i < 20000; ++i) {
                QCOMPARE(all[std::size_t(i) * 2], float(leftAt(i)) / 32768);
                QCOMPARE(all[std::size_t(i) * 2 + 1], float(-leftAt(i)) / 32768);
            }
        }
    }

    void anyMomentIsFoundExactly() {
        auto reader = AudioReader::open(in("ramp.wav"), kRate, {});
        QVERIFY(reader);
        std::mt19937 random(4);
        std::vector<float> piece(200);
        for (int k = 0; k < 50; ++k) {
            const auto at = std::int64_t(random() % 19900);
            QVERIFY(reader->seek(double(at) / kRate));
            QCOMPARE(reader->read(piece), std::int64_t(100));
            for (int i = 0; i < 100; ++i)
                QCOMPARE(piece[std::size_t(i) * 2], float(leftAt(at + i)) / 32768);
        }
    }

    void outsideTheSoundIsSilenceOrTheEnd() {
        // The first picture comes half a second before the sound.
        auto reader = AudioReader::open(in("ramp.wav"), kRate, Rational(-1, 2));
        QVERIFY(reader);
        std::vector<float> piece(2 * (kRate / 2 + 10));
        QVERIFY(reader->seek(0));
        QCOMPARE(reader->read(piece), std::int64_t(kRate / 2 + 10));
        QVERIFY(std::all_of(piece.begin(), piece.begin() + kRate, [](float v) { return v == 0; }));
        QCOMPARE(piece[kRate], float(leftAt(0)) / 32768);
        QVERIFY(reader->seek(100));
        QCOMPARE(reader->read(piece), std::int64_t(0));
        QVERIFY(reader->seek(1)); // and goes on after the end
        QCOMPARE(reader->read(std::span(piece).first(2)), std::int64_t(1));
        QCOMPARE(piece[0], float(leftAt(kRate / 2)) / 32768);
    }

    void aCodedSoundIsTheSameAfterASeek() {
        const auto file = in("tone.m4a");
        QCOMPARE(QProcess::execute("ffmpeg",
                                   {"-v", "error", "-f", "lavfi", "-i",
                                    "sine=frequency=440:sample_rate=44100:duration=3", "-c:a",
                                    "aac", "-b:a", "128k", QString::fromStdString(file.string())}),
                 0);
        auto whole = AudioReader::open(file, 48000, {});
        QVERIFY(whole);
        const auto all = readAll(*whole, 4096);
        QVERIFY(std::abs(double(all.size()) / 2 - 3 * 48000) < 4096);
        auto reader = AudioReader::open(file, 48000, {});
        QVERIFY(reader);
        std::vector<float> piece(2 * 4800);
        float loudest = 0, furthest = 0;
        for (const double at : {0.0, 0.5, 1.2345, 2.5}) {
            QVERIFY(reader->seek(at));
            QCOMPARE(reader->read(piece), std::int64_t(4800));
            const auto first = std::size_t(std::llround(at * 48000)) * 2;
            for (std::size_t i = 0; i < piece.size(); ++i) {
                loudest = std::max(loudest, std::abs(piece[i]));
                furthest = std::max(furthest, std::abs(piece[i] - all[first + i]));
            }
        }
        qInfo("loudest %.3f, furthest apart %.5f", double(loudest), double(furthest));
        QVERIFY(loudest > 0.05f);
        QVERIFY(furthest < 0.06f * loudest); // the tone changes by so much from sample to sample
    }

    void whatIsNoSoundIsRefused() {
        const auto silent =
            AudioReader::open(fs::path(STRATA_SOURCE_DIR "/assets/samples/walk.mp4"), kRate, {});
        QVERIFY(!silent);
        QCOMPARE(silent.error().code, ErrorCode::NothingToDo);
        QVERIFY(!AudioReader::open(in("missing.wav"), kRate, {}));
        QVERIFY(!AudioReader::open(in("ramp.wav"), 7, {}));
        QVERIFY(writeFileAtomically(in("cut.wav"), wave(20000).substr(0, 4001)));
        auto cut = AudioReader::open(in("cut.wav"), kRate, {});
        QVERIFY(cut);
        const auto got = readAll(*cut, 512).size() / 2;
        QVERIFY(got > 900 && got < 1000);
    }
};

QTEST_GUILESS_MAIN(TestAudioReader)
#include "test_audio_reader.moc"
