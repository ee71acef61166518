// SPDX-License-Identifier: Apache-2.0
// Plans for the memory: their estimates against what is measured, and what happens when it is not
// enough.
#include "tests/unit/synth/mimo/made_up_inputs.h"
#include "tests/unit/synth/mimo/tiny_networks.h"

#include "engine/nn/layers/initialise.h"
#include "engine/synth/mimo/device_memory.h"
#include "engine/synth/mimo/memory_estimate.h"
#include "tests/support/limited_memory.h"

#include <QTest>

using namespace strata;
using test::LimitedMemory;

namespace {

constexpr std::int64_t kGiga = 1'000'000'000;
const WorkSize kCpuWork;

std::int64_t parametersIn(torch::nn::Module& network) {
    std::int64_t sum = 0;
    for (const auto& parameter : network.parameters())
        sum += parameter.numel();
    for (const auto& buffer : network.buffers())
        sum += buffer.numel();
    return sum;
}

/// What `run` needs at the same time beyond what was there before.
template <typename F>
std::int64_t measured(F&& run) {
    const c10::InferenceMode inference;
    auto& memory = LimitedMemory::instance();
    const auto before = memory.live();
    memory.forgetPeak();
    run();
    return memory.peak() - before;
}

} // namespace

class TestMimoMemory : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() {
        torch::set_num_threads(1);
        LimitedMemory::instance();
        m_networks = test::tinyNetworks();
        QVERIFY(m_networks);
    }
    void cleanup() { LimitedMemory::instance().unlimited(); }

    void parametersAreCountedExactly() {
        const MimoParameters official = parametersOf(nn::MimoConfig::official());
        QCOMPARE(official.reference, 859'508'800);
        QCOMPARE(official.denoiser, 1'313'950'084);
        QCOMPARE(official.pose, 1'086'480);
        QCOMPARE(official.vae, 83'653'863);
        QCOMPARE(official.clip, 303'966'208);
        QCOMPARE(official.refiner, 0);
        for (const auto& config :
             {test::tinyConfig(), nn::MimoConfig::paper(8), nn::MimoConfig::small(), odd()}) {
            nn::MimoNetworks networks(config, torch::TensorOptions(torch::kMeta));
            const MimoParameters counted = parametersOf(config);
            QCOMPARE(counted.vae, parametersIn(*networks.vae));
            QCOMPARE(counted.clip, networks.clip ? parametersIn(*networks.clip) : 0);
            QCOMPARE(counted.refiner, networks.refiner ? parametersIn(*networks.refiner) : 0);
            QCOMPARE(counted.pose, parametersIn(*networks.pose));
            QCOMPARE(counted.reference, parametersIn(*networks.reference));
            QCOMPARE(counted.denoiser, parametersIn(*networks.denoiser));
        }
    }

    // A plan adds a tenth to what is estimated.
    void estimatesAreNear_data() {
        QTest::addColumn<int>("width");
        QTest::addColumn<int>("height");
        QTest::addColumn<int>("frames");
        QTest::newRow("64 x 64, 8 frames") << 64 << 64 << 8;
        QTest::newRow("136 x 104, 5 frames") << 136 << 104 << 5;
        QTest::newRow("192 x 192, 3 frames") << 192 << 192 << 3;
    }
    void estimatesAreNear() {
        QFETCH(int, width);
        QFETCH(int, height);
        QFETCH(int, frames);
        const Size size{width, height};
        const auto config = test::tinyConfig();
        MimoOptions options;
        options.threads = 1;
        MimoBackend backend(m_networks, options);
        QVERIFY(gave(test::giveMadeUp(backend, config, frames, size)));
        auto request = test::wholeWindow(frames, backend.latentShape(size));
        compare("denoiser, guided", measured([&] {
                    QVERIFY(bool(backend.predict({&request, 1}, {})));
                }),
                denoiserBytes(config, size, frames, 1, 2, kCpuWork));
        request.withoutIdentity = false;
        compare("denoiser", measured([&] {
                    QVERIFY(bool(backend.predict({&request, 1}, {})));
                }),
                denoiserBytes(config, size, frames, 1, 1, kCpuWork));
        const auto latent = torch::randn({1, 4, height / 8, width / 8});
        const auto token = torch::randn({1, 1, 32});
        compare("reference", measured([&] { m_networks->reference->forward(latent, token); }),
                referenceBytes(config, size, kCpuWork));
        compare("decoder", measured([&] { m_networks->vae->decode(latent); }),
                coderBytes(config, size, 1, kCpuWork));
        const auto picture = torch::randn({1, 3, height, width});
        QVERIFY(measured([&] { m_networks->vae->encode(picture); }) <=
                coderBytes(config, size, 1, kCpuWork));
        compare("guider", measured([&] { m_networks->pose->forward(picture.unsqueeze(2)); }),
                guiderBytes(config, size, 1, kCpuWork) - 3 * 4 * width * height); // the input
        const auto refining = nn::MimoConfig::small();
        nn::Refiner refiner(refining.refiner);
        nn::initialise(*refiner, 1);
        compare("refiner", measured([&] { refiner->forward(picture, picture, picture); }),
                refinerBytes(refining, size, 1, kCpuWork));
    }

    void thePublishedSizeFitsATwelveGigabyteCard() {
        MemoryRequest request;
        request.cuda = true;
        request.precisions = {MimoPrecision::Half};
        request.clipFrames = 150;
        request.picturesPerCall = 8;
        std::int64_t before = std::numeric_limits<std::int64_t>::max();
        for (const std::int64_t gigabytes : {80, 24, 16, 12, 10, 8}) {
            request.freeBytes = gigabytes * kGiga - kGiga / 2; // a screen needs some
            const MemoryLadder ladder(nn::MimoConfig::official(), request);
            qInfo("%2lld GB: %s", static_cast<long long>(gigabytes), ladder.described().c_str());
            if (gigabytes >= 12)
                QVERIFY(ladder.fits());
            QVERIFY(ladder.plan().bytes.peak <= before);
            before = ladder.plan().bytes.peak;
        }
        request.freeBytes = 2 * kGiga;
        const MemoryLadder none(nn::MimoConfig::official(), request);
        QVERIFY(!none.fits());
        const auto text = QString::fromStdString(none.shortfall());
        qInfo("%s", qPrintable(text));
        QVERIFY2(text.contains("784x784") && text.contains("2.0 GB are free") && text.endsWith('.'),
                 qPrintable(text));
    }

    void plansBecomeSmaller() {
        for (const bool cuda : {false, true}) {
            MemoryRequest request;
            request.cuda = cuda;
            request.precisions = {MimoPrecision::Float, MimoPrecision::BFloat16};
            request.windowsPerCall = 4;
            MemoryLadder ladder(nn::MimoConfig::official(), request);
            QVERIFY(ladder.fits());
            QCOMPARE(ladder.plan().windowsPerCall, 4);
            QCOMPARE(ladder.plan().coderTile, 0);
            std::int64_t before = ladder.plan().bytes.of(MemoryPhase::Denoising);
            while (ladder.takeSmaller(MemoryPhase::Denoising)) {
                QVERIFY(ladder.plan().bytes.of(MemoryPhase::Denoising) < before);
                before = ladder.plan().bytes.of(MemoryPhase::Denoising);
                QVERIFY(cuda || !(ladder.plan().offload || ladder.plan().hostConditions));
            }
            QCOMPARE(ladder.plan().precision, MimoPrecision::BFloat16);
            QVERIFY(ladder.plan().halvesApart);
        }
        QVERIFY(freeMemory("cpu") > 0);
    }

    void aCallThatRunsOutOfMemoryIsRepeatedSmaller_data() {
        QTest::addColumn<bool>("bad");
        QTest::newRow("std::bad_alloc") << true;
        QTest::newRow("LibTorch's error") << false;
    }
    void aCallThatRunsOutOfMemoryIsRepeatedSmaller() {
        QFETCH(bool, bad);
        constexpr int kFrames = 6;
        const Size size{96, 64};
        const auto config = test::tinyConfig();
        auto& memory = LimitedMemory::instance();
        const auto request = test::wholeWindow(kFrames, {4, 8, 12});
        const auto predict = [&](MimoBackend& backend) {
            return backend.predict({&request, 1}, {});
        };

        MimoOptions apart;
        apart.threads = 1;
        apart.memory = withHalvesApart(config, size, kFrames);
        MimoBackend calm(m_networks, apart);
        QVERIFY(gave(test::giveMadeUp(calm, config, kFrames, size)));
        Result<std::vector<Prediction>> wanted = cancelled();
        const auto less = measured([&] { wanted = predict(calm); });
        QVERIFY(bool(wanted));

        std::vector<std::string> notes;
        MimoOptions options;
        options.threads = 1;
        options.note = [&notes](const std::string& note) { notes.push_back(note); };
        MimoBackend pressed(m_networks, options);
        QVERIFY(gave(test::giveMadeUp(pressed, config, kFrames, size)));
        Result<std::vector<Prediction>> first = cancelled();
        const auto more = measured([&] { first = predict(pressed); });
        QVERIFY(bool(first) && notes.empty());
        QVERIFY2(less < more, qPrintable(QString("%1 %2").arg(less).arg(more)));

        memory.limit(memory.live() + (less + more) / 2,
                     bad ? LimitedMemory::Refusal::BadAlloc : LimitedMemory::Refusal::TorchError);
        const int refused = memory.refused();
        const auto again = predict(pressed);
        QVERIFY2(bool(again), again ? "" : again.error().message.c_str());
        QVERIFY(memory.refused() > refused);
        QCOMPARE(notes.size(), std::size_t(1));
        qInfo("%s", notes.front().c_str());
        QVERIFY(notes.front().find("smaller plan") != std::string::npos);
        QVERIFY(pressed.memory().plan().halvesApart);
        QVERIFY(again->front().withIdentity == wanted->front().withIdentity);
        QVERIFY(again->front().withoutIdentity == wanted->front().withoutIdentity);
        QVERIFY(test::largestDifference(again->front().withIdentity, first->front().withIdentity) <=
                3e-5);

        memory.limit(memory.live() + less / 4);
        const auto failed = predict(pressed);
        QVERIFY(!failed);
        QCOMPARE(failed.error().code, ErrorCode::OutOfMemory);
        QVERIFY(failed.error().message.find("Even the smallest plan") == 0);
        memory.unlimited();
        const auto recovered = predict(pressed); // nothing was lost
        QVERIFY(bool(recovered));
        QVERIFY(recovered->front().withIdentity.sameShape(wanted->front().withIdentity));
    }

    void picturesAreCodedInTilesWhenThereIsNoMemory() {
        const Size size{640, 64};
        const auto pictures = test::smoothPictures(1, size);
        auto& memory = LimitedMemory::instance();
        MimoOptions options;
        options.threads = 1;
        std::vector<std::string> notes;
        options.note = [&notes](const std::string& note) { notes.push_back(note); };
        MemoryRequest request;
        request.picture = size;
        options.memory = MemoryLadder(test::tinyConfig(), request);
        MimoBackend backend(m_networks, options);
        Result<FrameStack> latents = cancelled(), whole = cancelled();
        QVERIFY(bool(latents = backend.encode(pictures, {})));
        const auto most = measured([&] { whole = backend.decode(*latents, {}); });
        QVERIFY(bool(whole) && notes.empty());
        memory.limit(memory.live() + most * 3 / 4);
        const auto tiled = backend.decode(*latents, {});
        memory.unlimited();
        QVERIFY2(bool(tiled), tiled ? "" : tiled.error().message.c_str());
        QVERIFY(backend.memory().plan().coderTile > 0);
        QVERIFY(notes.back().find("tiles of") != std::string::npos);
        const double difference = test::psnr(*tiled, *whole);
        qInfo("tiles of %d: %.1f dB against the whole", backend.memory().plan().coderTile,
              difference);
        QVERIFY(difference > 25);
    }

    // A GPU's plan on the CPU: networks and conditions take the same ways, the numbers are the
    // same.
    void everyPlanGivesTheSame() {
        constexpr int kFrames = 4;
        const Size size{64, 48};
        const auto config = test::tinyConfig();
        const auto request = test::wholeWindow(kFrames, {4, 6, 8});
        MemoryRequest wish;
        wish.picture = size;
        wish.windowFrames = wish.clipFrames = kFrames;
        wish.cuda = true;
        FrameStack first;
        int followed = 0;
        const MemoryLadder ladder(config, wish);
        for (const auto& plan : ladder.plans()) {
            MimoOptions options;
            options.threads = 1;
            auto tight = wish;
            tight.freeBytes = plan.bytes.peak;
            options.memory = MemoryLadder(config, tight);
            MimoBackend backend(m_networks, options);
            QVERIFY(gave(test::giveMadeUp(backend, config, kFrames, size)));
            const auto out = backend.predict({&request, 1}, {});
            QVERIFY(bool(out));
            if (first.empty())
                first = out->front().withIdentity;
            QVERIFY(test::largestDifference(first, out->front().withIdentity) <= 3e-5);
            followed += backend.memory().plan() == plan;
        }
        QVERIFY(followed >= 4);
    }

private:
    static bool gave(const Status& status) {
        if (!status)
            qWarning("%s", status.error().message.c_str());
        return bool(status);
    }

    static nn::MimoConfig odd() {
        auto config = nn::MimoConfig::small(5);
        for (nn::UnetConfig* unet : {&config.reference, &config.denoiser}) {
            unet->channels = {32, 96, 64};
            unet->layersPerBlock = 3;
            unet->contextWidth = 0;
        }
        config.pose.outChannels = 32;
        config.vae.channels = {32, 96, 64};
        config.vae.layersPerBlock = 1;
        config.tokens = 0;
        return config;
    }

    static MemoryLadder withHalvesApart(const nn::MimoConfig& config, Size size, int frames) {
        MemoryRequest request;
        request.picture = size;
        request.windowFrames = request.clipFrames = frames;
        MemoryLadder ladder(config, request);
        while (!ladder.plan().halvesApart)
            if (!ladder.takeSmaller(MemoryPhase::Denoising))
                break;
        return ladder;
    }

    static void compare(const char* what, std::int64_t measuredBytes, std::int64_t estimated) {
        const double ratio = double(estimated) / double(measuredBytes);
        qInfo("%-16s measured %7.2f MB, estimated %7.2f MB, ratio %.2f", what,
              double(measuredBytes) / 1e6, double(estimated) / 1e6, ratio);
        QVERIFY2(ratio >= 0.9 && ratio <= 1.2, what);
    }

    std::shared_ptr<nn::MimoNetworks> m_networks;
};

QTEST_GUILESS_MAIN(TestMimoMemory)
#include "test_mimo_memory.moc"
