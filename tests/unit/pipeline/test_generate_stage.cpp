// SPDX-License-Identifier: Apache-2.0
// The generator with small random networks, from layers to an encoded clip.
#include "engine/core/atomic_file.h"
#include "engine/formats/npz.h"
#include "engine/media/image_io.h"
#include "engine/media/video_reader.h"
#include "engine/media/video_writer.h"
#include "engine/pipeline/installation.h"
#include "engine/pipeline/motion_pictures.h"
#include "engine/pipeline/preview_sheet.h"
#include "engine/pipeline/sampler_checkpoints.h"
#include "engine/pipeline/stages/generate_stage.h"
#include "engine/synth/mimo/mimo_backend.h"
#include "tests/unit/synth/diffusion/fake_backend.h"

#include <QTemporaryDir>
#include <QTest>

#include <cmath>

using namespace strata;
namespace fs = std::filesystem;

namespace {

constexpr Size kFrame{112, 96};
constexpr int kFrames = 5;
constexpr int kPersonX = 40, kPersonY = 28, kPersonWidth = 24, kPersonHeight = 40;

/// The same picture in every frame.
class Still : public ColorSource {
public:
    explicit Still(ImageU8 picture)
        : m_picture(std::make_shared<ImageU8>(std::move(picture))) {}
    std::int64_t frameCount() const override { return kFrames; }
    Size frameSize() const override { return m_picture->size(); }
    Result<Frame> frame(std::int64_t) override { return Frame(m_picture); }

private:
    std::shared_ptr<ImageU8> m_picture;
};

bool isPerson(int x, int y) {
    return x >= kPersonX && x < kPersonX + kPersonWidth && y >= kPersonY &&
           y < kPersonY + kPersonHeight;
}

/// `inside` where the person is, `outside` elsewhere.
ImageU8 picture(int channels, int inside, int outside) {
    ImageU8 out(kFrame.width, kFrame.height, channels);
    for (int y = 0; y < kFrame.height; ++y)
        for (int x = 0; x < kFrame.width; ++x)
            for (int c = 0; c < channels; ++c)
                out.at(x, y, c) = std::uint8_t(isPerson(x, y) ? inside : outside);
    return out;
}

nn::MimoConfig tinyConfig() {
    nn::MimoConfig config = nn::MimoConfig::official();
    for (nn::UnetConfig* unet : {&config.reference, &config.denoiser}) {
        unet->channels = {32, 64};
        unet->layersPerBlock = 1;
        unet->contextWidth = 32;
    }
    config.pose.channels = {8, 8, 8, 16};
    config.pose.outChannels = 32;
    config.vae.channels = {32, 32, 32, 32};
    config.clip = {32, 1, 4, 64, 56, 224, 32};
    return config;
}

/// A clip of kFrames equal pictures, written to the folder.
Result<std::unique_ptr<Clip>> grayClip(const fs::path& folder) {
    VideoWriterOptions options;
    options.size = kFrame;
    options.crf = 0;
    STRATA_ASSIGN(const auto writer, VideoWriter::open(folder / "clip.mp4", options));
    for (int i = 0; i < kFrames; ++i)
        STRATA_TRY(writer->write(i, picture(3, 200, 90)));
    STRATA_TRY(writer->finish());
    ClipRequest request;
    request.video = folder / "clip.mp4";
    return Clip::open(request);
}

} // namespace

class TestGenerateStage : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aClipIsGeneratedOnceAndKept() {
        const QTemporaryDir dir;
        const fs::path folder = dir.path().toStdString();
        const auto clip = grayClip(folder);
        QVERIFY(bool(clip));
        const auto store = openModelStore();
        const auto body = loadInstalledBody();
        const auto cache = CacheStore::open(folder / "cache");
        QVERIFY(store && body && cache);
        Networks networks(*store);
        auto runner = StageRunner::create(**cache, {{"generate", 1}}, {});
        QVERIFY(bool(runner));
        StageContext context{**clip, networks, body->model, body->key, *runner};

