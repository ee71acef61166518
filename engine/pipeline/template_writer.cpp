// SPDX-License-Identifier: Apache-2.0
#include "engine/pipeline/template_writer.h"

#include "engine/core/atomic_file.h"
#include "engine/formats/npz.h"
#include "engine/media/frame_rate.h"
#include "engine/media/opencv.h"
#include "engine/media/video_writer.h"
#include "engine/pipeline/stages/layer_files.h"
#include "engine/pipeline/template_folder.h"
#include "engine/raster/motion_code.h"

#include <nlohmann/json.hpp>
#include <opencv2/imgproc.hpp>

#include <algorithm>

namespace strata {
namespace fs = std::filesystem;
namespace {

/// Bounds of the cleaned mask, grown by a hundredth (mimo-spec 3.4).
TemplateBox boxOf(const ImageU8& mask) {
    cv::Mat clean = matView(mask).clone();
    cv::morphologyEx(clean, clean, cv::MORPH_CLOSE,
                     cv::getStructuringElement(cv::MORPH_RECT, {5, 5}));
    cv::morphologyEx(clean, clean, cv::MORPH_OPEN,
                     cv::getStructuringElement(cv::MORPH_RECT, {2, 2}));
    const cv::Rect box = cv::boundingRect(clean);
    if (box.empty())
        return {};
    const int dx = box.width / 100, dy = box.height / 100;
    return {double(std::max(0, box.x - dx)), double(std::max(0, box.y - dy)),
            double(std::min(mask.width(), box.x + box.width + dx)),
            double(std::min(mask.height(), box.y + box.height + dy))};
}

ImageU8 binary(const ImageU8& alpha) {
    ImageU8 out(alpha.width(), alpha.height(), 1);
    for (std::size_t i = 0; i < alpha.count(); ++i)
        out.data()[i] = alpha.data()[i] > 127 ? 255 : 0;
    return out;
}

std::int64_t coveredPixels(const ImageU8& alpha) {
    return std::count_if(alpha.data(), alpha.data() + alpha.count(),
                         [](std::uint8_t a) { return a > 127; });
}

/// The writers of all streams and what is gathered on the way.
class Streams {
public:
    Streams(StageContext& context, const Decomposition& parts, const fs::path& folder)
        : m_context(context)
        , m_parts(parts)
        , m_folder(folder)
        , m_shaped(context.body, parts.motion.betas) {
        const auto rest = m_shaped.restVertices();
        m_codes = defaultMotionCode({&rest[0].x, rest.size() * 3});
        m_vertices.resize(rest.size());
    }

    Status open() {
        STRATA_ASSIGN(m_video, encoder(template_files::kVideo, 10, PixelStore::Rgb8));
        STRATA_ASSIGN(m_mask, encoder(template_files::kMask, 0, PixelStore::Gray8));
        STRATA_ASSIGN(m_code, encoder(template_files::kMotionCode, 10, PixelStore::Rgb8));
        STRATA_ASSIGN(m_background, encoder(template_files::kBackground, 10, PixelStore::Rgb8));
        STRATA_ASSIGN(m_occluder, encoder(template_files::kOccluder, 0, PixelStore::Gray8));
        STRATA_ASSIGN(m_alpha, lossless(template_files::kAlpha, PixelStore::Gray8));
        STRATA_ASSIGN(m_soft, lossless(template_files::kSoftOccluder, PixelStore::Gray8));
        STRATA_ASSIGN(m_depth, lossless(template_files::kDepth, PixelStore::Gray16));
        m_mattes = m_parts.matteSource();
        m_humans = m_parts.humanSource();
        m_occluders = m_parts.occluderSource();
        m_depths = m_parts.depthSource();
        m_plates = m_parts.plateSource();
        return ok();
    }

    Status write(std::int64_t index) {
        STRATA_ASSIGN(const auto rgb, m_context.clip.frame(index));
        STRATA_ASSIGN(const auto alpha, m_mattes->frame(index));
        STRATA_ASSIGN(const auto human, m_humans->frame(index));
        STRATA_ASSIGN(const auto occluder, m_occluders->frame(index));
        STRATA_ASSIGN(const auto depth, m_depths->frame(index));
        STRATA_ASSIGN(const auto plate, m_plates->frame(index));
        const ImageU8 mask = binary(*human);
        m_boxes.push_back(boxOf(mask));
        // Fewer pixels than a ten-thousandth of the frame in every frame are not an object.
        m_hasOccluder =
            m_hasOccluder || coveredPixels(*occluder) * 10000 > std::int64_t(occluder->count());
        STRATA_TRY(m_video->write(index, *rgb));
        STRATA_TRY(m_mask->write(index, mask));
        STRATA_TRY(m_code->write(index, motionCode(index)));
        STRATA_TRY(m_background->write(index, *plate));
        STRATA_TRY(m_occluder->write(index, *occluder));
        STRATA_TRY(m_alpha->write(index, *alpha));
        STRATA_TRY(m_soft->write(index, *occluder));
        return m_depth->write(index, *depth);
    }

