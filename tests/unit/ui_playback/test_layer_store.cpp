// SPDX-License-Identifier: Apache-2.0
#include "ui/playback/layer_store.h"

#include <QSignalSpy>
#include <QTest>

using namespace strata;
using namespace strata::ui;

class TestLayerStore : public QObject {
    Q_OBJECT
    static ChunkAnnouncement chunk(const char* stage, FrameRange frames, const char* folder,
                                   std::vector<std::string> files) {
        return {stage, frames, folder, std::move(files)};
    }
    static std::string fileAt(const LayerStore& store, LayerKind layer, std::int64_t frame) {
        const LayerChunk* found = store.files()->chunkAt(layer, frame);
        return found ? found->file.string() : std::string();
    }

private Q_SLOTS:
    void aChunkBringsTheLayersOfItsFiles() {
        LayerStore store;
        QSignalSpy changes(&store, &LayerStore::layerChanged);
        store.announce(chunk("layers", {48, 96}, "c1", {"human.mkv", "occluder.mkv", ".entry"}));
        QCOMPARE(changes.size(), 2);
        QCOMPARE(fileAt(store, LayerKind::Human, 48), std::string("c1/human.mkv"));
        QCOMPARE(fileAt(store, LayerKind::Occluder, 95), std::string("c1/occluder.mkv"));
        QVERIFY(!store.has(LayerKind::Human, 47));
        QVERIFY(!store.has(LayerKind::Human, 96));
        QVERIFY(!store.has(LayerKind::Plate, 60));
    }

    void stagesThatShowNothingAreIgnored() {
        LayerStore store;
        QSignalSpy changes(&store, &LayerStore::layerChanged);
        store.announce(chunk("people", {0, 48}, "c", {"people.npz"}));
        store.announce(chunk("depth", {0, 48}, "c", {"state.npz"}));
        store.announce(chunk("depth", {5, 5}, "c", {"depth.mkv"}));
        QCOMPARE(changes.size(), 0);
    }

    void chunksInAnyOrderJoinToRanges() {
        LayerStore store;
        for (const std::int64_t begin : {96, 0, 48})
            store.announce(chunk("plate", {begin, begin + 48}, "c", {"plate.mkv"}));
        store.announce(chunk("plate", {200, 210}, "d", {"plate.mkv"}));
        const std::vector<FrameRange> wanted = {{0, 144}, {200, 210}};
        QCOMPARE(store.ranges(LayerKind::Plate), wanted);
    }

    void theSteadyMatteReplacesTheRawOneAndNeverTheOtherWayRound() {
        LayerStore store;
        store.announce(chunk("matte", {0, 96}, "raw", {"raw.mkv"}));
        store.announce(chunk("steady", {0, 48}, "steady", {"alpha.mkv"}));
        QCOMPARE(fileAt(store, LayerKind::Alpha, 47), std::string("steady/alpha.mkv"));
        QCOMPARE(fileAt(store, LayerKind::Alpha, 48), std::string("raw/raw.mkv"));
        store.announce(chunk("matte", {0, 96}, "late", {"raw.mkv"}));
        QCOMPARE(fileAt(store, LayerKind::Alpha, 10), std::string("steady/alpha.mkv"));
        QCOMPARE(fileAt(store, LayerKind::Alpha, 90), std::string("late/raw.mkv"));
    }

    void whatIsCutOffAFileKeepsItsPlaceInIt() {
        LayerStore store;
        store.addFile(LayerKind::Human, "whole.mkv", {10, 110});
        store.announce(chunk("layers", {10, 58}, "new", {"human.mkv"}));
        const LayerChunk* rest = store.files()->chunkAt(LayerKind::Human, 58);
        QVERIFY(rest);
        QCOMPARE(rest->frames.begin, 58);
        QCOMPARE(rest->first, 10); // frame 58 is number 48 of the file, as before
    }

    void aSnapshotStaysAsItWas() {
        LayerStore store;
        store.announce(chunk("depth", {0, 48}, "c", {"depth.mkv"}));
        const LayerFilesPtr before = store.files();
        store.clear(LayerKind::Depth);
        QVERIFY(!store.has(LayerKind::Depth, 5));
        QVERIFY(before->chunkAt(LayerKind::Depth, 5));
    }

    void theSameNewsTwiceChangesNothing() {
        LayerStore store;
        store.announce(chunk("depth", {0, 48}, "c", {"depth.mkv"}));
        QSignalSpy changes(&store, &LayerStore::layerChanged);
        store.announce(chunk("depth", {0, 48}, "c", {"depth.mkv"}));
        QCOMPARE(changes.size(), 0);
    }
};

QTEST_GUILESS_MAIN(TestLayerStore)
#include "test_layer_store.moc"
