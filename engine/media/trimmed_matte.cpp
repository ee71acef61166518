// SPDX-License-Identifier: Apache-2.0
#include "engine/media/trimmed_matte.h"

#include "engine/media/opencv.h"

#include <opencv2/imgproc.hpp>

#include <utility>

namespace strata {
namespace {

// A Gaussian goes from one side of an edge to the other over about four standard deviations.
constexpr double kSigmasAcross = 4;

/// Distance of each pixel's centre to the nearest pixel that is 0 in `solid`; there it is 0.
cv::Mat distanceToZero(const cv::Mat& solid) {
    cv::Mat distance;
    cv::distanceTransform(solid, distance, cv::DIST_L2, cv::DIST_MASK_PRECISE);
    return distance;
}

/// Adds all that is nearer than `by` to the solid part.
cv::Mat grown(const cv::Mat& matte, double by) {
    const cv::Mat outside = matte < 128;
    if (cv::countNonZero(outside) == int(outside.total()))
        return matte; // no solid part to measure from
    cv::Mat band;
    // The edge runs half a pixel outside of the last solid centre, and fades over one pixel.
    cv::Mat(by + 1 - distanceToZero(outside)).convertTo(band, CV_8U, 255);
    return cv::max(matte, band);
}

/// Leaves what is farther than `by` from all that is not solid.
cv::Mat shrunk(const cv::Mat& matte, double by) {
    const cv::Mat solid = matte >= 128;
    if (cv::countNonZero(solid) == int(solid.total()))
        return matte;
    cv::Mat core;
    cv::Mat(distanceToZero(solid) - by).convertTo(core, CV_8U, 255);
    return cv::min(matte, core);
}

class TrimmedMattes : public MaskSource {
public:
    TrimmedMattes(std::unique_ptr<MaskSource> mattes, const MatteTrim& trim)
        : m_mattes(std::move(mattes))
        , m_trim(trim) {}

    std::int64_t frameCount() const override { return m_mattes->frameCount(); }
    Size frameSize() const override { return m_mattes->frameSize(); }

    Result<Frame> frame(std::int64_t index) override {
        STRATA_ASSIGN(const Frame matte, m_mattes->frame(index));
        return Frame(std::make_shared<ImageU8>(trimmedMatte(*matte, m_trim)));
    }

private:
    std::unique_ptr<MaskSource> m_mattes;
    MatteTrim m_trim;
};

} // namespace

ImageU8 trimmedMatte(const ImageU8& matte, const MatteTrim& trim) {
    ImageU8 out = matte;
    if (matte.empty() || trim == MatteTrim{})
        return out;
    cv::Mat edge = matView(out);
    cv::Mat result = trim.grow > 0   ? grown(edge, trim.grow)
                     : trim.grow < 0 ? shrunk(edge, -trim.grow)
                                     : edge;
    if (trim.feather > 0) {
        const double sigma = trim.feather / kSigmasAcross;
        cv::GaussianBlur(result, result, {}, sigma, sigma, cv::BORDER_REPLICATE);
    }
    if (result.data != edge.data)
        result.copyTo(edge);
    return out;
}

std::unique_ptr<MaskSource> trimmedMattes(std::unique_ptr<MaskSource> mattes,
                                          const MatteTrim& trim) {
    if (!mattes || trim == MatteTrim{})
        return mattes;
    return std::make_unique<TrimmedMattes>(std::move(mattes), trim);
}

} // namespace strata
