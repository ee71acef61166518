// SPDX-License-Identifier: Apache-2.0
#include "engine/pipeline/stages/leaving_person.h"

#include "engine/media/opencv.h"
#include "engine/pipeline/stages/body_source.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>

namespace strata {
namespace {

constexpr double kReach =
    0.02; // of the frame's height: how far from the matte the body is believed

class LeavingPerson : public MaskSource {
public:
    LeavingPerson(std::unique_ptr<MaskSource> matte, std::unique_ptr<MaskSource> occluder,
                  const BodyModel& body, const Motion& motion)
        : m_matte(std::move(matte))
        , m_occluder(std::move(occluder))
        , m_motion(motion)
        , m_renderer(body, m_motion, m_matte->frameSize())
        , m_silhouette(m_renderer.silhouette()) {}

    std::int64_t frameCount() const override { return m_matte->frameCount(); }
    Size frameSize() const override { return m_matte->frameSize(); }

    Result<Frame> frame(std::int64_t index) override {
        STRATA_ASSIGN(const Frame matte, m_matte->frame(index));
        STRATA_ASSIGN(const Frame occluder, m_occluder->frame(index));
        STRATA_ASSIGN(const Frame body, m_silhouette->frame(index));
        const int reach = std::max(2, int(std::lround(kReach * frameSize().height)));
        cv::Mat near;
        cv::dilate(matView(*matte), near,
                   cv::getStructuringElement(cv::MORPH_ELLIPSE, {2 * reach + 1, 2 * reach + 1}));
        auto all = std::make_shared<ImageU8>(*matte);
        for (std::size_t i = 0; i < all->count(); ++i) {
            const int added =
                std::min({int(body->data()[i]), int(near.data[i]), 255 - int(occluder->data()[i])});
            all->data()[i] = std::max(all->data()[i], std::uint8_t(added));
        }
        return Frame(std::move(all));
    }

private:
    std::unique_ptr<MaskSource> m_matte, m_occluder;
    Motion m_motion;
    BodyRenderer m_renderer;
    std::unique_ptr<MaskSource> m_silhouette;
};

} // namespace

std::unique_ptr<MaskSource> leavingPerson(std::unique_ptr<MaskSource> matte,
                                          std::unique_ptr<MaskSource> occluder,
                                          const BodyModel& body, const Motion& motion) {
    return std::make_unique<LeavingPerson>(std::move(matte), std::move(occluder), body, motion);
}

} // namespace strata
