// SPDX-License-Identifier: Apache-2.0
#include "ui/playback/sound_player.h"

#include "engine/core/atomic_file.h"
#include "tests/support/wave_file.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <array>
#include <cmath>

using namespace strata;
using namespace strata::ui;
namespace fs = std::filesystem;

namespace {

constexpr int kRate = 48000;

/// Stereo, ten seconds: each sample tells its own time, 0..1 for the whole.
std::string tellingTime() {
    return test::waveFile(kRate, 2, kRate * 10, [](int i, int) { return i / 16 + 1; });
}

double secondsOf(float sample) { return (double(sample) * 32768 - 1) * 16 / kRate; }

/// A device that the test listens to.
struct Listener {
    QIODevice* source = nullptr;
    int starts = 0;
    double heard = 0;

    /// The next stretch; where the first sound in it is from, -1 for silence.
    double hear(double seconds) {
        if (!source)
            return -1;
        std::vector<float> samples(std::size_t(seconds * kRate) * 2);
        const auto bytes = qint64(samples.size() * sizeof(float));
        if (source->read(reinterpret_cast<char*>(samples.data()), bytes) != bytes)
            return -2;
        heard += seconds;
        const auto sound =
            std::find_if(samples.begin(), samples.end(), [](float v) { return v > 0; });
        return sound == samples.end() ? -1 : secondsOf(*sound);
    }
};

class ListeningOutput : public SoundOutput {
public:
    explicit ListeningOutput(Listener& listener)
        : m_listener(listener) {}
    int sampleRate() const override { return kRate; }
    void start(QIODevice& source) override {
        m_listener.source = &source;
        m_listener.heard = 0;
        ++m_listener.starts;
    }
    void stop() override { m_listener.source = nullptr; }
    double secondsHeard() const override { return m_listener.heard; }

private:
    Listener& m_listener;
};

} // namespace

class TestSoundPlayer : public QObject {
    Q_OBJECT
    QTemporaryDir m_dir;
    Listener m_listener;
    std::unique_ptr<SoundPlayer> m_player;
    fs::path clip() const { return fs::path(m_dir.path().toStdString()) / "time.wav"; }

    /// What is heard once the decoder has come so far.
    double heardSoon() {
        double first = -1;
        (void)QTest::qWaitFor([&] { return (first = m_listener.hear(0.01)) >= 0; }, 5000);
        return first;
    }

private Q_SLOTS:
    void initTestCase() { QVERIFY(writeFileAtomically(clip(), tellingTime())); }
    void init() {
        m_listener = {};
        m_player = std::make_unique<SoundPlayer>(
            [this] { return std::make_unique<ListeningOutput>(m_listener); });
        m_player->open(clip(), {});
    }
    void cleanup() { m_player.reset(); }

    void soundIsThatOfTheMoment() {
        m_player->follow(3.5, 1);
        QVERIFY(m_player->isPlaying());
        const double first = heardSoon();
        QVERIFY2(std::abs(first - 3.5) < 0.001, qPrintable(QString::number(first)));
        double last = first;
        for (int i = 0; i < 100; ++i) { // two more seconds, without a gap
            QTest::qWait(2);
            const double now = m_listener.hear(0.02);
            if (now < 0)
                continue; // this machine was busy: silence, and it goes on where it was
            QVERIFY2(now > last && now < last + 0.05,
                     qPrintable(QString("%1 after %2").arg(now).arg(last)));
            last = now;
        }
        QVERIFY(last > 4.5);
    }

    void aJumpIsFollowedAndSmallDriftIsNot() {
        m_player->follow(1, 1);
        QVERIFY(heardSoon() >= 1);
        m_player->follow(1 + m_listener.heard + 0.05, 1);
        QCOMPARE(m_listener.starts, 1);
        m_player->follow(7, 1);
        QCOMPARE(m_listener.starts, 2);
        const double first = heardSoon();
        QVERIFY2(std::abs(first - 7) < 0.001, qPrintable(QString::number(first)));
    }

    void onlyTheClipsOwnSpeedIsHeard() {
        for (const int speed : {0, 2, -1}) {
            m_player->follow(1, 1);
            QVERIFY(m_player->isPlaying());
            m_player->follow(1, speed);
            QVERIFY(!m_player->isPlaying());
            QVERIFY(!m_listener.source);
        }
        m_player->setMuted(true);
        m_player->follow(1, 1);
        QVERIFY(!m_player->isPlaying());
        m_player->setMuted(false);
        m_player->follow(1, 1);
        QVERIFY(m_player->isPlaying());
    }

    void theEndAndClipsWithoutSoundAreSilence() {
        m_player->follow(9.9, 1);
        QVERIFY(heardSoon() >= 9.9);
        QTest::qWait(50);
        for (int i = 0; i < 20; ++i)
            m_listener.hear(0.05);
        QCOMPARE(m_listener.hear(0.05), -1.0);
        m_player->follow(2, 1); // back again
        QVERIFY(std::abs(heardSoon() - 2) < 0.001);
        m_player->open(STRATA_SOURCE_DIR "/assets/samples/walk.mp4", {});
        m_player->follow(0, 1);
        QTest::qWait(100);
        QCOMPARE(m_listener.hear(0.05), -1.0);
        m_player->open(clip(), {});
        m_player->follow(5, 1);
        QVERIFY(std::abs(heardSoon() - 5) < 0.001);
    }

    void withoutADeviceNothingHappens() {
        SoundPlayer silent([] { return std::unique_ptr<SoundOutput>(); });
        silent.open(clip(), {});
        silent.follow(1, 1);
        QVERIFY(!silent.isPlaying());
    }
};

QTEST_GUILESS_MAIN(TestSoundPlayer)
#include "test_sound_player.moc"
