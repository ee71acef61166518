// SPDX-License-Identifier: Apache-2.0
#include "app/cli/rendered_template.h"

#include "engine/core/atomic_file.h"
#include "engine/media/image_io.h"
#include "engine/pipeline/stages/layer_files.h"
#include "engine/pipeline/template_folder.h"
#include "engine/raster/motion_code.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace strata::cli {
namespace fs = std::filesystem;
namespace {

constexpr Rational kRate{30};
constexpr float kNearest = 0.25f; // metres that full scale of depth.mkv stands for

TemplateBox boxOf(const ImageU8& mask) {
    TemplateBox box{double(mask.width()), double(mask.height()), 0, 0};
    for (int y = 0; y < mask.height(); ++y)
        for (int x = 0; x < mask.width(); ++x)
            if (mask.at(x, y) > 127) {
                box.x0 = std::min(box.x0, double(x));
                box.y0 = std::min(box.y0, double(y));
                box.x1 = std::max(box.x1, double(x + 1));
                box.y1 = std::max(box.y1, double(y + 1));
            }
    return box.x1 > box.x0 ? box : TemplateBox{};
}

ImageU8 binary(ImageU8 alpha) {
    for (std::size_t i = 0; i < alpha.count(); ++i)
        alpha.data()[i] = alpha.data()[i] > 127 ? 255 : 0;
    return alpha;
}

/// Larger is nearer, as in a decomposed clip.
ImageU16 inverseDepth(const ImageF& depth) {
    ImageU16 out(depth.width(), depth.height(), 1);
    for (std::size_t i = 0; i < depth.count(); ++i)
        out.data()[i] =
            std::uint16_t(std::lround(65535.f * std::min(1.f, kNearest / depth.data()[i])));
    return out;
}

bool hasOccluder(const RenderedClip& clip) {
    return std::any_of(clip.frames.begin(), clip.frames.end(), [](const LayeredFrame& f) {
        const auto* alpha = f.occluderAlpha.data();
        return std::any_of(alpha, alpha + f.occluderAlpha.count(), [](auto a) { return a > 0; });
    });
}

class Streams {
public:
    Streams(const fs::path& folder, Size size)
        : m_folder(folder)
        , m_size(size) {}

    template <typename T>
    Status write(const char* name, int crf, PixelStore store, std::int64_t index,
                 const Image<T>& frame) {
        auto& writer = m_writers[name];
        if (!writer) {
            STRATA_ASSIGN(writer, crf < 0 ? openLayerWriter(m_folder / name, m_size, store, kRate)
                                          : encoder(name, crf, store));
        }
        return writer->write(index, frame);
    }
    Status finish() {
        for (auto& [name, writer] : m_writers)
            STRATA_TRY(writer->finish());
        return ok();
    }

private:
    Result<std::unique_ptr<VideoWriter>> encoder(const char* name, int crf,
                                                 PixelStore store) const {
        VideoWriterOptions options;
        options.size = m_size;
        options.fps = kRate;
        options.crf = crf;
        options.store = store;
        return VideoWriter::open(m_folder / name, options);
    }

    fs::path m_folder;
    Size m_size;
    std::map<std::string, std::unique_ptr<VideoWriter>> m_writers;
};

constexpr int kLossless = -1;

Status writeStreams(const RenderedClip& clip, const BodyModel& body, const fs::path& folder) {
    namespace names = template_files;
    const Size size = clip.frames.front().color.size();
    Streams streams(folder, size);
    const ShapedBody shaped(body, clip.motion.betas);
    const auto codes =
        defaultMotionCode({&shaped.restVertices()[0].x, shaped.restVertices().size() * 3});
    std::vector<TemplateBox> boxes;
    const bool covered = hasOccluder(clip); // else the template has no such streams
    for (std::size_t i = 0; i < clip.frames.size(); ++i) {
        const LayeredFrame& frame = clip.frames[i];
        const Camera& camera = clip.motion.cameras[i];
        const auto at = std::int64_t(i);
        const ImageU8 alpha = visibleHuman(frame);
        const ImageU8 code = renderMotionCodeRgb(
            {&clip.vertices[i][0].x, clip.vertices[i].size() * 3},
            {&body.faces[0].x, body.faces.size() * 3}, codes,
            {size.width, size.height, camera.fx, camera.fy, camera.cx, camera.cy});
        boxes.push_back(boxOf(alpha));
        const auto rgb = PixelStore::Rgb8;
        const auto gray = PixelStore::Gray8;
        STRATA_TRY(streams.write(names::kVideo, 10, rgb, at, frame.color));
        STRATA_TRY(streams.write(names::kMask, 0, gray, at, binary(alpha)));
        STRATA_TRY(streams.write(names::kMotionCode, 10, rgb, at, code));
        STRATA_TRY(streams.write(names::kBackground, 10, rgb, at, plateWithOccluder(frame)));
        if (covered)
            STRATA_TRY(streams.write(names::kOccluder, 0, gray, at, frame.occluderAlpha));
        STRATA_TRY(streams.write(names::kAlpha, kLossless, gray, at, alpha));
        if (covered)
            STRATA_TRY(
                streams.write(names::kSoftOccluder, kLossless, gray, at, frame.occluderAlpha));
        STRATA_TRY(streams.write(names::kDepth, kLossless, PixelStore::Gray16, at,
                                 inverseDepth(frame.depth)));
        STRATA_TRY(streams.write("scene.mkv", kLossless, rgb, at, frame.scene));
        STRATA_TRY(streams.write("truth.mkv", kLossless, rgb, at, frame.color));
    }
    STRATA_TRY(streams.finish());
    return writeTemplateBoxes(folder / names::kBoxes, boxes);
}

} // namespace

Status writeRenderedTemplate(const RenderedClip& clip, const BodyModel& body,
                             const fs::path& folder) {
    AtomicFile target(folder);
    std::error_code failed;
    if (!fs::create_directory(target.path(), failed))
        return Error{ErrorCode::Io,
                     "Cannot create the folder " + folder.string() + ": " + failed.message() + "."};
    STRATA_TRY(writeStreams(clip, body, target.path()));
    STRATA_TRY(writeTemplateConfig(target.path(), {30, 0, std::int64_t(clip.frames.size()), 0}));
    STRATA_TRY(writeAmass(target.path() / template_files::kPerson, clip.motion));
    STRATA_TRY(writePng(target.path() / "canonical.png", clip.canonical.color));
    for (std::size_t i = 0; i < clip.portraits.size(); ++i)
        STRATA_TRY(writePng(target.path() / ("reference_" + std::to_string(i + 1) + ".png"),
                            clip.portraits[i].color));
    return target.commit();
}

} // namespace strata::cli
