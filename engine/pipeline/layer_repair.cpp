// SPDX-License-Identifier: Apache-2.0
#include "engine/pipeline/layer_repair.h"

#include "engine/core/sha256.h"
#include "engine/media/opencv.h"
#include "engine/media/painted_matte.h"
#include "engine/media/trimmed_matte.h"
#include "engine/synth/matte_tools.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <iterator>
#include <tuple>
#include <utility>

namespace strata {
namespace {

constexpr int kFringe = 2;  // px round a stroke that may show something of the person
constexpr int kAround = 24; // px from which colours are taken

/// The pixels of `hole` filled from what is around them.
void fillHole(cv::Mat& picture, const cv::Mat& hole) {
    const cv::Rect whole({}, picture.size());
    cv::Rect part = cv::boundingRect(hole);
    part = cv::Rect(part.x - kAround, part.y - kAround, part.width + 2 * kAround,
                    part.height + 2 * kAround) &
           whole;
    cv::Mat color, known;
    picture(part).convertTo(color, CV_32F);
    cv::Mat(hole(part) == 0).convertTo(known, CV_32F, 1.0 / 255);
    ImageF filled = imageFromMat<float>(color);
    fillUnknown(filled, imageFromMat<float>(known));
    matView(filled).convertTo(color, CV_8U);
    color.copyTo(picture(part), hole(part));
}

class FilledPlate : public ColorSource {
public:
    /// `found`: the person as it was found, which the plate is without.
    FilledPlate(std::unique_ptr<ColorSource> plate, MaskSource& found,
                std::vector<MatteStroke> added, std::int64_t firstFrame)
        : m_plate(std::move(plate))
        , m_found(found)
        , m_added(std::move(added))
        , m_firstFrame(firstFrame) {}

    std::int64_t frameCount() const override { return m_plate->frameCount(); }
    Size frameSize() const override { return m_plate->frameSize(); }

    Result<Frame> frame(std::int64_t index) override {
        STRATA_ASSIGN(Frame plate, m_plate->frame(index));
        const std::int64_t inClip = m_firstFrame + index;
        if (!isPainted(m_added, inClip))
            return plate;
        const Size size = plate->size();
        const ImageU8 painted = paintedMatte(ImageU8(size.width, size.height, 1), m_added, inClip);
        STRATA_ASSIGN(const auto found, m_found.frame(index));
        cv::Mat hole;
        cv::dilate(
            matView(painted) > matView(*found), hole,
            cv::getStructuringElement(cv::MORPH_ELLIPSE, {2 * kFringe + 1, 2 * kFringe + 1}));
        auto filled = std::make_shared<ImageU8>(*plate);
        cv::Mat view = matView(*filled);
        if (cv::countNonZero(hole) > 0)
            fillHole(view, hole);
        return Frame(std::move(filled));
    }

private:
    std::unique_ptr<ColorSource> m_plate;
    MaskSource& m_found;
    std::vector<MatteStroke> m_added;
    std::int64_t m_firstFrame;
};

std::string keyOf(const std::vector<MatteStroke>& strokes) {
    std::string text;
    for (const MatteStroke& stroke : strokes) {
        text += std::to_string(stroke.frame) + (stroke.positive ? "+" : "-") +
                std::to_string(stroke.radius);
        for (const StrokePoint& p : stroke.points)
            text += ' ' + std::to_string(p.x) + ',' + std::to_string(p.y);
        text += '\n';
    }
    return sha256(text);
}

std::string keyOf(const MatteTrim& trim) {
    return "trim " + std::to_string(trim.grow) + " " + std::to_string(trim.feather);
}

std::vector<MatteStroke> addedBy(const std::vector<MatteStroke>& strokes) {
    std::vector<MatteStroke> added;
    std::ranges::copy_if(strokes, std::back_inserter(added), &MatteStroke::positive);
    return added;
}

} // namespace

void repairLayers(const EditRequest& request, std::int64_t firstFrame, EditLayers& layers,
                  std::vector<std::string>& keys) {
    const auto repaired = [&](std::unique_ptr<MaskSource> mattes,
                              const std::vector<MatteStroke>& strokes, const MatteTrim& trim) {
        return trimmedMattes(paintedMattes(std::move(mattes), strokes, firstFrame), trim);
    };
    const auto& [strokes, trim] = std::tie(request.personStrokes, request.personTrim);
    MaskSource& found = *layers.matte; // stays where it is, inside of what is made from it
    layers.matte = repaired(std::move(layers.matte), strokes, trim);
    layers.human = repaired(std::move(layers.human), strokes, trim);
    layers.occluder =
        repaired(std::move(layers.occluder), request.occluderStrokes, request.occluderTrim);
    if (auto added = addedBy(strokes); !added.empty())
        layers.plate = std::make_unique<FilledPlate>(std::move(layers.plate), found,
                                                     std::move(added), firstFrame);
    for (const MatteTrim& each : {request.personTrim, request.occluderTrim})
        keys.push_back(keyOf(each));
    for (const auto* each : {&request.personStrokes, &request.occluderStrokes})
        keys.push_back(keyOf(*each));
}

} // namespace strata