    Status finish() {
        for (VideoWriter* writer : {m_video.get(), m_mask.get(), m_code.get(), m_background.get(),
                                    m_alpha.get(), m_depth.get()})
            STRATA_TRY(writer->finish());
        if (m_hasOccluder) {
            STRATA_TRY(m_occluder->finish());
            STRATA_TRY(m_soft->finish());
        }
        return writeTemplateBoxes(m_folder / template_files::kBoxes, m_boxes);
    }

    bool hasOccluder() const { return m_hasOccluder; }

private:
    Result<std::unique_ptr<VideoWriter>> encoder(const char* name, int crf,
                                                 PixelStore store) const {
        VideoWriterOptions options;
        options.size = m_parts.size;
        options.fps = m_context.clip.info().fps;
        options.crf = crf;
        options.store = store;
        options.color = m_context.clip.info().color;
        return VideoWriter::open(m_folder / name, options);
    }

    Result<std::unique_ptr<VideoWriter>> lossless(const char* name, PixelStore store) const {
        return openLayerWriter(m_folder / name, m_parts.size, store, m_context.clip.info().fps);
    }

    ImageU8 motionCode(std::int64_t index) {
        const Motion& motion = m_parts.motion;
        const auto at = std::size_t(index);
        const Size size = m_parts.size;
        if (!motion.confidence.empty() && motion.confidence[at] <= 0)
            return ImageU8(size.width, size.height, 3);
        m_shaped.pose(motion.frames[at], m_vertices, {});
        const Camera& camera = motion.cameras[at];
        for (auto& v : m_vertices)
            v = camera.toCamera(v);
        const auto& faces = m_context.body.faces;
        return renderMotionCodeRgb(
            {&m_vertices[0].x, m_vertices.size() * 3}, {&faces[0].x, faces.size() * 3}, m_codes,
            {size.width, size.height, camera.fx, camera.fy, camera.cx, camera.cy});
    }

    StageContext& m_context;
    const Decomposition& m_parts;
    fs::path m_folder;
    ShapedBody m_shaped;
    std::vector<float> m_codes;
    std::vector<glm::vec3> m_vertices;
    std::unique_ptr<VideoWriter> m_video, m_mask, m_code, m_background, m_occluder, m_alpha, m_soft,
        m_depth;
    std::unique_ptr<MaskSource> m_mattes, m_humans, m_occluders;
    std::unique_ptr<DepthSource> m_depths;
    std::unique_ptr<ColorSource> m_plates;
    std::vector<TemplateBox> m_boxes;
    bool m_hasOccluder = false;
};

Status writePeopleList(const fs::path& file, const Decomposition& parts) {
    auto list = nlohmann::json::array();
    for (const auto& person : parts.everyone)
        list.push_back({{"id", person.id},
                        {"subject", person.id == parts.subject.id},
                        {"first_frame", person.range.begin},
                        {"last_frame", person.range.end - 1},
                        {"frames", person.frames},
                        {"full_body_frames", person.fullBodyFrames},
                        {"mean_height", person.meanHeight},
                        {"portrait_frame", person.portraitFrame}});
    return writeFileAtomically(file, list.dump(2) + "\n");
}

TemplateConfig configOf(const Clip& clip, const Decomposition& parts) {
    TemplateConfig config;
    config.fps = int(std::max<std::int64_t>(1, roundHalfEven(clip.info().fps)));
    // Rounded up, so that after the floor of fps * end / 30 the last frame is still in.
    config.endIndex = (30 * clip.frameCount() + config.fps - 1) / config.fps;
    config.portraitFrame = parts.subject.portraitFrame;
    return config;
}

} // namespace

Result<WrittenTemplate> writeTemplate(StageContext& context, const Decomposition& parts,
                                      const fs::path& folder, const JobContext& job) {
    AtomicFile target(folder);
    std::error_code failed;
    if (!fs::create_directory(target.path(), failed))
        return Error{ErrorCode::Io,
                     "Cannot create the folder " + folder.string() + ": " + failed.message() + "."};

    WrittenTemplate written;
    {
        Streams streams(context, parts, target.path());
        STRATA_TRY(streams.open());
        for (std::int64_t i = 0; i < context.clip.frameCount(); ++i) {
            if (job.stopRequested())
                return cancelled();
            STRATA_TRY(streams.write(i));
            job.progress("write", i + 1, context.clip.frameCount());
        }
        STRATA_TRY(streams.finish());
        written.hasOccluder = streams.hasOccluder();
    }
    STRATA_TRY(writeTemplateConfig(target.path(), configOf(context.clip, parts)));
    STRATA_TRY(writeAmass(target.path() / template_files::kPerson, parts.motion));
    STRATA_TRY(writeNpz(target.path() / template_files::kCamera, parts.cameraPath.pack()));
    STRATA_TRY(writePeopleList(target.path() / template_files::kPeople, parts));

    // A folder is not replaced by a rename: the old one goes first, at the last moment.
    fs::remove_all(folder, failed);
    STRATA_TRY(target.commit());
    return written;
}

} // namespace strata
