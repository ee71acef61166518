// SPDX-License-Identifier: Apache-2.0
#include "engine/pipeline/motion_pictures.h"

#include "engine/formats/checkpoint.h"
#include "engine/pipeline/template_folder.h"
#include "engine/raster/motion_code.h"

#include <algorithm>
#include <cmath>

namespace strata {
namespace fs = std::filesystem;
namespace {

class DrawnMotion : public ColorSource {
public:
    DrawnMotion(const BodyModel& body, PlacedMotion motion, std::vector<float> colors, Size frame)
        : m_body(body)
        , m_placed(std::move(motion))
        , m_colors(std::move(colors))
        , m_frame(frame)
        , m_shaped(body, m_placed.motion.betas)
        , m_vertices(body.vTemplate.size()) {}

    std::int64_t frameCount() const override { return std::int64_t(m_placed.motion.frames.size()); }
    Size frameSize() const override { return m_frame; }

    Result<Frame> frame(std::int64_t index) override {
        const auto at = std::size_t(index);
        const Motion& motion = m_placed.motion;
        if (!motion.confidence.empty() && motion.confidence[at] <= 0)
            return Frame(std::make_shared<ImageU8>(m_frame.width, m_frame.height, 3));
        BodyPose pose = motion.frames[at];
        pose.translation = glm::vec3(0.f); // added after the body has its size
        m_shaped.pose(pose, m_vertices, {});
        const Camera& camera = motion.cameras[at];
        for (auto& v : m_vertices)
            v = camera.toCamera(v * m_placed.bodyScale + motion.frames[at].translation);
        return Frame(std::make_shared<ImageU8>(renderMotionCodeRgb(
            {&m_vertices[0].x, m_vertices.size() * 3},
            {&m_body.faces[0].x, m_body.faces.size() * 3}, m_colors,
            {m_frame.width, m_frame.height, camera.fx, camera.fy, camera.cx, camera.cy})));
    }

private:
    const BodyModel& m_body;
    PlacedMotion m_placed;
    std::vector<float> m_colors;
    Size m_frame;
    ShapedBody m_shaped;
    std::vector<glm::vec3> m_vertices;
};

} // namespace

Result<MotionColors> readMotionColors(const fs::path& file, std::size_t vertices) {
    STRATA_ASSIGN(const ArrayMap arrays, readCheckpoint(file));
    STRATA_ASSIGN(const Array colors,
                  require(arrays, "smpl", file.string(), {std::int64_t(vertices), -1}));
    const auto all = colors.toFloats();
    const auto channels = std::size_t(colors.shape[1]);
    const bool sane = channels >= 3 && channels <= 4 && all.size() == vertices * channels &&
                      std::ranges::all_of(all, [](float v) { return v >= 0.f && v <= 255.f; });
    if (!sane)
        return Error{ErrorCode::BadFormat,
                     file.string() + " does not hold a colour for each vertex of the body."};
    const float most = *std::ranges::max_element(all);
    MotionColors out;
    for (std::size_t i = 0; i < vertices; ++i)
        for (std::size_t c = 0; c < 3; ++c)
            out.values.push_back(all[i * channels + c] / (most > 1.f ? 255.f : 1.f));
    STRATA_ASSIGN(out.key, contentDigest(file));
    return out;
}

std::unique_ptr<ColorSource> drawnMotion(const BodyModel& body, PlacedMotion motion,
                                         std::vector<float> colors, Size frame) {
    return std::make_unique<DrawnMotion>(body, std::move(motion), std::move(colors), frame);
}

Result<std::unique_ptr<ColorSource>> templateMotion(const fs::path& folder, const Clip& clip) {
    const fs::path file = folder / template_files::kMotionCode;
    std::error_code ignored;
    if (!fs::exists(file, ignored))
        return Error{ErrorCode::NotFound, "The template " + folder.string() + " has no " +
                                              template_files::kMotionCode + "."};
    STRATA_ASSIGN(const TemplateConfig config, readTemplateConfig(folder));
    STRATA_ASSIGN(const auto reader, VideoReader::open(file, {.readAhead = 0}));
    STRATA_ASSIGN(auto source,
                  Clip::openPicked(file,
                                   templateFrames(config, reader->frameCount(), reader->info().fps),
                                   Rational(config.fps)));
    if (source->frameSize() != clip.frameSize() || source->frameCount() < clip.frameCount())
        return Error{ErrorCode::ShapeMismatch,
                     file.string() +
                         " does not have the size and number of frames of the template's vid.mp4."};
    return std::unique_ptr<ColorSource>(std::move(source));
}

} // namespace strata
