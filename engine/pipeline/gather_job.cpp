// SPDX-License-Identifier: Apache-2.0
#include "engine/pipeline/gather_job.h"

#include "engine/pipeline/decomposition.h"
#include "engine/pipeline/edit_drawing.h"
#include "engine/pipeline/installation.h"
#include "engine/pipeline/motion_pictures.h"
#include "engine/pipeline/posed_body.h"
#include "engine/raster/motion_code.h"
#include "engine/synth/canonical.h"
#include "engine/synth/diffusion/network_inputs.h"
#include "engine/synth/diffusion/roi_clips.h"
#include "engine/synth/diffusion/silhouette.h"
#include "engine/synth/diffusion/square_pad.h"
#include "engine/train/render/layered_frame.h"

#include <algorithm>
#include <utility>

namespace strata {
namespace {

constexpr std::uint8_t kWhite = 255, kBlack = 0;

/// Cuts the square round the person out of frames and layers.
class PieceCutter {
public:
    PieceCutter(StageContext& context, EditLayers& layers, const EditDrawing& drawing, int side)
        : m_clip(context.clip)
        , m_layers(layers)
        , m_sketches(drawnFrames(context, drawing.inputs))
        , m_placed(*drawing.inputs.motion)
        , m_body(context.body, m_placed)
        , m_model(context.body)
        , m_side(side) {}

    /// Boxes that hold the person over many frames each.
    Result<std::vector<RoiClip>> boxes(const JobContext& job) {
        const Size size = m_clip.frameSize();
        const auto motion = drawnMotion(
            m_model, m_placed,
            defaultMotionCode({&m_model.vTemplate[0].x, m_model.vTemplate.size() * 3}), size);
        std::vector<RectI> rois;
        for (std::int64_t i = 0; i < m_clip.frameCount(); ++i) {
            if (job.stopRequested())
                return cancelled();
            STRATA_ASSIGN(const auto body, motion->frame(i));
            rois.push_back(frameRoi(boundingRect(motionSilhouette(*body, true)), size));
        }
        return roiClips(rois);
    }

    bool isThere(std::int64_t frame) const { return m_body.isThere(frame); }

    Status add(std::int64_t frame, const RectI& box, ClipPiece& piece) {
        const SquarePad pad = squarePad({box.width(), box.height()});
        const auto square = [&](const ImageU8& picture, std::uint8_t fill) {
            return paddedAndResized(cropped(picture, box), pad, m_side, fill);
        };
        STRATA_ASSIGN(const auto rgb, m_clip.frame(frame));
        STRATA_ASSIGN(const auto plate, m_layers.plate->frame(frame));
        STRATA_ASSIGN(const auto human, m_layers.human->frame(frame));
        STRATA_ASSIGN(const auto sketch, m_sketches->frame(frame));
        ImageU8 front(rgb->width(), rgb->height(), 3);
        if (m_layers.occluder) {
            STRATA_ASSIGN(const auto matte, m_layers.occluder->frame(frame));
            front = layerOnBlack(*rgb, *matte);
        }
        piece.frames.push_back(square(*rgb, kWhite));
        piece.scene.push_back(square(*plate, kWhite));
        piece.occluder.push_back(square(front, kBlack));
        piece.sketch.push_back(square(*sketch, kWhite));
        piece.alpha.push_back(square(*human, kBlack));
        piece.vertices.push_back(m_body.posed(frame));
        Camera camera = m_body.motion().cameras[std::size_t(frame)];
        const float scale = float(m_side) / float(pad.side);
        camera.size = {m_side, m_side};
        camera.fx *= scale;
        camera.fy *= scale;
        camera.cx = (camera.cx - float(box.x0 - pad.left)) * scale;
        camera.cy = (camera.cy - float(box.y0 - pad.top)) * scale;
        piece.cameras.push_back(camera);
        return ok();
    }

