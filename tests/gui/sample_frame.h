// SPDX-License-Identifier: Apache-2.0
// A frame of the bundled sample with its true layers, as the viewport gets it.
#pragma once

#include "ui/playback/player.h"

#include <QTest>

namespace sample {
using namespace strata;
using namespace strata::ui;

inline std::filesystem::path file(const char* name) {
    return std::filesystem::path(STRATA_SOURCE_DIR "/assets/samples") / name;
}

inline std::shared_ptr<const BodyModel> body() {
    static const auto model = std::make_shared<const BodyModel>(
        *loadBody(STRATA_SOURCE_DIR "/assets/body/strata_body.npz"));
    return model;
}

/// The sample has no true depth; this one is near below and far above, the person and what is in
/// front of it stand upright.
inline std::shared_ptr<const ImageU16> plausibleDepth(const FrameLayers& frame) {
    auto depth = std::make_shared<ImageU16>(frame.fullSize.width, frame.fullSize.height, 1);
    for (int y = 0; y < depth->height(); ++y)
        for (int x = 0; x < depth->width(); ++x) {
            float nearness = std::max(0.f, float(y) / float(depth->height()) - 0.45f) * 1.5f;
            if (frame.human->at(x, y) > 127)
                nearness = 0.5f;
            if (frame.occluder->at(x, y) > 127)
                nearness = 0.75f;
            depth->at(x, y) =
                std::uint16_t(65535 * (kDepthFar + (kDepthNear - kDepthFar) * nearness));
        }
    return depth;
}

/// Frame `number` with every layer; null if it does not come.
inline FrameLayersPtr frame(std::int64_t number) {
    constexpr FrameRange all{0, 84};
    LayerStore store;
    store.addFile(LayerKind::Plate, file("walk_plate.mp4"), all);
    store.addFile(LayerKind::Human, file("walk_human.mkv"), all);
    store.addFile(LayerKind::Occluder, file("walk_occluder.mkv"), all);
    store.addFile(LayerKind::Body, file("walk_motion.npz"), all);
    FrameProvider provider;
    provider.setBody(body());
    provider.setLayers(store.files());
    FrameLayersPtr got;
    QObject::connect(&provider, &FrameProvider::opened, [&] {
        FrameRequest request;
        request.frame = number;
        provider.request(request);
    });
    QObject::connect(&provider, &FrameProvider::frameReady,
                     [&](const FrameLayersPtr& ready) { got = ready; });
    provider.open(file("walk.mp4"));
    if (!QTest::qWaitFor([&] { return bool(got); }, 60000) || !got->body)
        return nullptr;
    auto whole = std::make_shared<FrameLayers>(*got);
    whole->alpha = whole->human;
    whole->depth = plausibleDepth(*whole);
    return whole;
}

} // namespace sample
