// SPDX-License-Identifier: Apache-2.0
#include "engine/pipeline/motion_pictures.h"

#include "engine/formats/checkpoint.h"
#include "engine/pipeline/posed_body.h"
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
        : m_body(body, std::move(motion))
        , m_colors(std::move(colors))
        , m_frame(frame) {}

    std::int64_t frameCount() const override { return std::int64_t(m_body.motion().frames.size()); }
    Size frameSize() const override { return m_frame; }

    Result<Frame> frame(std::int64_t index) override {
        if (!m_body.isThere(index))
            return Frame(std::make_shared<ImageU8>(m_frame.width, m_frame.height, 3));
        const Camera& camera = m_body.motion().cameras[std::size_t(index)];
        return Frame(std::make_shared<ImageU8>(renderMotionCodeRgb(
            m_body.vertices(index), m_body.faces(), m_colors,
            {m_frame.width, m_frame.height, camera.fx, camera.fy, camera.cx, camera.cy})));
    }

private:
    PosedBody m_body;
    std::vector<float> m_colors;
    Size m_frame;
};

class DrawnBody : public BodyPictures {
public:
    DrawnBody(const BodyModel& body, PlacedMotion motion, LearntCodes codes)
        : m_body(body, std::move(motion))
        , m_codes(std::move(codes)) {}

    int channels() const override { return m_codes.channels; }

    Status draw(std::int64_t frame, const SquareView& view, std::span<float> code) override {
        const int side = view.side;
        const auto pixels = std::size_t(side) * std::size_t(side);
        if (code.size() != pixels * std::size_t(channels()))
            return Error{ErrorCode::ShapeMismatch, "Pictures of the body have another size."};
        std::ranges::fill(code, 0.f);
        if (!m_body.isThere(frame))
            return ok();
        const Camera& camera = m_body.motion().cameras[std::size_t(frame)];
        const RasterCamera seen{side,
                                side,
                                camera.fx * view.scale,
                                camera.fy * view.scale,
                                (camera.cx - view.left) * view.scale,
                                (camera.cy - view.top) * view.scale};
        const ImageF drawn = renderMotionCode(m_body.vertices(frame), m_body.faces(),
                                              m_codes.values, m_codes.channels, seen);
        for (std::size_t i = 0; i < code.size(); ++i) // planes out of pixels
            code[i] = drawn.data()[i % pixels * std::size_t(channels()) + i / pixels];
        return ok();
    }

private:
    PosedBody m_body;
    LearntCodes m_codes;
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

Result<LearntCodes> readLearntCodes(const fs::path& file, std::size_t vertices) {
    STRATA_ASSIGN(const ArrayMap arrays, readCheckpoint(file));
    STRATA_ASSIGN(const Array codes,
                  require(arrays, "codes", file.string(), {std::int64_t(vertices), -1}));
    LearntCodes out{codes.toFloats(), int(codes.shape[1])};
    if (out.values.empty() ||
        !std::ranges::all_of(out.values, [](float v) { return std::isfinite(v); }))
        return Error{ErrorCode::BadFormat,
                     file.string() + " does not hold a code for each vertex of the body."};
    return out;
}

std::unique_ptr<BodyPictures> drawnBody(const BodyModel& body, PlacedMotion motion,
                                        LearntCodes codes) {
    return std::make_unique<DrawnBody>(body, std::move(motion), std::move(codes));
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
