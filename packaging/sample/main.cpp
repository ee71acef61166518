// SPDX-License-Identifier: Apache-2.0
#include "engine/body/motion.h"
#include "engine/media/image_io.h"
#include "engine/media/video_writer.h"
#include "packaging/sample/cast.h"
#include "packaging/sample/shot.h"
#include "packaging/sample/street.h"

#include <CLI/CLI.hpp>

#include <cstdio>
#include <optional>

using namespace strata;
using namespace strata::sample;

namespace {

struct Arguments {
    std::filesystem::path makehuman, motion, body = "assets/body/strata_body.npz", out;
    Size size{854, 480};
    int frames = 84;
    int samples = 3;
    int crf = 22;
    std::vector<int> stills;
};

constexpr Rational kFps{24, 1};

class SampleMaker {
public:
    explicit SampleMaker(Arguments arguments)
        : m_arguments(std::move(arguments)) {}

    Status run() {
        std::error_code error;
        std::filesystem::create_directories(m_arguments.out, error);
        STRATA_ASSIGN(m_model, loadBody(m_arguments.body));
        STRATA_ASSIGN(m_wardrobe, MakeHumanWardrobe::open(m_arguments.makehuman, m_model));
        STRATA_TRY(identities());
        STRATA_ASSIGN(const DressedPerson person, dressed(walker()));
        STRATA_ASSIGN(const Motion recorded, readMotion(m_arguments.motion, m_model));
        Motion walk =
            stageWalk(recorded, person.body(), kFps, m_arguments.frames, m_arguments.size);
        walk.betas = walker().betas;
        return m_arguments.stills.empty() ? clip(person, walk) : stills(person, walk);
    }

private:
    Result<DressedPerson> dressed(const Role& role) const {
        return dress(role, m_model, *m_wardrobe, m_arguments.makehuman);
    }

    Status identities() const {
        const Role roles[2] = {firstIdentity(), secondIdentity()};
        for (int i = 0; i < 2; ++i) {
            STRATA_ASSIGN(const DressedPerson person, dressed(roles[i]));
            const ImageU8 picture = renderIdentity(person, makeCourtyard(i), {512, 768},
                                                   m_arguments.samples, i ? -0.12f : 0.1f, i);
            STRATA_TRY(writeJpeg(m_arguments.out / ("identity_" + std::to_string(i + 1) + ".jpg"),
                                 picture, 90));
        }
        return ok();
    }

    ShotFrame frame(const DressedPerson& person, const Motion& walk, int index) const {
        return renderShot(m_street, person, walk.frames[std::size_t(index)],
                          walk.cameras[std::size_t(index)], index, m_arguments.samples);
    }

    Status stills(const DressedPerson& person, const Motion& walk) const {
        for (const int index : m_arguments.stills) {
            if (index < 0 || index >= int(walk.frames.size()))
                continue;
            const ShotFrame shot = frame(person, walk, index);
            const auto name = [&](const char* what) {
                return m_arguments.out / (std::string(what) + "_" + std::to_string(index) + ".png");
            };
            STRATA_TRY(writePng(name("clip"), shot.picture));
            STRATA_TRY(writePng(name("plate"), shot.plate));
            STRATA_TRY(writePng(name("human"), shot.human));
            STRATA_TRY(writePng(name("occluder"), shot.occluder));
        }
        return ok();
    }

    Result<std::unique_ptr<VideoWriter>> open(const char* name, bool mask, int crf) const {
        VideoWriterOptions options;
        options.size = m_arguments.size;
        options.fps = kFps;
        options.crf = crf;
        options.preset = "veryslow";
        if (mask) {
            options.codec = VideoCodec::Ffv1;
            options.store = PixelStore::Gray8;
        }
        return VideoWriter::open(m_arguments.out / name, options);
    }

    Status clip(const DressedPerson& person, const Motion& walk) const {
        STRATA_ASSIGN(const auto picture, open("walk.mp4", false, m_arguments.crf));
        STRATA_ASSIGN(const auto plate, open("walk_plate.mp4", false, m_arguments.crf - 2));
        STRATA_ASSIGN(const auto human, open("walk_human.mkv", true, 0));
        STRATA_ASSIGN(const auto occluder, open("walk_occluder.mkv", true, 0));
        for (int i = 0; i < int(walk.frames.size()); ++i) {
            const ShotFrame shot = frame(person, walk, i);
            STRATA_TRY(picture->write(i, shot.picture));
            STRATA_TRY(plate->write(i, shot.plate));
            STRATA_TRY(human->write(i, shot.human));
            STRATA_TRY(occluder->write(i, shot.occluder));
            std::printf("frame %d of %zu\n", i + 1, walk.frames.size());
            std::fflush(stdout);
        }
        for (const auto* writer : {&picture, &plate, &human, &occluder})
            STRATA_TRY((*writer)->finish());
        return writeAmass(m_arguments.out / "walk_motion.npz", walk);
    }

    Arguments m_arguments;
    BodyModel m_model;
    std::optional<MakeHumanWardrobe> m_wardrobe;
    Scene m_street = makeStreet();
};

} // namespace

int main(int argc, char** argv) {
    Arguments arguments;
    CLI::App app{"Renders assets/samples: a person who walks behind a planter and a pillar, the "
                 "true layers of "
                 "that clip, and two identity pictures."};
    app.add_option("--data", arguments.makehuman,
                   "folder with MakeHuman's base.obj, clothes/ and hair/")
        ->required();
    app.add_option("--motion", arguments.motion, "the walk: CMU's 08_04.bvh, or any motion file")
        ->required();
    app.add_option("--body", arguments.body, "body model");
    app.add_option("--out", arguments.out, "folder to write to")->required();
    app.add_option("--frames", arguments.frames, "length of the clip at 24 frames per second");
    app.add_option("--samples", arguments.samples, "samples per pixel side")
        ->check(CLI::Range(1, 4));
    app.add_option("--crf", arguments.crf, "quality of the clip");
    app.add_option("--stills", arguments.stills, "only these frames, as PNG pictures");
    CLI11_PARSE(app, argc, argv);
    if (const Status status = SampleMaker(arguments).run(); !status) {
        std::fprintf(stderr, "%s\n", status.error().message.c_str());
        return 1;
    }
    return 0;
}