        EditLayers layers;
        layers.matte = std::make_unique<Still>(picture(1, 255, 0));
        layers.plate = std::make_unique<Still>(picture(3, 90, 90));
        layers.key = "layers";
        Still motion(picture(3, 180, 0));
        GenerateInputs inputs(layers);
        inputs.motion = &motion;
        inputs.character = picture(4, 255, 0);
        inputs.generator.picture = {64, 64};
        inputs.generator.sampler.steps = 2;
        int loaded = 0;
        inputs.networks = [&loaded]() -> Result<std::unique_ptr<DenoiserBackend>> {
            ++loaded;
            STRATA_ASSIGN(LoadedMimo made, randomMimo(tinyConfig(), 3));
            return std::unique_ptr<DenoiserBackend>(
                std::make_unique<MimoBackend>(std::move(made.networks)));
        };
        int drafts = 0;
        inputs.draftSeconds = 0;
        inputs.draft = [&](const FrameStack& pictures, const std::vector<int>& frames) {
            ++drafts;
            QVERIFY((pictures.shape() == FrameShape{3, 8, 8}));
            QCOMPARE(frames, (std::vector<int>{0, 1, 2, 3, 4}));
            QVERIFY(bool(writeDraftSheet(folder / "draft.png", pictures, frames)));
            const auto sheet = readImage(folder / "draft.png");
            QVERIFY(sheet && sheet->width() > 3 * 200);
        };
        for (int again = 0; again < 2; ++again) {
            const auto result = runGenerateStage(context, inputs);
            QCOMPARE(drafts, 2); // after each step
            QVERIFY2(bool(result), result ? "" : result.error().message.c_str());
            QCOMPARE(result->chunks.size(), std::size_t(1));
            QCOMPARE(loaded, 1);
            checkVideo(result->files("segment.mp4").front());
            if (QTest::currentTestFailed())
                return;
        }
        inputs.generator.seed = 43;
        QVERIFY(bool(runGenerateStage(context, inputs)));
        QCOMPARE(loaded, 2);

