// SPDX-License-Identifier: Apache-2.0
#include "engine/pipeline/stages/subject_stages.h"

#include "engine/decompose/subject/matte.h"
#include "engine/decompose/subject/matte_smoothing.h"
#include "engine/decompose/subject/people_tracker.h"
#include "engine/decompose/subject/plate_cue.h"
#include "engine/formats/npz.h"
#include "engine/pipeline/stages/continue_from.h"
#include "engine/pipeline/stages/layer_files.h"

#include <algorithm>

namespace strata {
namespace {

constexpr const char* kPeopleFile = "people.npz";

Status computePeople(StageContext& context, const StageChunk& chunk, const JobContext& job) {
    STRATA_ASSIGN(PersonDetector* const detector, context.networks.detector());
    STRATA_ASSIGN(PoseEstimator* const pose, context.networks.pose());
    BlazePoseSensor sensor(*detector, *pose);
    CountedSensor counted(sensor, context.use);
    PeopleTracker tracker(counted);
    STRATA_TRY(continueFrom(tracker, chunk));
    std::vector<PeopleFrame> frames;
    for (auto i = chunk.range.begin; i < chunk.range.end; ++i) {
        if (job.stopRequested())
            return cancelled();
        STRATA_ASSIGN(const auto rgb, context.clip.frame(i));
        STRATA_ASSIGN(PeopleFrame people, tracker.process(i, *rgb, job));
        frames.push_back(std::move(people));
        job.progress("", i + 1 - chunk.range.begin, chunk.range.size());
    }
    STRATA_TRY(writeNpz(chunk.folder / kPeopleFile, packPeople(frames)));
    return leaveState(tracker, chunk);
}

Status computeMatte(StageContext& context, PeopleSource& people, int id, const StageChunk& chunk,
                    const JobContext& job) {
    STRATA_ASSIGN(Matting* const matting, context.networks.matting());
    SubjectMatte matte(
        [matting, use = context.use](const ImageU8& rgb, int side) {
            if (use)
                use->addMatte(rgb.size(), side);
            return matting->alpha(rgb, side);
        },
        id);
    STRATA_TRY(continueFrom(matte, chunk));
    PlateCue cue(
        context.clip,
        [&people](std::int64_t index) -> Result<PeopleFrame> {
            STRATA_ASSIGN(const PeopleFrame* const there, people.frame(index));
            return *there;
        },
        id);
    STRATA_ASSIGN(const auto writer, openLayerWriter(chunk.folder / "raw.mkv",
                                                     context.clip.frameSize(), PixelStore::Gray8));
    std::vector<float> confidence;
    for (auto i = chunk.range.begin; i < chunk.range.end; ++i) {
        if (job.stopRequested())
            return cancelled();
        STRATA_ASSIGN(const auto rgb, context.clip.frame(i));
        STRATA_ASSIGN(const PlateEvidence evidence, cue.frame(i));
        STRATA_ASSIGN(const PeopleFrame* const here, people.frame(i));
        STRATA_ASSIGN(const PersonMatte result,
                      matte.process(i, *rgb, *here, {&evidence, nullptr}, job));
        STRATA_TRY(writer->write(i, result.alpha));
        confidence.push_back(result.confidence);
        job.progress("", i + 1 - chunk.range.begin, chunk.range.size());
    }
    STRATA_TRY(writer->finish());
    STRATA_TRY(writeNpz(chunk.folder / "confidence.npz",
                        {{"confidence", Array::of({std::int64_t(confidence.size())},
                                                  std::span<const float>(confidence))}}));
    return leaveState(matte, chunk);
}

class OtherPeople : public MaskSource {
public:
    OtherPeople(const StageResult& people, int id, Size frame)
        : m_people(people)
        , m_id(id)
        , m_size(frame) {}

    std::int64_t frameCount() const override { return m_people.frameCount(); }
    Size frameSize() const override { return m_size; }

    Result<Frame> frame(std::int64_t index) override {
        STRATA_ASSIGN(const PeopleFrame* const people, m_people.frame(index));
        auto mask = std::make_shared<ImageU8>(m_size.width, m_size.height, 1);
        for (const auto& person : people->people)
            if (person.id != m_id)
                add(person, *mask);
        return Frame(std::move(mask));
    }

private:
    void add(const PersonObservation& person, ImageU8& mask) const {
        ImageF region(person.mask.width(), person.mask.height(), 1);
        for (std::size_t i = 0; i < region.count(); ++i)
            region.data()[i] = float(person.mask.data()[i]) / 255.f;
        const ImageF inFrame = regionMaskToFrame(region, person.region, m_size);
        for (std::size_t i = 0; i < mask.count(); ++i)
            mask.data()[i] =
                std::max(mask.data()[i], std::uint8_t(inFrame.data()[i] * 255.f + 0.5f));
    }

