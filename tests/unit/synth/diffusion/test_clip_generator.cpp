// SPDX-License-Identifier: Apache-2.0
#include "engine/synth/diffusion/clip_generator.h"
#include "engine/synth/diffusion/network_inputs.h"
#include "engine/synth/diffusion/silhouette.h"

#include "tests/unit/synth/diffusion/fake_backend.h"
#include "tests/unit/synth/diffusion/golden.h"

#include <map>
#include <numeric>
#include <set>

using namespace strata;

namespace {

template <typename T>
class MemoryFrames : public FrameSource<T> {
public:
    std::int64_t frameCount() const override { return std::int64_t(frames.size()); }
    Size frameSize() const override { return frames.front().size(); }
    Result<typename FrameSource<T>::Frame> frame(std::int64_t index) override {
        return std::make_shared<const Image<T>>(frames.at(std::size_t(index)));
    }
    std::vector<Image<T>> frames;
};

class MemorySource final : public MemoryFrames<std::uint8_t> {
public:
    MemorySource() = default;
    /// `kept`: which of `count` frames the array has; the others are black.
    MemorySource(const Array& array, const std::vector<std::int64_t>& kept, std::size_t count) {
        frames.assign(count, ImageU8(int(array.shape[2]), int(array.shape[1]), 3));
        for (std::size_t i = 0; i < kept.size(); ++i)
            frames[std::size_t(kept[i])] = imageOf(array, std::int64_t(i));
    }
};

template <typename T>
class FramesSink final : public FrameSink<T> {
public:
    Status write(std::int64_t index, const Image<T>& frame) override {
        if (index != std::int64_t(frames.size()))
            return Error{ErrorCode::Internal, "out of order"};
        frames.push_back(frame);
        return ok();
    }
    std::vector<Image<T>> frames;
};
using MemorySink = FramesSink<std::uint8_t>;

/// A bright person who walks through a scene of smooth colours.
struct Walk {
    explicit Walk(int count, Size size = {161, 120}) {
        for (int i = 0; i < count; ++i) {
            ImageU8 motion(size.width, size.height, 3), picture(size.width, size.height, 3);
            for (int y = 0; y < size.height; ++y)
                for (int x = 0; x < size.width; ++x) {
                    const int left = 10 + i * 5;
                    if (x >= left && x < left + 20 && y >= 30 && y < 90)
                        motion.at(x, y, 0) = 200;
                    picture.at(x, y, 0) = std::uint8_t(60 + x);
                    picture.at(x, y, 1) = std::uint8_t(40 + y);
                    picture.at(x, y, 2) = std::uint8_t(90 + i);
                }
            sdc.frames.push_back(motion);
            scene.frames.push_back(picture);
        }
    }
    MemorySource sdc, scene;
};

std::vector<std::int64_t> numbersUpTo(std::size_t count) {
    std::vector<std::int64_t> out(count);
    std::iota(out.begin(), out.end(), 0);
    return out;
}

std::vector<std::int64_t> numbersOf(const ArrayMap& data, const char* name,
                                    const std::vector<std::int64_t>& otherwise) {
    const auto found = data.find(name);
    return found == data.end() ? otherwise : found->second.toInts();
}

int mostDifferent(const ImageU8& a, const ImageU8& b) {
    int most = 0;
    for (std::size_t i = 0; i < a.count(); ++i)
        most = std::max(most, std::abs(int(a.data()[i]) - int(b.data()[i])));
    return most;
}

/// Decodes to the scene that the networks were given.
void showScene(FakeBackend& backend) {
    auto shown = std::make_shared<std::pair<std::size_t, int>>(0, 0);
    backend.picture = [&backend, shown](int, std::span<float> planes) {
        if (shown->first != backend.clipLengths.size())
            *shown = {backend.clipLengths.size(), 0};
        std::ranges::transform(backend.scenes.frame(shown->second++), planes.begin(),
                               [](float v) { return (v + 1.f) / 2.f; });
    };
}

GeneratorSettings smallSettings() {
    GeneratorSettings settings;
    settings.picture = {160, 160};
    settings.sampler.steps = 2;
    return settings;
}

/// A generator that corrects sketches, with networks of three pictures a call: those drawn come out
/// a tenth brighter than those of the sketches.
struct Correcting {
    FakeBackend backend;
    GeneratorSettings settings;
    ClipGenerator generator;

