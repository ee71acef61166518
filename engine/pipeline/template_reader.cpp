// SPDX-License-Identifier: Apache-2.0
#include "engine/pipeline/template_reader.h"

#include "engine/media/gray_reader.h"
#include "engine/pipeline/stages/fit_stage.h"
#include "engine/pipeline/stages/subject_stages.h"
#include "engine/pipeline/template_folder.h"

#include <algorithm>

namespace strata {
namespace fs = std::filesystem;
namespace {

/// Chosen frames of another source.
template <typename T>
class Picked : public FrameSource<T> {
public:
    using typename FrameSource<T>::Frame;
    Picked(std::unique_ptr<FrameSource<T>> source, std::vector<std::int64_t> picked)
        : m_source(std::move(source))
        , m_picked(std::move(picked)) {}

    std::int64_t frameCount() const override { return std::int64_t(m_picked.size()); }
    Size frameSize() const override { return m_source->frameSize(); }
    Result<Frame> frame(std::int64_t index) override {
        return m_source->frame(m_picked[std::size_t(index)]);
    }

private:
    std::unique_ptr<FrameSource<T>> m_source;
    std::vector<std::int64_t> m_picked;
};

/// The part of one mask that another leaves free.
class Remainder : public MaskSource {
public:
    Remainder(std::unique_ptr<MaskSource> mask, std::unique_ptr<MaskSource> taken)
        : m_mask(std::move(mask))
        , m_taken(std::move(taken)) {}

    std::int64_t frameCount() const override { return m_mask->frameCount(); }
    Size frameSize() const override { return m_mask->frameSize(); }
    Result<Frame> frame(std::int64_t index) override {
        STRATA_ASSIGN(const Frame mask, m_mask->frame(index));
        STRATA_ASSIGN(const Frame taken, m_taken->frame(index));
        auto left = std::make_shared<ImageU8>(*mask);
        for (std::size_t i = 0; i < left->count(); ++i)
            left->data()[i] =
                std::min<std::uint8_t>(left->data()[i], std::uint8_t(255 - taken->data()[i]));
        return Frame(std::move(left));
    }

private:
    std::unique_ptr<MaskSource> m_mask, m_taken;
};

template <typename Source>
Status fits(const Source& source, const Clip& clip, const fs::path& file) {
    if (source.frameSize() == clip.frameSize() && source.frameCount() >= clip.frameCount())
        return ok();
    return Error{ErrorCode::ShapeMismatch,
                 file.string() +
                     " does not have the size and number of frames of the template's vid.mp4."};
}

Result<std::unique_ptr<MaskSource>> openMask(const fs::path& file, const TemplateConfig& config,
                                             const Clip& clip) {
    STRATA_ASSIGN(auto reader, MaskReader::open(file));
    auto picked = templateFrames(config, reader->frameCount(), reader->info().fps);
    auto source = std::make_unique<Picked<std::uint8_t>>(std::move(reader), std::move(picked));
    STRATA_TRY(fits(*source, clip, file));
    return std::unique_ptr<MaskSource>(std::move(source));
}

Result<std::unique_ptr<ColorSource>> openPlate(const fs::path& file, const TemplateConfig& config,
                                               const Clip& clip) {
    STRATA_ASSIGN(auto reader, VideoReader::open(file));
    auto picked = templateFrames(config, reader->frameCount(), reader->info().fps);
    auto source = std::make_unique<Picked<std::uint8_t>>(std::move(reader), std::move(picked));
    STRATA_TRY(fits(*source, clip, file));
    return std::unique_ptr<ColorSource>(std::move(source));
}

/// The first of the names that exists, or an empty path.
fs::path firstOf(const fs::path& folder, std::initializer_list<const char*> names) {
    std::error_code failed;
    for (const char* name : names)
        if (fs::is_regular_file(folder / name, failed))
            return folder / name;
    return {};
}

Result<Motion> motionOf(StageContext& context, const fs::path& folder,
                        const TemplateConfig& config) {
    if (const fs::path file = firstOf(folder, {template_files::kPerson}); !file.empty()) {
        STRATA_ASSIGN(Motion motion, readAmass(file));
        const auto picked = templateFrames(config, std::int64_t(motion.frames.size()), motion.fps);
        if (std::int64_t(picked.size()) >= context.clip.frameCount() &&
            motion.cameras.size() == motion.frames.size()) {
            Motion chosen = motion;
            for (std::size_t i = 0; i < picked.size(); ++i) {
                chosen.frames[i] = motion.frames[std::size_t(picked[i])];
                chosen.cameras[i] = motion.cameras[std::size_t(picked[i])];
                if (!motion.confidence.empty())
                    chosen.confidence[i] = motion.confidence[std::size_t(picked[i])];
            }
            chosen.frames.resize(picked.size());
            chosen.cameras.resize(picked.size());
            chosen.confidence.resize(std::min(chosen.confidence.size(), picked.size()));
            return chosen;
        }
    }
    STRATA_ASSIGN(const StageResult people, runPeopleStage(context));
    STRATA_ASSIGN(const SubjectSurvey survey, surveyPeople(people, context.clip.frameSize()));
    STRATA_ASSIGN(const PersonSummary subject, survey.choose({}));
    STRATA_ASSIGN(FittedBody fitted, runFitStage(context, people, subject.id));
    return std::move(fitted.motion);
}

Error missing(const fs::path& folder, const char* name) {
    return {ErrorCode::NotFound, "The template " + folder.string() + " has no " + name + "."};
}

} // namespace

Result<std::unique_ptr<Clip>> openTemplateClip(const fs::path& folder) {
    const fs::path video = firstOf(folder, {template_files::kVideo});
    if (video.empty())
        return missing(folder, template_files::kVideo);
    STRATA_ASSIGN(const TemplateConfig config, readTemplateConfig(folder));
    STRATA_ASSIGN(const auto reader, VideoReader::open(video, {.readAhead = 0}));
    return Clip::openPicked(video, templateFrames(config, reader->frameCount(), reader->info().fps),
                            Rational(config.fps));
}

Result<EditLayers> readTemplate(StageContext& context, const fs::path& folder) {
    STRATA_ASSIGN(const TemplateConfig config, readTemplateConfig(folder));
    const fs::path plate = firstOf(folder, {template_files::kBackground});
    const fs::path mask = firstOf(folder, {template_files::kAlpha, template_files::kMask});
    const fs::path occluder =
        firstOf(folder, {template_files::kSoftOccluder, template_files::kOccluder});
    if (plate.empty())
        return missing(folder, template_files::kBackground);
    if (mask.empty())
        return missing(folder, template_files::kMask);

    EditLayers layers;
    STRATA_ASSIGN(layers.plate, openPlate(plate, config, context.clip));
    STRATA_ASSIGN(layers.matte, openMask(mask, config, context.clip));
    STRATA_ASSIGN(layers.human, openMask(mask, config, context.clip));
    if (!occluder.empty()) {
        STRATA_ASSIGN(layers.occluder, openMask(occluder, config, context.clip));
        STRATA_ASSIGN(auto taken, openMask(occluder, config, context.clip));
        layers.human = std::make_unique<Remainder>(std::move(layers.human), std::move(taken));
    }
    STRATA_ASSIGN(layers.motion, motionOf(context, folder, config));
    layers.portraitFrame = std::min(config.portraitFrame, context.clip.frameCount() - 1);
    STRATA_ASSIGN(layers.key, contentDigest(folder));
    return layers;
}

} // namespace strata