    PeopleSource m_people;
    int m_id;
    Size m_size;
};

class UnionSource : public MaskSource {
public:
    UnionSource(std::unique_ptr<MaskSource> a, std::unique_ptr<MaskSource> b)
        : m_a(std::move(a))
        , m_b(std::move(b)) {}

    std::int64_t frameCount() const override { return m_a->frameCount(); }
    Size frameSize() const override { return m_a->frameSize(); }

    Result<Frame> frame(std::int64_t index) override {
        STRATA_ASSIGN(const Frame a, m_a->frame(index));
        STRATA_ASSIGN(const Frame b, m_b->frame(index));
        auto both = std::make_shared<ImageU8>(*a);
        for (std::size_t i = 0; i < both->count(); ++i)
            both->data()[i] = std::max(both->data()[i], b->data()[i]);
        return Frame(std::move(both));
    }

private:
    std::unique_ptr<MaskSource> m_a, m_b;
};

} // namespace

Result<StageResult> runPeopleStage(StageContext& context) {
    StageSpec spec = context.spec("people", 1);
    spec.inputs.push_back(context.networks.digest("blazepose"));
    spec.sequential = true;
    return context.runner.run(spec, [&](const StageChunk& chunk, const JobContext& job) {
        return computePeople(context, chunk, job);
    });
}

Result<const PeopleFrame*> PeopleSource::frame(std::int64_t index) {
    const std::int64_t chunk = index / m_stage.chunkLength;
    if (chunk != m_chunk) {
        const auto file = m_stage.chunks[std::size_t(chunk)] / kPeopleFile;
        STRATA_ASSIGN(const ArrayMap arrays, readNpz(file));
        STRATA_ASSIGN(m_frames, unpackPeople(arrays, file.string()));
        m_chunk = chunk;
    }
    const auto within = std::size_t(index - chunk * m_stage.chunkLength);
    if (within >= m_frames.size())
        return Error{ErrorCode::BadFormat,
                     "The cached people of frame " + std::to_string(index) + " are missing."};
    return &m_frames[within];
}

Result<SubjectSurvey> surveyPeople(const StageResult& people, Size frame) {
    SubjectSurvey survey(frame);
    PeopleSource source(people);
    for (std::int64_t i = 0; i < people.frameCount; ++i) {
        STRATA_ASSIGN(const PeopleFrame* const here, source.frame(i));
        survey.add(i, *here);
    }
    return survey;
}

Result<StageResult> runMatteStage(StageContext& context, const StageResult& people, int id) {
    StageSpec spec = context.spec("matte", 3);
    spec.params["person"] = id;
    spec.inputs.push_back(people.key);
    spec.inputs.push_back(context.networks.digest("modnet"));
    spec.sequential = true;
    PeopleSource source(people);
    return context.runner.run(spec, [&](const StageChunk& chunk, const JobContext& job) {
        return computeMatte(context, source, id, chunk, job);
    });
}

Result<StageResult> runSteadyStage(StageContext& context, const StageResult& matte) {
    StageSpec spec = context.spec("steady", 2);
    spec.inputs.push_back(matte.key);
    const auto raw = maskLayer(matte, "raw.mkv", context.clip.frameSize());
    MatteSmoothing smoothing(context.clip, *raw);
    return context.runner.run(spec, [&](const StageChunk& chunk, const JobContext& job) -> Status {
        STRATA_ASSIGN(const auto writer,
                      openLayerWriter(chunk.folder / "alpha.mkv", context.clip.frameSize(),
                                      PixelStore::Gray8));
        for (auto i = chunk.range.begin; i < chunk.range.end; ++i) {
            if (job.stopRequested())
                return cancelled();
            STRATA_ASSIGN(const ImageU8 alpha, smoothing.frame(i));
            STRATA_TRY(writer->write(i, alpha));
            job.progress("", i + 1 - chunk.range.begin, chunk.range.size());
        }
        return writer->finish();
    });
}

std::unique_ptr<MaskSource> otherPeople(const StageResult& people, int id, Size frame) {
    return std::make_unique<OtherPeople>(people, id, frame);
}

std::unique_ptr<MaskSource> unionOf(std::unique_ptr<MaskSource> a, std::unique_ptr<MaskSource> b) {
    return std::make_unique<UnionSource>(std::move(a), std::move(b));
}

} // namespace strata
