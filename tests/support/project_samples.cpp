// SPDX-License-Identifier: Apache-2.0
#include "tests/support/project_samples.h"

#include "engine/project/edit/layer_edits.h"
#include "engine/project/edit/marker_edits.h"
#include "engine/project/edit/media_edits.h"
#include "engine/project/edit/people_edits.h"
#include "engine/project/edit/range_edits.h"
#include "engine/project/edit/settings_edits.h"
#include "engine/project/edit/source_edits.h"
#include "engine/project/edit/stroke_edits.h"

#include <QTest>

#include <algorithm>

namespace strata {
namespace {

LayerId layerOfKind(const Project& project, LayerKind kind) {
    const auto found = std::find_if(project.layers.begin(), project.layers.end(),
                                    [kind](const Layer& layer) { return layer.kind == kind; });
    return found == project.layers.end() ? LayerId{} : found->id;
}

/// Random choices; ids are mostly there, sometimes not.
class Dice {
public:
    explicit Dice(std::mt19937& numbers)
        : m_numbers(numbers) {}

    std::int64_t roll(std::int64_t low, std::int64_t high) {
        return std::uniform_int_distribution<std::int64_t>(low, high)(m_numbers);
    }
    double real(double low, double high) {
        return std::uniform_real_distribution<double>(low, high)(m_numbers);
    }
    bool coin() { return roll(0, 1) == 1; }
    template <typename T>
    auto id(const std::vector<T>& list) {
        using Id = decltype(T::id);
        return list.empty() || roll(0, 20) == 0
                   ? Id{roll(1, 9999)}
                   : list[std::size_t(roll(0, std::int64_t(list.size()) - 1))].id;
    }
    template <typename T>
    auto maybe(const std::vector<T>& list) {
        return coin() ? std::optional(id(list)) : std::nullopt;
    }
    std::string name() {
        static const std::vector<std::string> names = {"", "hero", "Zoë", "\"quoted\"",
                                                       "雪 \\ 100%"};
        return names[std::size_t(roll(0, std::int64_t(names.size()) - 1))];
    }
    LabelColor color() { return labelColor(roll(0, 6)); }

private:
    std::mt19937& m_numbers;
};

Stroke randomStroke(const Project& p, Dice& dice) {
    std::vector<StrokePoint> points;
    for (std::int64_t i = dice.roll(1, 6); i > 0; --i)
        points.push_back({float(dice.real(-20, 900)), float(dice.real(-20, 500))});
    Stroke stroke = sampleStroke(dice.id(p.layers), dice.roll(-5, 105));
    stroke.positive = dice.coin();
    stroke.radius = dice.real(0.1, 60);
    stroke.points = std::make_shared<const std::vector<StrokePoint>>(std::move(points));
    return stroke;
}

std::vector<FoundPerson> randomPeople(Dice& dice) {
    std::vector<FoundPerson> people;
    for (int id = 1; id <= 4; ++id) {
        FoundPerson person{PersonId{id}, {}, dice.roll(-5, 110)};
        for (std::int64_t i = dice.roll(0, 3); i > 0; --i) {
            const std::int64_t begin = dice.roll(-5, 100);
            person.tracks.push_back({begin, begin + dice.roll(0, 40)});
        }
        if (dice.coin())
            people.push_back(person);
    }
    return people;
}

Result<Project> editMedia(const Project& p, Dice& dice) {
    static const std::vector<const char*> paths = {"/media/a.png", "/media/b.bvh", "/media/c.mp4",
                                                   "/elsewhere/100%.mp4"};
    MediaItem item = sampleItem(MediaKind(dice.roll(0, 3)), paths[std::size_t(dice.roll(0, 3))]);
    switch (dice.roll(0, 3)) {
    case 0:
        return addMedia(p, item);
    case 1:
        return removeMedia(p, dice.id(p.media));
    case 2:
        return relinkMedia(p, dice.id(p.media), item.path, item.facts);
    default:
        return dice.roll(0, 9) == 0 ? openClip(p, dice.id(p.media)) : addMedia(p, item);
    }
}

Result<Project> editTime(const Project& p, Dice& dice) {
    switch (dice.roll(0, 9)) {
    case 0:
        return setIn(p, dice.roll(-10, 120));
    case 1:
        return setOut(p, dice.roll(-10, 120));
    case 2:
        return setRange(p, {dice.roll(-10, 120), dice.roll(-10, 120)});
    case 3:
        return clearRange(p);
    case 4:
        return setLoop(p, dice.coin());
    case 5:
        return removeMarker(p, dice.id(p.markers));
    case 6:
        return moveMarker(p, dice.id(p.markers), dice.roll(-10, 120));
    case 7:
        return renameMarker(p, dice.id(p.markers), dice.name());
    case 8:
        return setMarkerColor(p, dice.id(p.markers), dice.color());
    default:
        return addMarker(p, {{}, dice.roll(-10, 120), dice.name(), dice.color()});
    }
}

Result<Project> editLayer(const Project& p, Dice& dice) {
    const LayerId id = dice.id(p.layers);
    switch (dice.roll(0, 7)) {
    case 0:
        return moveLayer(p, id, dice.roll(-1, 6));
    case 1:
        return renameLayer(p, id, dice.name());
    case 2:
        return setLayerVisible(p, id, dice.coin());
    case 3:
        return setLayerSolo(p, id, dice.coin());
    case 4:
        return setLayerLocked(p, id, dice.roll(0, 3) == 0);
    case 5:
        return setLayerColor(p, id, dice.color());
    case 6:
        return setLayerOpacity(p, id, dice.real(-0.2, 1.2));
    default:
        return setLayerTrim(p, id, {dice.real(-80, 80), dice.real(-1, 80)});
    }
}

Result<Project> editPeople(const Project& p, Dice& dice) {
    const PersonId id = dice.id(p.people);
    switch (dice.roll(0, 5)) {
    case 0:
        return applyPeople(p, randomPeople(dice));
    case 1:
        return renamePerson(p, id, dice.name());
    case 2:
        return setPersonColor(p, id, dice.color());
    case 3:
        return setIdentitySource(p, id, dice.maybe(p.media));
    case 4:
        return setMotionSource(p, id, dice.maybe(p.media));
    default:
        return setSceneSource(p, dice.maybe(p.media));
    }
}

Result<Project> editRest(const Project& p, Dice& dice) {
    SynthSettings synth = p.synth;
    synth.kind = SynthKind(dice.roll(0, 2));
    synth.size = int(dice.roll(0, 2000));
    synth.guidance = dice.real(0, 40);
    synth.guideFrom = dice.real(-0.5, 1.5);
    synth.seed = std::uint64_t(dice.roll(0, INT64_MAX)) * 2 + 1;
    DeliverySettings delivery = p.delivery;
    delivery.crf = dice.real(-1, 60);
    delivery.preset = kEncoderPresets[std::size_t(dice.roll(0, 8))];
    delivery.wholeClip = dice.coin();
    switch (dice.roll(0, 5)) {
    case 0:
        return setSynthSettings(p, synth);
    case 1:
        return setDeliverySettings(p, delivery);
    case 2:
        return removeStroke(p, dice.id(p.strokes));
    case 3:
        return clearStrokes(p, dice.id(p.layers), dice.roll(0, 99));
    default:
        return addStroke(p, randomStroke(p, dice));
    }
}

} // namespace

Project must(const Result<Project>& result) {
    if (result)
        return *result;
    QTest::qFail(result.error().message.c_str(), __FILE__, __LINE__);
    return {};
}

MediaItem sampleItem(MediaKind kind, const char* path) {
    MediaItem item;
    item.kind = kind;
    item.path = path;
    if (kind == MediaKind::Clip)
        item.facts = {"d1", {854, 480}, Rational(24000, 1001), 100, true};
    return item;
}

Project sampleProject() {
    Project p = must(addMedia({}, sampleItem(MediaKind::Clip, "/media/clip.mp4")));
    p = must(addMedia(p, sampleItem(MediaKind::Picture, "/media/person.png")));
    p = must(addMedia(p, sampleItem(MediaKind::Motion, "/media/walk.bvh")));
    p = must(openClip(p, MediaId{1}));
    const FoundPerson people[] = {{PersonId{1}, {{0, 100}}, 10}, {PersonId{2}, {{20, 40}}, 30}};
    return must(applyPeople(p, people));
}

LayerId sceneLayer(const Project& project) { return layerOfKind(project, LayerKind::Scene); }
LayerId occluderLayer(const Project& project) { return layerOfKind(project, LayerKind::Occluder); }

Stroke sampleStroke(LayerId layer, std::int64_t frame) {
    Stroke stroke;
    stroke.layer = layer;
    stroke.frame = frame;
    stroke.points = std::make_shared<const std::vector<StrokePoint>>(
        std::vector<StrokePoint>{{10.5f, 20}, {30, 40.25f}});
    return stroke;
}

Project randomEdit(const Project& project, std::mt19937& numbers) {
    Dice dice(numbers);
    Result<Project> edited = project;
    switch (dice.roll(0, 5)) {
    case 0:
        edited = editMedia(project, dice);
        break;
    case 1:
        edited = editTime(project, dice);
        break;
    case 2:
        edited = editPeople(project, dice);
        break;
    case 3:
    case 4:
        edited = editLayer(project, dice);
        break;
    default:
        edited = editRest(project, dice);
    }
    return edited ? *edited : project;
}

} // namespace strata
