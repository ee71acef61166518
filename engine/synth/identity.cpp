// SPDX-License-Identifier: Apache-2.0
#include "engine/synth/identity.h"

#include "engine/synth/atlas_painter.h"
#include "engine/synth/delight.h"
#include "engine/synth/hair_volume.h"
#include "engine/synth/head_map.h"
#include "engine/synth/outline_fit.h"
#include "engine/synth/skirt.h"

#include <algorithm>

namespace strata {
namespace {

int textureSizeFor(const SubjectView& view, const IdentityOptions& options) {
    if (options.textureSize > 0)
        return std::clamp(options.textureSize, 128, 4096);
    return view.heightPx > 450.f ? 2048 : 1024;
}

/// Share of the body's pixels that lie in the matte: tells a fit from a miss.
float overlap(const SubjectView& view, const RasterBuffers& raster) {
    double inside = 0, all = 1e-9;
    for (std::size_t i = 0; i < raster.face.size(); ++i)
        if (raster.face[i] >= 0) {
            inside += view.alpha.data()[i] > 0.5f ? 1.0 : 0.0;
            all += 1.0;
        }
    return float(inside / all);
}

} // namespace

Result<Identity> buildIdentity(const BodyModel& model, const PictureSubject& subject,
                               const IdentityOptions& options, const JobContext& job) {
    job.progress("identity", 0, 3);
    STRATA_ASSIGN(const SubjectView view, cutSubject(model, subject));
    const ShapedBody body(model, subject.betas);
    const HeadMap head = mapHead(body);
    OutlineFit fit = fitOutline(model, head, subject, view, options.displace);
    if (overlap(view, fit.aligned.raster) < 0.3f)
        return Error{ErrorCode::NothingToDo,
                     "The body fitted to the identity's picture does not lie on the person in it."};
    if (job.stopRequested())
        return cancelled();
    job.progress("identity", 1, 3);
    const Delighted delighted =
        removeLight(model, view, fit.aligned, std::clamp(options.shadingRemoval, 0.f, 1.f));
    const Evidence evidence(body, head, view, fit.aligned);
    const HeadHair hair(model, head, view, delighted.albedo, fit.aligned, evidence);
    if (options.displace)
        addHairVolume(body, head, hair, fit.displacement);
    STRATA_ASSIGN(PaintedAtlas atlas, paintAtlas(body, delighted.albedo, fit.aligned, evidence,
                                                 hair, textureSizeFor(view, options), job));
    job.progress("identity", 2, 3);
    SkinnedMesh cloth;
    if (options.skirt)
        cloth = findSkirt(body, subject.pose, view, delighted.albedo, atlas.texture).mesh;
    Identity identity;
    identity.betas = subject.betas;
    identity.displacement = fit.displacement;
    identity.softness = head.scalp;
    identity.cloth = std::move(cloth);
    identity.texture = std::move(atlas.texture);
    identity.confidence = std::move(atlas.confidence);
    identity.pictureLight = delighted.light;
    identity.personHeightPx = view.heightPx;
    job.progress("identity", 3, 3);
    return identity;
}

} // namespace strata
