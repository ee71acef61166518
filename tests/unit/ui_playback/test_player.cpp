// SPDX-License-Identifier: Apache-2.0
#include "ui/playback/player.h"

#include "tests/unit/media/numbered_clip.h"

#include <QSignalSpy>
#include <QTest>

using namespace strata;
using namespace strata::ui;
namespace fs = std::filesystem;

class TestPlayer : public QObject {
    Q_OBJECT
    static constexpr Size kSize{64, 48};
    static constexpr std::int64_t kFrames = 60;
    QTemporaryDir m_dir;
    std::unique_ptr<Player> m_player;
    FrameLayersPtr m_shown;

    fs::path in(const char* name) const { return fs::path(m_dir.path().toStdString()) / name; }

private Q_SLOTS:
    void initTestCase() {
        QVERIFY(clips::make(in("clip.mp4"), clips::small(kSize), kFrames));
        QVERIFY(clips::make(in("plate.mp4"), clips::small(kSize), kFrames));
    }
    void init() {
        m_shown = nullptr;
        m_player = std::make_unique<Player>();
        connect(m_player.get(), &Player::frameReady, this,
                [this](const FrameLayersPtr& frame) { m_shown = frame; });
        m_player->setWantedLayers({LayerKind::Source}, {LayerKind::Source, LayerKind::Plate});
        QSignalSpy opened(m_player.get(), &Player::opened);
        m_player->open(in("clip.mp4"));
        QVERIFY(opened.wait(10000));
        m_player->layers().addFile(LayerKind::Plate, in("plate.mp4"), {0, kFrames});
    }

    void aFrameThatIsLookedAtGetsTheOtherLayersToo() {
        m_player->clock().seek(7);
        QVERIFY(QTest::qWaitFor([&] { return m_shown && m_shown->frame == 7; }, 10000));
        QVERIFY(m_shown->source);
        QVERIFY(QTest::qWaitFor([&] { return bool(m_shown->plate); }, 10000));
        QCOMPARE(m_shown->frame, 7);
        QCOMPARE(clips::numberIn(*m_shown->plate), 7);
    }

    void playingDecodesWhatIsSeenAlone() {
        m_player->clock().seek(0);
        QVERIFY(QTest::qWaitFor([&] { return m_shown && m_shown->plate; }, 10000));
        m_player->clock().play();
        bool dear = false;
        const auto wired =
            connect(m_player.get(), &Player::frameReady, this, [&](const FrameLayersPtr& frame) {
                dear = dear || (frame->frame > 0 && frame->plate);
            });
        QVERIFY(QTest::qWaitFor([&] { return m_shown->frame > 10; }, 10000));
        QVERIFY(!dear);
        disconnect(wired);
        m_player->clock().stop();
        QVERIFY(QTest::qWaitFor([&] { return bool(m_shown->plate); }, 10000));
    }
};

QTEST_GUILESS_MAIN(TestPlayer)
#include "test_player.moc"