    Correcting()
        : settings(correctingSettings())
        , generator(backend, settings) {
        backend.picture = [](int number, std::span<float> planes) {
            std::ranges::fill(planes, number < 3 ? 0.6f : 0.5f);
        };
    }
    static GeneratorSettings correctingSettings() {
        GeneratorSettings settings = smallSettings();
        settings.picture = {64, 64};
        settings.takesSketch = true;
        return settings;
    }
    Status showReference() {
        return generator.setReference(ImageU8(32, 32, 3, 255), FrameStack(1, {1, 2, 3}), {});
    }
};

} // namespace

#define VERIFY_OK(expression)                                                                      \
    do {                                                                                           \
        const Status done = (expression);                                                          \
        QVERIFY2(bool(done), done ? "" : done.error().message.c_str());                            \
    } while (false)

class TestClipGenerator : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void releaseFramesEqualThePublishedOnes_data() {
        QTest::addColumn<QString>("name");
        QTest::addRow("walking") << "11_composite_walking";
        QTest::addRow("rapid, with occluder") << "11_composite_rapid";
    }
    void releaseFramesEqualThePublishedOnes() {
        QFETCH(QString, name);
        NEEDS_GOLDEN(data, name.toStdString());
        // The shipped part has a few of the frames only.
        const auto count = std::size_t(data.at("in/sdc").shape[0]);
        const auto all = numbersUpTo(count), kept = numbersOf(data, "in/kept_frames", all);
        MemorySource sdc(data.at("in/sdc"), all, count), scene(data.at("in/bk"), kept, count),
            video(data.at("in/vid"), kept, count), occluder;
        if (data.count("in/occ"))
            occluder = MemorySource(data.at("in/occ"), kept, count);
        const FrameStack decoded = stackOf(data.at("in/video"));
        const auto pictures = numbersUpTo(std::size_t(decoded.frames()));
        const auto keptPictures = numbersOf(data, "in/kept_video", pictures);
        const auto length = numbersOf(data, "in/video_length", {decoded.frames()}).at(0);
        FakeBackend backend;
        backend.picture = [&](int n, std::span<float> planes) {
            const auto found = std::ranges::find(keptPictures, n);
            if (found != keptPictures.end())
                std::ranges::copy(decoded.frame(int(found - keptPictures.begin())), planes.begin());
        };
        GeneratorSettings settings = releaseSettings();
        settings.picture = {64, 64};
        settings.sampler.steps = 1;
        const Array& masks = data.at("in/mode_masks");
        const auto values = masks.toFloats();
        for (std::size_t i = 0; i < 16; ++i) {
            settings.masks.emplace_back(int(masks.shape[2]), int(masks.shape[1]), 1);
            ImageF& mask = settings.masks.back();
            std::copy_n(values.data() + i * mask.count(), mask.count(), mask.data());
        }
        GeneratorInputs inputs;
        inputs.motion = &sdc;
        inputs.layers = {&scene, &video, occluder.frames.empty() ? nullptr : &occluder, nullptr};
        MemorySink out;
        ClipGenerator generator(backend, settings);
        const auto done = generator.generate(inputs, out, {});
        QVERIFY2(bool(done), done ? "" : done.error().message.c_str());
        QCOMPARE(backend.clipLengths, std::vector<int>{int(length)});
        const Array& expected = data.at("out/frames");
        QCOMPARE(out.frames.size(), count);
        int most = 0;
        for (std::size_t i = 0; i < kept.size(); ++i)
            most = std::max(most, mostDifferent(out.frames[std::size_t(kept[i])],
                                                imageOf(expected, std::int64_t(i))));
        qInfo("frames: max %d", most);
        QCOMPARE(most, 0);
        checkReference(data);
    }

    void ourFramesAreTheSceneWhereNothingIsNew() {
        Walk walk(26);
        FakeBackend backend;
        showScene(backend);
        GeneratorInputs inputs;
        inputs.motion = &walk.sdc;
        inputs.layers.scene = &walk.scene;
        MemorySink out;
        const auto done = ClipGenerator(backend, smallSettings()).generate(inputs, out, {});
        QVERIFY2(bool(done), done ? "" : done.error().message.c_str());
        QVERIFY(backend.clipLengths.size() > 1); // the walk leaves its box
        QCOMPARE(out.frames.size(), std::size_t(26));
        for (std::size_t i = 0; i < 26; ++i)
            QVERIFY(mostDifferent(out.frames[i], walk.scene.frames[i]) <= 1);
    }

    void clipsFadeIntoEachOther() {
        Walk walk(26);
        FakeBackend backend;
        backend.picture = [&](int, std::span<float> planes) {
            std::ranges::fill(planes, backend.clipLengths.size() == 1 ? 0.2f : 0.8f);
        };
        GeneratorInputs inputs;
        inputs.motion = &walk.sdc;
        inputs.layers.scene = &walk.scene;
        MemorySink out;
        QVERIFY(bool(ClipGenerator(backend, smallSettings()).generate(inputs, out, {})));
        // In the middle of the person, brightness rises in steps over the frames in common.
        const int first = backend.clipLengths[0] - 4;
        std::vector<int> levels;
        for (int i = first - 1; i <= first + 4; ++i)
            levels.push_back(out.frames[std::size_t(i)].at(20 + i * 5, 60, 0));
        QCOMPARE(levels.front(), 51);
        QCOMPARE(levels.back(), 204);
        for (std::size_t k = 1; k < levels.size(); ++k)
            QVERIFY(levels[k] > levels[k - 1] + 10);
    }

    void occludersStayInFront() {
        Walk walk(10);
        MemorySource video = walk.scene, occluder;
        for (auto& frame : video.frames)
            frame = ImageU8(161, 120, 3, 33);
        for (int i = 0; i < 10; ++i) {
            occluder.frames.emplace_back(161, 120, 1);
            for (int y = 50; y < 70; ++y)
                for (int x = 0; x < 161; ++x)
                    occluder.frames.back().at(x, y) = 255;
        }
        FakeBackend backend;
        backend.picture = [](int, std::span<float> planes) { std::ranges::fill(planes, 0.9f); };
        GeneratorInputs inputs{&walk.sdc, {&walk.scene, &video, &occluder, nullptr}};
        MemorySink out;
        QVERIFY(bool(ClipGenerator(backend, smallSettings()).generate(inputs, out, {})));
        QCOMPARE(int(out.frames[3].at(35, 60)), 33);
        QVERIFY(out.frames[3].at(35, 40) > 200);
    }

    void networksThatTakeOccludersAreShownThem() {
        Walk walk(10);
        MemorySource video = walk.scene, occluder;
        for (auto& frame : video.frames)
            frame = ImageU8(161, 120, 3, 204);
        for (int i = 0; i < 10; ++i) { // from the left to the middle; the last frames without
            occluder.frames.emplace_back(161, 120, 1);
            for (int y = 0; y < 120 && i < 6; ++y)
                for (int x = 0; x < 40; ++x)
                    occluder.frames.back().at(x, y) = x < 30 ? 255 : 128;
        }
        GeneratorSettings settings = smallSettings();
        GeneratorInputs inputs{&walk.sdc, {&walk.scene, &video, &occluder, nullptr}};
        const auto shown = [&] {
            FakeBackend backend;
            MemorySink out;
            const bool done(ClipGenerator(backend, settings).generate(inputs, out, {}));
            return std::pair(done, backend.occluders);
        };
        const auto [ran, without] = shown();
        QVERIFY(ran && without.empty()); // not asked for
        settings.takesOccluder = true;
        const auto [ranToo, with] = shown();
        QVERIFY(ranToo);
        QCOMPARE(with.frames(), 10);
        QCOMPARE(with.shape(), (FrameShape{3, 160, 160}));
        const auto share = [&with](int frame, float value) {
            const auto values = with.frame(frame);
            return double(std::ranges::count_if(
                       values, [value](float v) { return std::abs(v - value) < 0.01f; })) /
                   double(values.size());
        };
        // The video's colour where the matte is full, half of it where that is, black elsewhere.
        QVERIFY2(share(3, 0.6f) > 0.1, qPrintable(QString::number(share(3, 0.6f))));
        QVERIFY2(share(3, -0.2f) > 0.02, qPrintable(QString::number(share(3, -0.2f))));
        QVERIFY2(share(3, -1.f) > 0.3, qPrintable(QString::number(share(3, -1.f))));
        QCOMPARE(share(8, -1.f), 1.0); // nothing in front
        inputs.layers.occluder = nullptr;
        const auto [ranBare, none] = shown();
        QVERIFY(ranBare);
        QVERIFY(std::ranges::all_of(none.values(), [](float v) { return v == -1.f; }));
        settings.animation = true;
        inputs.layers = {};
        const auto [ranAnimation, black] = shown();
        QVERIFY(ranAnimation && !black.empty());
        QVERIFY(std::ranges::all_of(black.values(), [](float v) { return v == -1.f; }));
    }

    void animationGivesTheNetworksPictures() {
        Walk walk(6);
        FakeBackend backend;
        backend.picture = [](int n, std::span<float> planes) {
            std::ranges::fill(planes, 0.1f * float(n) + 0.002f);
        };
        GeneratorSettings settings = releaseSettings();
        settings.animation = true;
        settings.picture = {64, 64};
        settings.sampler.steps = 1;
        GeneratorInputs inputs;
        inputs.motion = &walk.sdc;
        MemorySink out;
        QVERIFY(bool(ClipGenerator(backend, settings).generate(inputs, out, {})));
        QCOMPARE(out.frames.size(), std::size_t(6));
        QCOMPARE(out.frames[4].width(), 64);
        QCOMPARE(int(out.frames[4].at(5, 5)), 102); // 0.402 * 255 cut off
        QVERIFY(std::ranges::all_of(backend.scenes.values(), [](float v) { return v == 1.f; }));
        // 45 x 60 pixels of walk, with margins 2 and 6, make the square's side 80
        QVERIFY(backend.poses.frame(0)[32 * 64 + 16] > 0.5f);
        for (auto& frame : walk.sdc.frames)
            frame = ImageU8(161, 120, 3);
        QVERIFY(!ClipGenerator(backend, settings).generate(inputs, out, {}));
    }

    void theSeedAloneDecidesTheNoise() {
        Walk walk(12), longer(12);
        const auto run = [](Walk& clip, std::uint64_t seed) {
            FakeBackend backend;
            std::vector<float> first;
            backend.answer = [&](const PredictionRequest& request, bool identity) {
                if (first.empty())
                    first = request.latents.values();
                return FakeBackend::mixture(request, identity);
            };
            GeneratorSettings settings = smallSettings();
            settings.seed = seed;
            GeneratorInputs inputs;
            inputs.motion = &clip.sdc;
            inputs.layers.scene = &clip.scene;
            MemorySink out;
            if (!ClipGenerator(backend, settings).generate(inputs, out, {}))
                return std::vector<float>{};
            return first;
        };
        QVERIFY(run(walk, 1) == run(longer, 1));
        QVERIFY(run(walk, 1) != run(walk, 2));
    }

    void aCancelledJobGoesOnFromItsSavedStates() {
        Walk walk(26);
        GeneratorInputs inputs;
        inputs.motion = &walk.sdc;
        inputs.layers.scene = &walk.scene;
        std::map<int, ArrayMap> saved;
        std::set<int> finished;
        std::stop_source stop;
        FakeBackend backend;
        const auto hooks = [&](FakeBackend& used, int stopAfter) {
            GeneratorHooks out;
            out.sampler = [&, stopAfter](int run) {
                SamplerHooks sampler;
                sampler.save = [&, run, stopAfter](const SamplerState& state) {
                    saved[run] = toArrays(state);
                    if (used.windowsSeen == stopAfter)
                        stop.request_stop();
                    return ok();
                };
                return sampler;
            };
            out.saved = [&](int run) -> std::optional<SamplerState> {
                if (!saved.count(run))
                    return std::nullopt;
                auto state = samplerStateFrom(saved.at(run), "state");
                return state ? std::optional(std::move(*state)) : std::nullopt;
            };
            return out;
        };
        MemorySink first, second;
        const auto stopped = ClipGenerator(backend, smallSettings(), hooks(backend, 3))
                                 .generate(inputs, first, {stop.get_token(), {}});
        QVERIFY(!stopped && stopped.error().code == ErrorCode::Cancelled);
        const int before = backend.windowsSeen;
        FakeBackend again, whole;
        QVERIFY(bool(
            ClipGenerator(again, smallSettings(), hooks(again, -1)).generate(inputs, second, {})));
        MemorySink complete;
        QVERIFY(bool(ClipGenerator(whole, smallSettings()).generate(inputs, complete, {})));
        QCOMPARE(before + again.windowsSeen, whole.windowsSeen);
        QVERIFY(second.frames == complete.frames);
    }

    void inputsThatDoNotFitAreRefused() {
        Walk walk(5), shorter(4), small(5, {80, 60});
        FakeBackend backend;
        MemorySink out;
        ClipGenerator generator(backend, smallSettings());
        GeneratorInputs inputs;
        QVERIFY(!generator.generate(inputs, out, {}));
        inputs.motion = &walk.sdc;
        QVERIFY(!generator.generate(inputs, out, {}));
        inputs.layers.scene = &shorter.scene;
        QVERIFY(!generator.generate(inputs, out, {}));
        inputs.layers.scene = &small.scene;
        QVERIFY(!generator.generate(inputs, out, {}));
        inputs.layers.scene = &walk.scene;
        inputs.layers.occluder = &walk.scene; // without the video
        QVERIFY(!generator.generate(inputs, out, {}));
        for (auto& frame : walk.sdc.frames)
            frame = ImageU8(161, 120, 3);
        inputs.layers.occluder = nullptr;
        const auto nobody = generator.generate(inputs, out, {});
        QVERIFY(!nobody && nobody.error().code == ErrorCode::NothingToDo);
        QVERIFY(out.frames.empty());
    }

    void bodiesAreDrawnWhereTheSquareLies() {
        // Pictures of the body that say which place of the frame each pixel shows.
        class Places final : public BodyPictures {
        public:
            int channels() const override { return 4; }
            Status draw(std::int64_t frame, const SquareView& view,
                        std::span<float> code) override {
                const auto side = std::size_t(view.side), pixels = side * side;
                for (std::size_t i = 0; i < pixels; ++i) {
                    code[i] = (float(i % side) + 0.5f) / view.scale + view.left;
                    code[pixels + i] = (float(i / side) + 0.5f) / view.scale + view.top;
                    code[2 * pixels + i] = float(frame);
                }
                return ok();
            }
        };
        Walk walk(3);
        Places body;
        FakeBackend backend;
        auto settings = smallSettings();
        settings.picture = {64, 64};
        MemorySink out;
        ClipGenerator generator(backend, settings);
        VERIFY_OK(generator.setReference(ImageU8(32, 32, 3, 255), FrameStack(1, {1, 2, 3}), {}));
        QCOMPARE(backend.reference.tokens.shape(), (FrameShape{1, 2, 3}));
        GeneratorInputs inputs{&walk.sdc, {&walk.scene, nullptr, nullptr, nullptr}, &body};
        VERIFY_OK(generator.generate(inputs, out, {}));
        QCOMPARE(backend.poses.shape(), (FrameShape{4, 64, 64}));
        QVERIFY(backend.sketches.empty());
        // The scene's red is 60 + x and its green 40 + y in levels.
        int compared = 0;
        for (int f = 0; f < backend.poses.frames(); ++f) {
            const auto pose = backend.poses.frame(f), scene = backend.scenes.frame(f);
            for (std::size_t i = 0; i < 64 * 64; ++i) {
                const float x = pose[i], y = pose[64 * 64 + i];
                if (std::abs((scene[2 * 64 * 64 + i] + 1) * 127.5f - 90 - float(f)) > 0.5f)
                    continue; // padding is white
                ++compared;
                QVERIFY(std::abs((scene[i] + 1) * 127.5f - 60 + 0.5f - x) < 1.2f);
                QVERIFY(std::abs((scene[64 * 64 + i] + 1) * 127.5f - 40 + 0.5f - y) < 1.2f);
            }
        }
        QVERIFY(compared > 1000);

        settings.takesSketch = true;
        ClipGenerator sketching(backend, settings);
        MemorySink again;
        QVERIFY(!sketching.generate({&walk.sdc, inputs.layers}, again, {}));
        inputs.sketch = &walk.scene;
        VERIFY_OK(sketching.generate(inputs, again, {}));
        QCOMPARE(backend.sketches.shape(), backend.scenes.shape());
        QVERIFY(std::ranges::equal(backend.sketches.values(), backend.scenes.values()));
    }

    void sketchesAreCorrected() {
        Walk walk(3);
        Correcting correcting;
        MemorySource front;
        for (int i = 0; i < 3; ++i) {
            front.frames.emplace_back(161, 120, 1);
            front.frames.back().at(20, 60) = 255;
        }
        VERIFY_OK(correcting.showReference());
        GeneratorInputs inputs{&walk.sdc, {&walk.scene, &walk.scene, &front, nullptr}};
        inputs.sketch = &walk.scene;
        MemorySink out;
        VERIFY_OK(correcting.generator.generate(inputs, out, {}));
        QCOMPARE(out.frames.size(), std::size_t(3));
        for (int i = 0; i < 3; ++i) {
            const ImageU8 &drawn = out.frames[std::size_t(i)],
                          &sketch = walk.scene.frames[std::size_t(i)];
            QCOMPARE(drawn.at(25, 60, 1), sketch.at(25, 60, 1) + 26); // a tenth of 255
            QCOMPARE(drawn.at(20, 60, 1), sketch.at(20, 60, 1));      // in front
            QCOMPARE(drawn.at(150, 60, 1), sketch.at(150, 60, 1));    // outside of the box
        }
        correcting.settings.release = true;
        QVERIFY(!ClipGenerator(correcting.backend, correcting.settings).generate(inputs, out, {}));
    }

    void sketchesOfMoreBitsKeepThem() {
        Walk walk(3);
        Correcting correcting;
        MemoryFrames<std::uint16_t> deep;
        for (const ImageU8& frame : walk.scene.frames) {
            ImageU16& wide = deep.frames.emplace_back(frame.width(), frame.height(), 3);
            for (std::size_t i = 0; i < frame.count(); ++i)
                wide.data()[i] = std::uint16_t(frame.data()[i] * 257 + 64);
        }
        VERIFY_OK(correcting.showReference());
        MemorySink out;
        FramesSink<std::uint16_t> deepOut;
        GeneratorInputs inputs{&walk.sdc, {&walk.scene}};
        inputs.sketch = &walk.scene;
        inputs.deepSketch = &deep;
        inputs.deepOut = &deepOut;
        VERIFY_OK(correcting.generator.generate(inputs, out, {}));
        QVERIFY(out.frames.empty());
        QCOMPARE(deepOut.frames.size(), std::size_t(3));
        const ImageU16 &drawn = deepOut.frames[1], &sketch = deep.frames[1];
        QVERIFY(std::abs(drawn.at(30, 60, 1) - sketch.at(30, 60, 1) - 6554) <= 1); // of 65535
        QCOMPARE(drawn.at(150, 60, 1), sketch.at(150, 60, 1));
    }

    void aPartOfTheFramesIsGeneratedAlone() {
        Walk walk(6);
        Correcting correcting;
        VERIFY_OK(correcting.showReference());
        GeneratorInputs inputs{&walk.sdc, {&walk.scene}};
        inputs.sketch = &walk.scene;
        struct Numbered final : ColorSink {
            Status write(std::int64_t index, const ImageU8& frame) override {
                frames.emplace_back(index, frame);
                return ok();
            }
            std::vector<std::pair<std::int64_t, ImageU8>> frames;
        } out;
        VERIFY_OK(correcting.generator.generate(inputs, out, {}, FrameRange{3, 6}));
        QCOMPARE(out.frames.size(), std::size_t(3));
        for (int i = 0; i < 3; ++i) {
            const auto& [number, drawn] = out.frames[std::size_t(i)];
            const ImageU8& sketch = walk.scene.frames[std::size_t(3 + i)];
            QCOMPARE(number, 3 + i);
            QCOMPARE(drawn.at(35, 60, 1), sketch.at(35, 60, 1) + 26);
            QCOMPARE(drawn.at(150, 60, 2), sketch.at(150, 60, 2));
        }
    }

    void whereNobodyIsSketchesStay() {
        Walk walk(3);
        for (auto& frame : walk.sdc.frames)
            frame = ImageU8(frame.width(), frame.height(), 3);
        FakeBackend backend;
        auto settings = smallSettings();
        settings.takesSketch = true;
        ClipGenerator generator(backend, settings);
        GeneratorInputs inputs{&walk.sdc, {&walk.scene}};
        inputs.sketch = &walk.scene;
        MemorySink out;
        VERIFY_OK(generator.generate(inputs, out, {}));
        QVERIFY(out.frames == walk.scene.frames);
    }

    void correctionsAreRefined() {
        Walk walk(3);
        Correcting correcting;
        FakeBackend& backend = correcting.backend;
        backend.refining = 0.5f;
        Walk other(3);
        for (auto& frame : other.scene.frames)
            for (std::size_t i = 0; i < frame.count(); ++i)
                frame.data()[i] = std::uint8_t(frame.data()[i] / 2);
        VERIFY_OK(correcting.showReference());
        GeneratorInputs inputs{&walk.sdc, {&walk.scene}};
        inputs.sketch = &other.scene;
        MemorySink out;
        VERIFY_OK(correcting.generator.generate(inputs, out, {}));
        QVERIFY(std::ranges::equal(backend.refinedScenes.values(), backend.scenes.values()));
        QVERIFY(std::ranges::equal(backend.refinedSketches.values(), backend.sketches.values()));
        QVERIFY(!std::ranges::equal(backend.scenes.values(), backend.sketches.values()));
        for (int i = 0; i < 3; ++i)
            QCOMPARE(out.frames[std::size_t(i)].at(25, 60, 1),
                     other.scene.frames[std::size_t(i)].at(25, 60, 1) + 13); // of 26
    }

private:
    static void checkReference(const ArrayMap& data) {
        const auto rgb = imageOf(data.at("in/ref_rgb"));
        const RectI box = personCrop(imageOf(data.at("in/ref_mask")));
        const auto crop = cropped(rgb, box);
        QVERIFY(padded(crop, squarePad(crop.size()), 255) == imageOf(data.at("out/ref_input")));
    }
};

QTEST_APPLESS_MAIN(TestClipGenerator)
#include "test_clip_generator.moc"
