// SPDX-License-Identifier: Apache-2.0
#include "engine/core/atomic_file.h"
#include "engine/train/session/clip_packing.h"
#include "engine/train/session/coder_rounds.h"
#include "engine/train/session/held_out_clips.h"
#include "engine/train/session/train_session.h"
#include "tests/unit/train/small_assets.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <cstdlib>

using namespace strata;
namespace fs = std::filesystem;

namespace {

struct Round {
    RoundKind kind;
    ImageU8 given, back;
};

int largestDifference(const ImageU8& a, const ImageU8& b) {
    int most = 0;
    for (std::size_t i = 0; i < a.count(); ++i)
        most = std::max(most, std::abs(int(a.data()[i]) - int(b.data()[i])));
    return most;
}

double meanDifference(const std::vector<Round>& rounds) {
    double sum = 0, count = 0;
    for (const Round& round : rounds)
        for (std::size_t i = 0; i < round.given.count(); ++i, ++count)
            sum += std::abs(int(round.given.data()[i]) - int(round.back.data()[i]));
    return sum / count;
}

std::vector<std::string> namesOf(const HeldOutClip& clip) {
    std::vector<std::string> out;
    for (const auto& drawn : clip.drawn)
        out.push_back(drawn.by);
    return out;
}

} // namespace

class TestTrainSession : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    fs::path m_body = fs::path(STRATA_SOURCE_DIR) / "assets/body/strata_body.npz";

    fs::path place(const char* name) const {
        return fs::path(m_folder.path().toStdString()) / name;
    }

    TrainSessionOptions options(const char* out) const {
        TrainSessionOptions options;
        options.config = "tiny";
        options.body = m_body;
        options.side = 32;
        options.out = place(out).string();
        return options;
    }

    std::vector<Round> rounds(const fs::path& from) const {
        CoderRounds wanted{from, place("assets.safetensors"), m_body, 32, 2};
        std::vector<Round> out;
        const Status done =
            codeAndDecode(wanted,
                          [&](RoundKind kind, const ImageU8& given, const ImageU8& back) {
                              out.push_back({kind, given, back});
                              return ok();
                          },
                          {});
        if (!done)
            qWarning("%s", done.error().message.c_str());
        return out;
    }

