// SPDX-License-Identifier: Apache-2.0
#include "engine/pipeline/stages/identity_stage.h"

#include "engine/decompose/fit/body_fit.h"
#include "engine/decompose/subject/choose_subject.h"
#include "engine/decompose/subject/matte.h"
#include "engine/decompose/subject/people_tracker.h"

namespace strata {
namespace {

constexpr const char* kIdentityFile = "identity.npz";

ImageF unitRange(const ImageU8& alpha) {
    ImageF out(alpha.width(), alpha.height(), 1);
    for (std::size_t i = 0; i < alpha.count(); ++i)
        out.data()[i] = float(alpha.data()[i]) / 255.f;
    return out;
}

/// The main person of the picture: found, matted and fitted, as a clip of one frame.
Result<PictureSubject> findSubject(Networks& networks, const BodyModel& body,
                                   const ImageU8& picture, const std::string& name,
                                   const JobContext& job) {
    STRATA_ASSIGN(PersonDetector* const detector, networks.detector());
    STRATA_ASSIGN(PoseEstimator* const pose, networks.pose());
    STRATA_ASSIGN(Matting* const matting, networks.matting());
    BlazePoseSensor sensor(*detector, *pose);
    STRATA_ASSIGN(const PeopleFrame people, PeopleTracker(sensor).process(0, picture, job));
    SubjectSurvey survey(picture.size());
    survey.add(0, people);
    const auto everyone = survey.people();
    if (everyone.empty())
        return Error{ErrorCode::NothingToDo, "No person was found in " + name + "."};
    const PersonObservation* person = people.find(everyone.front().id);

    SubjectMatte matte(
        [matting](const ImageU8& rgb, int side) { return matting->alpha(rgb, side); }, person->id);
    STRATA_ASSIGN(const PersonMatte alpha, matte.process(0, picture, people, {}, job));

    PictureSubject subject;
    subject.rgb = picture;
    subject.alpha = unitRange(alpha.alpha);
    for (int i = 0; i < kPoseLandmarks; ++i)
        subject.landmarks.emplace_back(person->pose.landmarks[std::size_t(i)].x,
                                       person->pose.landmarks[std::size_t(i)].y,
                                       person->pose.visibility[std::size_t(i)]);
    FitFrame frame;
    frame.seen = true;
    frame.pose = person->pose;
    STRATA_ASSIGN(FitResult fit, fitBody(body, {&frame, 1}, picture.size(), Rational(1), {}, job));
    subject.betas = fit.motion.betas;
    subject.pose = fit.motion.frames.front();
    subject.camera = fit.motion.cameras.front();
    return subject;
}

} // namespace

Result<MadeIdentity> runIdentityStage(StageContext& context, const ImageU8& picture,
                                      const std::string& name, const std::string& digest) {
    Networks& networks = context.networks;
    StageSpec spec;
    spec.name = "identity";
    spec.version = 7;
    spec.params = nlohmann::json::object();
    spec.inputs = {digest, networks.digest("blazepose"), networks.digest("modnet"),
                   context.bodyKey};
    spec.frameCount = 1;
    STRATA_ASSIGN(
        const StageResult stage,
        context.runner.run(spec, [&](const StageChunk& chunk, const JobContext& job) -> Status {
            STRATA_ASSIGN(const PictureSubject subject,
                          findSubject(networks, context.body, picture, name, job));
            STRATA_ASSIGN(const Identity identity, buildIdentity(context.body, subject, {}, job));
            return saveIdentity(chunk.folder / kIdentityFile, identity);
        }));
    STRATA_ASSIGN(Identity identity, loadIdentity(stage.chunks.front() / kIdentityFile));
    return MadeIdentity{stage.key, std::move(identity)};
}

} // namespace strata
