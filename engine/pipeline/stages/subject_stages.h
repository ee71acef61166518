// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/decompose/subject/choose_subject.h"
#include "engine/pipeline/stages/stage_context.h"

#include <memory>

namespace strata {

/// Everybody in every frame: people.npz per chunk.
Result<StageResult> runPeopleStage(StageContext& context);

/// The people of single frames out of the chunks of runPeopleStage; keeps one chunk.
class PeopleSource {
public:
    explicit PeopleSource(StageResult stage)
        : m_stage(std::move(stage)) {}
    Result<const PeopleFrame*> frame(std::int64_t index);
    std::int64_t frameCount() const { return m_stage.frameCount; }

private:
    StageResult m_stage;
    std::int64_t m_chunk = -1;
    std::vector<PeopleFrame> m_frames;
};

/// The people of the whole clip, for the choice of the subject.
Result<SubjectSurvey> surveyPeople(const StageResult& people, Size frame);

/// The raw matte of person `id`: raw.mkv and confidence.npz per chunk.
Result<StageResult> runMatteStage(StageContext& context, const StageResult& people, int id);

/// The matte made steady over time: alpha.mkv per chunk.
Result<StageResult> runSteadyStage(StageContext& context, const StageResult& matte);

/// Body masks of everyone but person `id`, out of the landmark network's masks; computed when
/// asked.
std::unique_ptr<MaskSource> otherPeople(const StageResult& people, int id, Size frame);

/// The larger of two masks, pixel by pixel. Owns both.
std::unique_ptr<MaskSource> unionOf(std::unique_ptr<MaskSource> a, std::unique_ptr<MaskSource> b);

} // namespace strata
