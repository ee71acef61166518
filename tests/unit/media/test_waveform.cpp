// SPDX-License-Identifier: Apache-2.0
#include "engine/media/waveform.h"

#include "engine/core/atomic_file.h"
#include "tests/support/wave_file.h"
#include "tests/unit/media/numbered_clip.h"

#include <QTest>

#include <random>

using namespace strata;
namespace fs = std::filesystem;

class TestWaveform : public QObject {
    Q_OBJECT
    QTemporaryDir m_dir;
    fs::path in(const char* name) const { return fs::path(m_dir.path().toStdString()) / name; }

    /// The slow way.
    static AudioPeak scanned(const std::vector<AudioPeak>& peaks, std::size_t begin,
                             std::size_t end) {
        AudioPeak peak = peaks[begin];
        for (std::size_t i = begin; i < end; ++i) {
            peak.low = std::min(peak.low, peaks[i].low);
            peak.high = std::max(peak.high, peaks[i].high);
        }
        return peak;
    }

    /// 1000 samples a second: the left channel holds what `left` says, the right one half of it
    /// with the other sign.
    template <typename Left>
    static void writeStereo(const fs::path& path, int samples, Left&& left) {
        QVERIFY(writeFileAtomically(path, test::waveFile(1000, 2, samples, [&](int i, int channel) {
                                        return channel == 0 ? left(i) : -left(i) / 2;
                                    })));
    }

private Q_SLOTS:
    void anyStretchIsThatOfItsBuckets() {
        std::mt19937 random(3);
        for (const std::size_t count : {1U, 2U, 7U, 8U, 9U, 63U, 64U, 65U, 1000U, 4097U}) {
            std::vector<AudioPeak> peaks(count);
            for (AudioPeak& peak : peaks) {
                peak.high = std::int8_t(int(random() % 200) - 100);
                peak.low = std::int8_t(peak.high - int(random() % 20));
            }
            const Waveform waveform(peaks, 100);
            QCOMPARE(waveform.seconds(), double(count) / 100);
            for (int k = 0; k < 200; ++k) {
                const std::size_t begin = random() % count;
                const std::size_t end = begin + 1 + random() % (count - begin);
                // A little inside the borders, so that rounding cannot decide.
                const auto peak =
                    waveform.between((double(begin) + 0.1) / 100, (double(end) - 0.1) / 100);
                QVERIFY(peak == scanned(peaks, begin, end));
            }
        }
    }

    void outsideTheSoundIsSilence() {
        const Waveform waveform({{-5, 5}, {-9, 9}}, 10);
        QVERIFY(waveform.between(-2, -1) == AudioPeak());
        QVERIFY(waveform.between(0.2, 0.3) == AudioPeak());
        QVERIFY(waveform.between(-1, 5) == (AudioPeak{-9, 9}));
        QVERIFY(waveform.between(0.15, 0.15) == (AudioPeak{-9, 9}));
        QVERIFY(waveform.between(std::nan(""), 1) == AudioPeak());
        QVERIFY(Waveform().between(0, 1) == AudioPeak());
        QVERIFY(Waveform({}, 10).empty());
    }

    void peaksAreThoseOfAllChannels() {
        // Silence, then a step to half of full scale at exactly half a second.
        writeStereo(in("step.wav"), 1000, [](int i) { return i < 500 ? 0 : 16384; });
        const auto waveform = readWaveform(in("step.wav"), {.bucketsPerSecond = 100}, {});
        QVERIFY(waveform);
        QCOMPARE(waveform->peaks().size(), std::size_t(100));
        for (std::size_t i = 0; i < 100; ++i)
            QVERIFY(waveform->peaks()[i] == (i < 50 ? AudioPeak{0, 0} : AudioPeak{-32, 64}));
    }

