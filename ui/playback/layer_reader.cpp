// SPDX-License-Identifier: Apache-2.0
#include "ui/playback/layer_reader.h"

#include "engine/media/gray_reader.h"
#include "engine/media/resize.h"
#include "ui/bridge/text.h"

#include <QCoreApplication>

#include <algorithm>

namespace strata::ui {
namespace {

// Frames are kept by FrameCache and read ahead by the lanes, so the readers do neither.
constexpr VideoReaderOptions kClipOptions{.readAhead = 0, .cachedFrames = 1};
constexpr VideoReaderOptions kChunkOptions{.readAhead = 0, .cachedFrames = 1, .decoderThreads = 1};

Error badFormat(const QString& sentence) { return {ErrorCode::BadFormat, sentence.toStdString()}; }

template <typename T>
std::shared_ptr<const Image<T>> reduced(std::shared_ptr<const Image<T>> image, int reduction) {
    if (reduction <= 1)
        return image;
    const Size size = reducedSize(image->size(), reduction);
    return std::make_shared<const Image<T>>(resizeImage(*image, size, ResizeFilter::Area));
}

template <typename T>
Result<std::shared_ptr<const Image<T>>> readFrom(FrameSource<T>& source, const LayerChunk& chunk,
                                                 std::int64_t frame, Size fullSize) {
    if (source.frameSize() != fullSize || frame - chunk.first >= source.frameCount())
        return badFormat(
            QCoreApplication::translate(
                "LayerReader", "The layer %1 does not have the size and frames of the clip.")
                .arg(toQt(chunk.file)));
    return source.frame(frame - chunk.first);
}

} // namespace

Size reducedSize(Size size, int reduction) {
    return {(size.width + reduction - 1) / reduction, (size.height + reduction - 1) / reduction};
}

Result<VideoInfo> LayerReader::openClip(const std::filesystem::path& clip) {
    close();
    STRATA_ASSIGN(auto reader, VideoReader::open(clip, kClipOptions));
    const VideoInfo info = reader->info();
    m_files.push_front({clip, std::move(reader), nullptr});
    return info;
}

Result<LayerImage> LayerReader::image(const LayerChunk& chunk, std::int64_t frame, Size fullSize,
                                      int reduction) {
    STRATA_ASSIGN(OpenFile* const file, opened(chunk.file));
    LayerImage read;
    if (file->u8) {
        STRATA_ASSIGN(read.u8, readFrom(*file->u8, chunk, frame, fullSize));
        read.u8 = reduced(std::move(read.u8), reduction);
    } else {
        STRATA_ASSIGN(read.u16, readFrom(*file->u16, chunk, frame, fullSize));
        read.u16 = reduced(std::move(read.u16), reduction);
    }
    return read;
}

Result<LayerReader::OpenFile*> LayerReader::opened(const std::filesystem::path& path) {
    const auto known = std::find_if(m_files.begin(), m_files.end(),
                                    [&](const OpenFile& file) { return file.path == path; });
    if (known != m_files.end()) {
        m_files.splice(m_files.begin(), m_files, known);
        return &m_files.front();
    }
    OpenFile file{path, nullptr, nullptr};
    switch (m_layer) {
    case LayerKind::Source:
    case LayerKind::Plate:
    case LayerKind::Result: {
        STRATA_ASSIGN(file.u8, VideoReader::open(path, kChunkOptions));
        break;
    }
    case LayerKind::Depth: {
        STRATA_ASSIGN(file.u16, DepthReader::open(path, kChunkOptions));
        break;
    }
    default: {
        STRATA_ASSIGN(file.u8, MaskReader::open(path, kChunkOptions));
    }
    }
    m_files.push_front(std::move(file));
    if (m_files.size() > 2)
        m_files.pop_back();
    return &m_files.front();
}

Result<LayerImage> LayerReader::body(const LayerChunk& chunk, std::int64_t frame,
                                     const std::shared_ptr<const BodyModel>& model) {
    STRATA_ASSIGN(const OpenMotion* const open, openedMotion(chunk.file, model));
    const Motion& motion = open->motion;
    const auto at = std::size_t(frame - chunk.first);
    if (at >= motion.frames.size() || at >= motion.cameras.size())
        return badFormat(QCoreApplication::translate(
                             "LayerReader", "The motion %1 has no pose with a camera for frame %2.")
                             .arg(toQt(chunk.file), QString::number(frame)));
    auto posed = std::make_shared<BodyFrame>();
    posed->vertices.resize(model->vTemplate.size());
    posed->pose = motion.frames[at];
    posed->betas = betasFor(motion, *model);
    posed->camera = motion.cameras[at];
    posed->confidence = at < motion.confidence.size() ? motion.confidence[at] : 1.f;
    open->shaped->pose(posed->pose, posed->vertices, posed->joints);
    LayerImage read;
    read.body = std::move(posed);
    return read;
}

Result<const LayerReader::OpenMotion*>
LayerReader::openedMotion(const std::filesystem::path& path,
                          const std::shared_ptr<const BodyModel>& model) {
    if (!m_motion || m_motion->path != path || m_motion->model != model) {
        STRATA_ASSIGN(Motion motion, readAmass(path));
        const Betas betas = betasFor(motion, *model);
        m_motion.emplace(OpenMotion{path, model, std::move(motion),
                                    std::make_unique<ShapedBody>(*model, betas)});
    }
    return &*m_motion;
}

void LayerReader::close() {
    m_files.clear();
    m_motion.reset();
}

} // namespace strata::ui
