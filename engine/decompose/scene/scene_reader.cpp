// SPDX-License-Identifier: Apache-2.0
#include "engine/decompose/scene/scene_reader.h"

#include "engine/decompose/scene/cv_view.h"
#include "engine/decompose/scene/with_border.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>

namespace strata {
namespace {

constexpr int anyPerson = 12; // alpha from which a pixel holds something of a person

/// 255 up to `margin` pixels away from the mask, fading to 0 over `feather` more.
cv::Mat grown(const cv::Mat& mask, float margin, float feather) {
    cv::Mat result = cv::Mat::zeros(mask.size(), CV_8U);
    const cv::Rect tight = cv::boundingRect(mask);
    if (tight.empty())
        return result;
    const int reach = int(margin + feather) + 2;
    const cv::Rect region = withBorder(tight, reach, mask.size());
    cv::Mat distance;
    cv::distanceTransform(mask(region) == 0, distance, cv::DIST_L2, cv::DIST_MASK_5);
    cv::Mat faded = (margin + feather - distance) * (255.0 / double(std::max(feather, 0.5f)));
    faded.convertTo(result(region), CV_8U);
    return result;
}

template <typename Frame>
Status checkFrame(const Frame& frame, cv::Size size, int channels, const char* what) {
    if (frame->width() != size.width || frame->height() != size.height ||
        frame->channels() != channels)
        return Error{ErrorCode::ShapeMismatch,
                     std::string("The clean plate was given ") + what + " of another size."};
    return ok();
}

} // namespace

SceneReader::SceneReader(const PlateInputs& inputs, const PlateOptions& options)
    : m_inputs(inputs)
    , m_size(inputs.rgb->frameSize().width, inputs.rgb->frameSize().height) {
    const auto side = float(std::max(m_size.width, m_size.height));
    m_margin = std::max(2.f, options.margin * side);
    m_feather = std::max(2.f, options.feather * side);
}

Result<SceneReader::Masks> SceneReader::readMasks(std::int64_t index) const {
    Masks result;
    STRATA_ASSIGN(const auto people, m_inputs.people->frame(index));
    STRATA_TRY(checkFrame(people, m_size, 1, "a mask of people"));
    result.removal = grown(view(*people) > anyPerson, m_margin, m_feather);
    result.shown = result.removal == 0;
    if (m_inputs.occluder) {
        STRATA_ASSIGN(const auto occluder, m_inputs.occluder->frame(index));
        STRATA_TRY(checkFrame(occluder, m_size, 1, "an occluder mask"));
        // Things in front stand still and keep their sharp edge: a narrow margin, so that narrow
        // gaps between them show what is behind.
        const cv::Mat front = grown(view(*occluder) > anyPerson, 0.5f * m_margin, 1);
        result.shown.setTo(0, front);
        // A thing in front keeps its own edge; but what is the person's by the matte goes, also
        // where the layers take it for a thing: a held ball is put over the plate again.
        result.removal =
            cv::max(result.removal.mul(255 - view(*occluder), 1.0 / 255), view(*people));
    }
    if (m_inputs.silhouette) {
        STRATA_ASSIGN(const auto body, m_inputs.silhouette->frame(index));
        STRATA_TRY(checkFrame(body, m_size, 1, "a silhouette"));
        // The body is slimmer than its clothes, and a rim of them that passes for background in one
        // frame shows in the plate of all: here a wide margin costs little.
        result.shown.setTo(0, grown(view(*body) > 127, 2.5f * m_margin, 1));
    }
    return result;
}

Result<cv::Mat> SceneReader::readShown(std::int64_t index) const {
    STRATA_ASSIGN(const Masks masks, readMasks(index));
    return masks.shown;
}

Result<PlateFrame> SceneReader::read(std::int64_t index) const {
    PlateFrame result;
    STRATA_ASSIGN(result.owner, m_inputs.rgb->frame(index));
    STRATA_TRY(checkFrame(result.owner, m_size, 3, "a frame"));
    STRATA_ASSIGN(Masks masks, readMasks(index));
    result.view.rgb = view(*result.owner);
    result.view.valid = masks.shown;
    result.removal = masks.removal;
    return result;
}

} // namespace strata