        // Stopped after a window, it goes on from there and gives the same file.
        inputs.generator.seed = 44;
        inputs.generator.sampler.steps = 6;
        inputs.saveSeconds = 0;
        int reports = 0;
        std::stop_source stop;
        const auto runIn = [&](CacheStore& store2, int stopAfter) {
            reports = 0;
            stop = {};
            auto made = StageRunner::create(store2, {{"generate", 1}},
                                            {stop.get_token(), [&](const Progress&) {
                                                 if (++reports == stopAfter)
                                                     stop.request_stop();
                                             }});
            StageContext other{**clip, networks, body->model, body->key, *made};
            return runGenerateStage(other, inputs);
        };
        const auto elsewhere = CacheStore::open(folder / "elsewhere");
        QVERIFY(bool(elsewhere));
        const auto whole = runIn(**elsewhere, -1);
        QVERIFY(bool(whole));
        const int all = reports;
        const auto stopped = runIn(**cache, all - 3);
        QVERIFY(!stopped && stopped.error().code == ErrorCode::Cancelled);
        const auto resumed = runIn(**cache, -1);
        QVERIFY(bool(resumed));
        QVERIFY2(reports < all - 2, qPrintable(QString::number(reports)));
        QCOMPARE(*readFile(resumed->files("segment.mp4").front()),
                 *readFile(whole->files("segment.mp4").front()));
    }

    void theOccluderOfTheClipReachesNetworksThatTakeOne() {
        const QTemporaryDir dir;
        const fs::path folder = dir.path().toStdString();
        const auto clip = grayClip(folder);
        const auto store = openModelStore();
        const auto body = loadInstalledBody();
        const auto cache = CacheStore::open(folder / "cache");
        QVERIFY(clip && store && body && cache);
        Networks networks(*store);

        EditLayers layers;
        layers.matte = std::make_unique<Still>(picture(1, 255, 0));
        layers.occluder = std::make_unique<Still>(picture(1, 255, 0));
        layers.plate = std::make_unique<Still>(picture(3, 90, 90));
        layers.key = "layers";
        Still motion(picture(3, 180, 0));
        FrameStack seen;
        struct Recording final : FakeBackend {
            explicit Recording(FrameStack& to)
                : m_to(to) {}
            ~Recording() override { m_to = occluders; }
            FrameStack& m_to;
        };
        GenerateInputs inputs(layers);
        inputs.motion = &motion;
        inputs.character = picture(4, 255, 0);
        inputs.generator.picture = {64, 64};
        inputs.generator.sampler.steps = 1;
        inputs.networks = [&seen]() -> Result<std::unique_ptr<DenoiserBackend>> {
            return std::unique_ptr<DenoiserBackend>(std::make_unique<Recording>(seen));
        };
        const auto run = [&](bool takes, bool keeps) {
            inputs.generator.takesOccluder = takes;
            inputs.keepOccluder = keeps;
            auto runner = StageRunner::create(**cache, {{"generate", 1}}, {});
            StageContext context{**clip, networks, body->model, body->key, *runner};
            return bool(runGenerateStage(context, inputs));
        };
        QVERIFY(run(false, true));
        QVERIFY(seen.empty());
        QVERIFY(run(true, true));
        QCOMPARE(seen.frames(), kFrames);
        const float brightest = *std::ranges::max_element(seen.values());
        QVERIFY2(brightest > 0.4f, qPrintable(QString::number(brightest))); // 200 of 255
        QCOMPARE(*std::ranges::min_element(seen.values()), -1.f);
        QVERIFY(run(true, false)); // the user wants nothing in front
        QCOMPARE(*std::ranges::max_element(seen.values()), -1.f);
    }

    void samplingGoesOnFromTheStateThatIsFurthest() {
        const QTemporaryDir dir;
        const auto cache = CacheStore::open(fs::path(dir.path().toStdString()));
        QVERIFY(bool(cache));
        SamplerCheckpoints checkpoints(**cache, "some key");
        QVERIFY(!checkpoints.last(0));
        SamplerState state;
        state.latents = FrameStack(2, {4, 3, 2}, 0.5f);
        for (int step = 0; step < 5; ++step) {
            state.step = step;
            QVERIFY(bool(checkpoints.save(0, state)));
            QCOMPARE(SamplerCheckpoints(**cache, "some key").last(0)->step, step);
        }
        QVERIFY(checkpoints.last(0)->latents == state.latents);
        QVERIFY(!checkpoints.last(1) && !SamplerCheckpoints(**cache, "other").last(0));
        checkpoints.forget(1);
        QVERIFY(!checkpoints.last(0));
    }

    void drawnMotionShowsTheBodyInItsColours() {
        const auto body = loadInstalledBody();
        QVERIFY(bool(body));
        PlacedMotion placed;
        placed.motion.frames.resize(2);
        placed.motion.confidence = {1.f, 0.f};
        Camera camera;
        camera.fx = camera.fy = 100.f;
        camera.cx = kFrame.width / 2.f;
        camera.cy = kFrame.height / 2.f;
        for (auto& frame : placed.motion.frames) // cameras look along +z with y down
            frame.translation = glm::vec3(0.f, 0.f, 4.f);
        placed.motion.cameras = {camera, camera};
        const std::vector<float> colors(body->model.vTemplate.size() * 3, 0.6f);
        const auto source = drawnMotion(body->model, placed, colors, kFrame);
        QCOMPARE(source->frameCount(), std::int64_t(2));
        const auto seen = source->frame(0), unseen = source->frame(1);
        QVERIFY(seen && unseen);
        int covered = 0;
        for (std::size_t i = 0; i < (*seen)->count(); ++i) {
            covered += std::abs(int((*seen)->data()[i]) - 153) <= 1;
            QCOMPARE(int((*unseen)->data()[i]), 0);
        }
        QVERIFY(covered > 500);
    }

    void motionColoursMustFitTheBody() {
        const QTemporaryDir dir;
        const fs::path folder = dir.path().toStdString();
        QVERIFY(!readMotionColors(folder / "none.npy", 4));
        const std::vector<std::uint8_t> bytes{0, 51, 102, 153, 204, 255};
        QVERIFY(bool(writeNpz(folder / "bytes.npz", {{"smpl", Array::of({2, 3}, bytes)}})));
        const auto fromBytes = readMotionColors(folder / "bytes.npz", 2);
        QVERIFY2(bool(fromBytes), fromBytes ? "" : fromBytes.error().message.c_str());
        QCOMPARE(fromBytes->values, (std::vector<float>{0.f, 0.2f, 0.4f, 0.6f, 0.8f, 1.f}));
        const std::vector<float> shares{0.f, 0.5f, 1.f, 1.f, 0.25f, 0.f, 1.f, 1.f}; // with alpha
        QVERIFY(bool(writeNpz(folder / "shares.npz", {{"smpl", Array::of({2, 4}, shares)}})));
        const auto fromShares = readMotionColors(folder / "shares.npz", 2);
        QVERIFY(bool(fromShares));
        QCOMPARE(fromShares->values, (std::vector<float>{0.f, 0.5f, 1.f, 0.25f, 0.f, 1.f}));
        QVERIFY(!readMotionColors(folder / "bytes.npz", 3));
        const std::vector<float> wrong{0.f, -1.f, 0.f};
        QVERIFY(bool(writeNpz(folder / "wrong.npz", {{"smpl", Array::of({1, 3}, wrong)}})));
        QVERIFY(!readMotionColors(folder / "wrong.npz", 1));
    }

private:
    static void checkVideo(const fs::path& file) {
        const auto reader = VideoReader::open(file, {.readAhead = 0});
        QVERIFY(bool(reader));
        QCOMPARE((*reader)->frameCount(), std::int64_t(kFrames));
        const auto frame = (*reader)->frame(kFrames - 1);
        QVERIFY(bool(frame));
        // Far from the person the clip stays as it is, and where it was it is gone.
        QVERIFY(std::abs(int((*frame)->at(3, 3, 1)) - 90) <= 6);
        const int there =
            (*frame)->at(kPersonX + kPersonWidth / 2, kPersonY + kPersonHeight / 2, 1);
        QVERIFY2(std::abs(there - 200) > 6, qPrintable(QString::number(there)));
    }
};

QTEST_GUILESS_MAIN(TestGenerateStage)
#include "test_generate_stage.moc"