private Q_SLOTS:
    void initTestCase() { QVERIFY(test::smallAssets().save(place("assets.safetensors"))); }

    void aCoderIsTrainedAndLookedAt() {
        auto training = options("coder");
        training.assets = place("assets.safetensors").string();
        training.settings = {"stage=autoencoder",
                             "coder.crop=16",
                             "steps=2",
                             "frames=1",
                             "networks.vae.fold=2",
                             "networks.vae.shortcut=true",
                             "networks.vae.channels=[8, 8, 8]"};
        const auto done = trainSession(training, {});
        QVERIFY2(done, done ? "" : done.error().message.c_str());
        const auto exported = rounds(done->networks);
        QCOMPARE(exported.size(), std::size_t(6));
        QVERIFY(exported[0].kind == RoundKind::Frame && exported[2].kind == RoundKind::Identity);
        QVERIFY(exported[0].given != exported[3].given);
        // It begins as a linear coder, which four numbers for 64 pixels bring this far.
        const double mean = meanDifference(exported);
        QVERIFY2(mean > 0 && mean < 45, std::to_string(mean).c_str());
        // A checkpoint holds the same, in single precision.
        const auto saved = rounds(place("coder/checkpoints/step_0000000002.safetensors"));
        QCOMPARE(saved.size(), exported.size());
        for (std::size_t i = 0; i < saved.size(); ++i) {
            QVERIFY(saved[i].given == exported[i].given);
            QVERIFY(largestDifference(saved[i].back, exported[i].back) <= 3);
        }
    }

    void packedClipsTrainLikeDrawnOnes() {
        const TrainingAssets assets = test::smallAssets();
        fs::create_directories(place("clips"));
        const auto clip = renderClip(assets, randomRecipe(assets, 7, Split::Train), {64, 2, 0});
        QVERIFY(clip);
        QVERIFY(packRenderedClip(*clip, assets.body, place("clips/one.safetensors")));
        auto training = options("joint");
        training.clips = place("clips").string();
        training.settings = {"stage=joint", "steps=1", "networks.sketch=true",
                             "networks.denoiser.inChannels=16"};
        const auto done = trainSession(training, {});
        QVERIFY2(done, done ? "" : done.error().message.c_str());
        QVERIFY(done->loss > 0);
        QVERIFY(fs::exists(fs::path(done->networks) / "codes.safetensors"));
    }

    void piecesOfRealClipsTrainLikeDrawnOnes() {
        const TrainingAssets assets = test::smallAssets();
        const auto clip = renderClip(assets, randomRecipe(assets, 9, Split::Train), {64, 2, 1});
        QVERIFY(clip);
        ClipPiece piece;
        for (std::size_t i = 0; i < 2; ++i) {
            const LayeredFrame& frame = clip->frames[i];
            piece.frames.push_back(frame.color);
            piece.scene.push_back(frame.scene);
            piece.occluder.push_back(ImageU8(64, 64, 3));
            piece.sketch.push_back(frame.color);
            piece.alpha.push_back(visibleHuman(frame));
            piece.vertices.push_back(clip->vertices[i]);
            piece.cameras.push_back(clip->motion.cameras[i]);
        }
        piece.identity = clip->canonical.color;
        piece.posed = clip->portraits[0].color;
        fs::create_directories(place("pieces"));
        const Status packed = packClipPiece(piece, place("pieces/one.safetensors"));
        QVERIFY2(packed, packed ? "" : packed.error().message.c_str());
        auto training = options("real");
        training.clips = place("pieces").string();
        training.settings = {"stage=joint", "steps=1", "networks.sketch=true",
                             "networks.denoiser.inChannels=16", "identity=posed"};
        const auto done = trainSession(training, {});
        QVERIFY2(done, done ? "" : done.error().message.c_str());

        piece.cameras.pop_back();
        const Status incomplete = packClipPiece(piece, place("pieces/two.safetensors"));
        QVERIFY(!incomplete && incomplete.error().code == ErrorCode::BadFormat);
        QVERIFY(!fs::exists(place("pieces/two.safetensors")));
    }

    void aCheckpointIsExportedAsTheEndOfItsTrainingIs() { // of packed clips
        const Status done = exportCheckpoint(place("joint/checkpoints/step_0000000001.safetensors"),
                                             m_body, place("exported"));
        QVERIFY2(done, done ? "" : done.error().message.c_str());
        for (const char* name : {"vae", "clip", "reference", "codes", "pose", "denoiser"}) {
            const std::string file = std::string(name) + ".safetensors";
            const auto wanted = readFile(place("joint/networks") / file, 1 << 26);
            const auto found = readFile(place("exported") / file, 1 << 26);
            QVERIFY2(wanted && found && *wanted == *found, name);
        }
        QVERIFY(fs::exists(place("exported/training.json")));
        QVERIFY(!exportCheckpoint(place("none.safetensors"), m_body, place("exported")));
    }

    void heldOutPeopleAreDrawnAgain() { // with what the training before has made
        HeldOutClips wanted;
        wanted.networks = {place("joint/networks")};
        wanted.assets = place("assets.safetensors");
        wanted.body = m_body;
        wanted.side = 64;
        wanted.clips = 2;
        wanted.frames = 3;
        wanted.steps = 1;
        std::vector<HeldOutClip> clips, again;
        const auto into = [](std::vector<HeldOutClip>& list) {
            return [&list](const HeldOutClip& clip) {
                list.push_back(clip);
                return ok();
            };
        };
        const Status done = drawHeldOutClips(wanted, into(clips), {});
        QVERIFY2(done, done ? "" : done.error().message.c_str());
        QCOMPARE(clips.size(), std::size_t(2));
        PersonScore plate, mesh;
        RunningMean along, still;
        for (const HeldOutClip& clip : clips) {
            QCOMPARE(clip.truth.motion.size(), std::size_t(2));
            QCOMPARE(namesOf(clip),
                     (std::vector<std::string>{"plate", "mesh", "coder", "generator"}));
            for (const auto& drawn : clip.drawn)
                QCOMPARE(drawn.frames.size(), std::size_t(3));
            QVERIFY(plate.add(clip.drawn[0].frames, clip.truth));
            QVERIFY(mesh.add(clip.drawn[1].frames, clip.truth));
            for (std::size_t i = 0; i < 2; ++i) {
                const auto& frames = clip.truth.frames;
                PixelMotion none = clip.truth.motion[i];
                along += *warpingError(frames[i], frames[i + 1], none);
                std::fill_n(none.way.data(), none.way.count(), 0.f);
                still += *warpingError(frames[i], frames[i + 1], none);
            }
        }
        // Somebody is there, whom the mesh synthesiser draws better than nobody does.
        QVERIFY(plate.figures().frames > 0);
        QVERIFY(mesh.figures().psnr > plate.figures().psnr + 3);
        // What is seen of the body moves as the body does.
        QVERIFY(along.samples > 300);
        QVERIFY2(along.mean() < 0.5 * still.mean(),
                 qPrintable(QString("%1 %2").arg(along.mean()).arg(still.mean())));

        wanted.networks.clear();
        QVERIFY(drawHeldOutClips(wanted, into(again), {}));
        QVERIFY(again[1].truth.frames == clips[1].truth.frames); // always the same ones
        QCOMPARE(namesOf(again[1]), (std::vector<std::string>{"plate", "mesh"}));

        wanted.networks = {place("joint/networks"), place("exported")}; // the same ones
        wanted.clips = 1;
        again.clear();
        QVERIFY(drawHeldOutClips(wanted, into(again), {}));
        QCOMPARE(namesOf(again[0]),
                 (std::vector<std::string>{"plate", "mesh", "coder", "joint", "exported"}));
        for (const std::size_t k : {3, 4})
            QVERIFY(again[0].drawn[k].frames == clips[0].drawn[3].frames);
    }

    void whatIsMissingIsNamed() {
        CoderRounds wanted{place("nothing"), place("assets.safetensors"), m_body, 32, 1};
        const Status done =
            codeAndDecode(wanted, [](auto, const auto&, const auto&) { return ok(); }, {});
        QVERIFY(!done);
        QVERIFY(done.error().message.find("nothing") != std::string::npos);
    }
};

QTEST_GUILESS_MAIN(TestTrainSession)
#include "test_train_session.moc"