    /// The clip's person where it is seen best, alone.
    Result<ImageU8> portrait(const RectI& box) {
        STRATA_ASSIGN(const auto rgb, m_clip.frame(m_layers.portraitFrame));
        STRATA_ASSIGN(const auto human, m_layers.human->frame(m_layers.portraitFrame));
        const ImageU8 alone =
            layerOver(ImageU8(rgb->width(), rgb->height(), 3, kWhite), *rgb, *human);
        return paddedAndResized(cropped(alone, box), squarePad({box.width(), box.height()}), m_side,
                                kWhite);
    }

private:
    Clip& m_clip;
    EditLayers& m_layers;
    std::unique_ptr<ColorSource> m_sketches;
    const PlacedMotion& m_placed;
    PosedBody m_body;
    const BodyModel& m_model;
    int m_side;
};

/// Pieces of the clip's frames, one after the other.
Result<GatherReport> cutPieces(PieceCutter& cutter, const Clip& clip, const GatherRequest& request,
                               const ImageU8& identity, std::int64_t portraitFrame,
                               const PieceSink& sink, const JobContext& job) {
    STRATA_ASSIGN(const auto clips, cutter.boxes(job));
    const auto holder = std::ranges::find_if(
        clips, [&](const RoiClip& one) { return one.frames.contains(portraitFrame); });
    const RoiClip& portraitClip = holder != clips.end() ? *holder : clips.front();
    STRATA_ASSIGN(const ImageU8 posed, cutter.portrait(cropBox(portraitClip, clip.frameSize())));
    GatherReport report;
    for (const RoiClip& one : clips) {
        const RectI box = cropBox(one, clip.frameSize());
        ClipPiece piece;
        std::int64_t first = 0;
        const auto put = [&]() -> Status {
            if (piece.frames.empty())
                return ok();
            piece.identity = identity;
            piece.posed = posed;
            ++report.pieces;
            report.frames += std::ssize(piece.frames);
            return sink(clip.firstSourceFrame() + first, std::exchange(piece, {}));
        };
        for (auto i = one.frames.begin + one.overlap; i < one.frames.end; ++i) {
            if (job.stopRequested())
                return cancelled();
            if (cutter.isThere(i)) {
                if (piece.frames.empty())
                    first = i;
                STRATA_TRY(cutter.add(i, box, piece));
            }
            if (!cutter.isThere(i) || std::ssize(piece.frames) == request.frames)
                STRATA_TRY(put());
            job.progress("pieces", i + 1, clip.frameCount());
        }
        STRATA_TRY(put());
    }
    return report;
}

} // namespace

Result<GatherReport> runGather(const GatherRequest& request, const PieceSink& sink,
                               const JobContext& context, const JobObserver& observer) {
    if (request.side < 16 || request.side > 2048 || request.side % 8 != 0 || request.frames < 1)
        return Error{ErrorCode::Usage, "Pieces of clips have sides of 16 to 2048 pixels, multiples "
                                       "of 8, and at least one frame."};
    EditRequest edit;
    edit.clip = request.clip;
    edit.redraw = true;
    STRATA_ASSIGN(const auto clip, openEditClip(edit));
    STRATA_ASSIGN(const ModelStore store, openModelStore());
    Networks networks(store);
    STRATA_TRY(networks.available());
    STRATA_ASSIGN(const InstalledBody body, loadInstalledBody(request.clip.body));
    STRATA_ASSIGN(const auto cache, CacheStore::open());
    STRATA_ASSIGN(StageRunner runner,
                  StageRunner::create(*cache, drawingPlan(edit), context, observer));
    StageContext stages{*clip, networks, body.model, body.key, runner};

    STRATA_ASSIGN(EditLayers layers, editLayers(stages, edit));
    STRATA_ASSIGN(const EditDrawing drawing, prepareDrawing(stages, edit, layers));
    networks.release();
    STRATA_ASSIGN(const ImageU8 identity,
                  canonicalPicture(body.model, drawing.made->identity, request.side));
    PieceCutter cutter(stages, layers, drawing, request.side);
    return cutPieces(cutter, *clip, request, identity, layers.portraitFrame, sink, context);
}

} // namespace strata