    void bucketsNeedNotDivideTheRate() {
        writeStereo(in("click.wav"), 1000, [](int i) { return i == 700 ? 32767 : 0; });
        const auto waveform = readWaveform(in("click.wav"), {.bucketsPerSecond = 30}, {});
        QVERIFY(waveform);
        QCOMPARE(waveform->peaks().size(), std::size_t(30));
        for (std::size_t i = 0; i < 30; ++i)
            QCOMPARE(int(waveform->peaks()[i].high), i == 21 ? 127 : 0); // 700 * 30 / 1000
    }

    void theStartMovesTheSound() {
        const auto late =
            readWaveform(in("step.wav"), {.bucketsPerSecond = 100, .start = Rational(1, 4)}, {});
        QCOMPARE(late->peaks().size(), std::size_t(75));
        QVERIFY(late->peaks()[24] == AudioPeak() && late->peaks()[25] == (AudioPeak{-32, 64}));
        const auto early =
            readWaveform(in("step.wav"), {.bucketsPerSecond = 100, .start = Rational(-1, 4)}, {});
        QCOMPARE(early->peaks().size(), std::size_t(125));
        QVERIFY(early->peaks()[74] == AudioPeak() && early->peaks()[75] == (AudioPeak{-32, 64}));
    }

    void whatIsTooLateIsLeftOut() {
        writeStereo(in("long.wav"), 5000, [](int) { return 1000; });
        const auto waveform =
            readWaveform(in("long.wav"), {.bucketsPerSecond = 10, .maxSeconds = 2}, {});
        QCOMPARE(waveform->peaks().size(), std::size_t(20));
    }

    void theSoundOfAClipStandsWhereItsPicturesDo() {
        clips::writeWav(in("tone.wav"), 16000);
        auto options = clips::small();
        options.codec = VideoCodec::Ffv1; // PCM goes into Matroska
        options.audio = AudioCopy{in("tone.wav"), {}, {}};
        QVERIFY(clips::make(in("sound.mkv"), options, 50));
        const auto info = (*VideoReader::open(in("sound.mkv")))->info();
        QVERIFY(info.hasAudio);
        const auto waveform =
            readWaveform(in("sound.mkv"), {.bucketsPerSecond = 100, .start = info.startTime}, {});
        QVERIFY(waveform);
        QVERIFY(std::abs(waveform->seconds() - 2.0) < 0.011);
        // Sample i holds i modulo 10000 at 8000 a second: rises to 9999 at 1.25 s and starts again.
        QCOMPARE(int(waveform->between(1.20, 1.24).high), int(std::lround(9900 / 32768.0 * 127)));
        QVERIFY(waveform->between(1.27, 1.28).high < 3);
    }

    void noSoundAndNoFileAreTold() {
        QVERIFY(clips::make(in("mute.mp4"), clips::small(), 3));
        const auto mute = readWaveform(in("mute.mp4"), {}, {});
        QVERIFY(!mute);
        QCOMPARE(mute.error().code, ErrorCode::NothingToDo);
        QVERIFY(mute.error().message.find("mute.mp4") != std::string::npos);
        QCOMPARE(readWaveform(in("none.wav"), {}, {}).error().code, ErrorCode::NotFound);
        QVERIFY(writeFileAtomically(in("text.wav"), "RIFF and so on"));
        QCOMPARE(readWaveform(in("text.wav"), {}, {}).error().code, ErrorCode::BadFormat);
        QCOMPARE(readWaveform(in("step.wav"), {.bucketsPerSecond = 0}, {}).error().code,
                 ErrorCode::Usage);
    }

    void stopsWhenAsked() {
        std::stop_source stop;
        int reports = 0;
        const JobContext job{stop.get_token(), [&](const Progress&) {
                                 if (++reports == 2)
                                     stop.request_stop();
                             }};
        writeStereo(in("minutes.wav"), 200000, [](int) { return 7; });
        const auto waveform = readWaveform(in("minutes.wav"), {}, job);
        QVERIFY(!waveform);
        QCOMPARE(waveform.error().code, ErrorCode::Cancelled);
        QCOMPARE(reports, 2);
    }
};

QTEST_GUILESS_MAIN(TestWaveform)
#include "test_waveform.moc"
