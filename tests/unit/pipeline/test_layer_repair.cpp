// SPDX-License-Identifier: Apache-2.0
#include "engine/pipeline/layer_repair.h"

#include <QTest>

#include <set>

using namespace strata;

namespace {

constexpr int kWidth = 96, kHeight = 64, kFrames = 4;
constexpr std::int64_t kFirst = 100; // of the clip's frames

/// The same picture in every frame.
class Still : public ColorSource {
public:
    explicit Still(ImageU8 picture)
        : m_picture(std::make_shared<ImageU8>(std::move(picture))) {}
    std::int64_t frameCount() const override { return kFrames; }
    Size frameSize() const override { return {kWidth, kHeight}; }
    Result<Frame> frame(std::int64_t) override { return Frame(m_picture); }

private:
    std::shared_ptr<const ImageU8> m_picture;
};

/// The left half.
ImageU8 half() {
    ImageU8 out(kWidth, kHeight, 1);
    for (int y = 0; y < kHeight; ++y)
        for (int x = 0; x < kWidth / 2; ++x)
            out.at(x, y) = 255;
    return out;
}

EditLayers someLayers() {
    EditLayers layers;
    layers.matte = std::make_unique<Still>(half());
    layers.human = std::make_unique<Still>(half());
    layers.occluder = std::make_unique<Still>(ImageU8(kWidth, kHeight, 1));
    ImageU8 plate(kWidth, kHeight, 3, 200);
    for (int y = 28; y < 36; ++y) // an arm that was taken for the scene, and so is in the plate
        for (int x = 50; x < 80; ++x)
            std::fill_n(plate.pixel(x, y), 3, std::uint8_t(20));
    layers.plate = std::make_unique<Still>(std::move(plate));
    return layers;
}

MatteStroke overTheArm(bool positive = true) {
    return {kFirst + 2, positive, 8, {{48, 32}, {82, 32}}};
}

} // namespace

class TestLayerRepair : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void strokesChangeTheirFrameAlone() {
        EditLayers layers = someLayers();
        EditRequest request;
        request.personStrokes = {overTheArm()};
        std::vector<std::string> keys;
        repairLayers(request, kFirst, layers, keys);
        for (MaskSource* const mattes : {layers.matte.get(), layers.human.get()}) {
            QCOMPARE(int((*mattes->frame(2))->at(65, 32)), 255);
            QCOMPARE(int((*mattes->frame(1))->at(65, 32)), 0);
        }
        QCOMPARE(int((*layers.occluder->frame(2))->at(65, 32)), 0);
    }

    void thePlateIsFilledWhereThePersonWasAdded() {
        EditLayers layers = someLayers();
        EditRequest request;
        request.personStrokes = {overTheArm()};
        std::vector<std::string> keys;
        repairLayers(request, kFirst, layers, keys);
        const auto filled = *layers.plate->frame(2), other = *layers.plate->frame(1);
        QCOMPARE(int(other->at(65, 32, 0)), 20);
        QVERIFY(filled->at(65, 32, 0) > 150);
        // Where the person was found anyway the plate is good, and away from the stroke too.
        QCOMPARE(int(filled->at(30, 32, 0)), 200);
        QCOMPARE(int(filled->at(65, 50, 0)), 200);
    }

    void takingAwayLeavesThePlate() {
        EditLayers layers = someLayers();
        const ColorSource* const plate = layers.plate.get();
        EditRequest request;
        request.personStrokes = {{kFirst, false, 5, {{20, 20}}}};
        std::vector<std::string> keys;
        repairLayers(request, kFirst, layers, keys);
        QCOMPARE(layers.plate.get(), plate);
        QCOMPARE(int((*layers.matte->frame(0))->at(20, 20)), 0);
    }

    void trimsComeAfterStrokes() {
        EditLayers layers = someLayers();
        EditRequest request;
        request.occluderStrokes = {{kFirst + 1, true, 10, {{60, 30}}}};
        request.occluderTrim = {-4, 0};
        std::vector<std::string> keys;
        repairLayers(request, kFirst, layers, keys);
        const auto occluder = *layers.occluder->frame(1);
        QCOMPARE(int(occluder->at(60, 30)), 255);
        QCOMPARE(int(occluder->at(60, 30 - 8)), 0); // inside of the stroke, outside of the trim
    }

    void whateverChangesTheLayersChangesTheKeys() {
        std::vector<EditRequest> requests(6);
        requests[1].personTrim = {1, 0};
        requests[2].occluderTrim = {1, 0};
        requests[3].personStrokes = {overTheArm()};
        requests[4].occluderStrokes = {overTheArm()};
        requests[5].personStrokes = {overTheArm(false)};
        std::set<std::vector<std::string>> seen;
        for (const EditRequest& request : requests) {
            EditLayers layers = someLayers();
            std::vector<std::string> keys;
            repairLayers(request, kFirst, layers, keys);
            QVERIFY(seen.insert(keys).second);
        }
    }

    void aTemplateMayHaveNoOccluder() {
        EditLayers layers = someLayers();
        layers.occluder.reset();
        EditRequest request;
        request.occluderTrim = {3, 0};
        request.occluderStrokes = {overTheArm()};
        std::vector<std::string> keys;
        repairLayers(request, kFirst, layers, keys);
        QVERIFY(!layers.occluder);
    }
};

QTEST_APPLESS_MAIN(TestLayerRepair)
#include "test_layer_repair.moc"
