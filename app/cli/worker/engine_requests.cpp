// SPDX-License-Identifier: Apache-2.0
#include "app/cli/worker/engine_requests.h"

namespace strata::cli {
namespace {

ClipRequest clipOf(const protocol::ClipChoice& choice) {
    return {choice.video, choice.frames, choice.person, choice.body};
}

GenerateSettings generatorOf(const protocol::GeneratorChoice& choice) {
    GenerateSettings settings;
    if (choice.small) {
        settings = GenerateSettings::ofSmall();
    } else {
        settings.size = choice.size;
        settings.steps = choice.steps;
        settings.guidance = choice.guidance;
        settings.guideFrom = choice.guideFrom;
        settings.guideTo = choice.guideTo;
        settings.parity = choice.parity;
    }
    settings.device = choice.device;
    settings.precision = choice.precision;
    return settings;
}

EditRequest editOf(const protocol::EditChoice& choice) {
    EditRequest request;
    request.clip = clipOf(choice.clip);
    request.templateFolder = choice.templateFolder;
    request.identity = choice.identity;
    request.motion = choice.motion;
    request.scene = choice.scene;
    request.keepOccluder = choice.keepOccluder;
    request.personInFront = choice.personInFront;
    request.personTrim = choice.personTrim;
    request.occluderTrim = choice.occluderTrim;
    request.personStrokes = choice.personStrokes;
    request.occluderStrokes = choice.occluderStrokes;
    request.seed = choice.seed;
    if (choice.generator)
        request.generate = generatorOf(*choice.generator);
    request.settings = {choice.settings.codec, choice.settings.crf, choice.settings.preset,
                        choice.settings.audio};
    return request;
}

} // namespace

DecomposeRequest engineRequest(const protocol::Decompose& request) {
    return {clipOf(request.clip), request.out, request.overwrite};
}

EditRequest engineRequest(const protocol::Edit& request) {
    EditRequest edit = editOf(request.edit);
    edit.out = request.out;
    edit.preview = request.preview;
    return edit;
}

PreviewRequest engineRequest(const protocol::Preview& request) {
    return {editOf(request.edit), request.show};
}

} // namespace strata::cli
