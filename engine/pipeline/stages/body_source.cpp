// SPDX-License-Identifier: Apache-2.0
#include "engine/pipeline/stages/body_source.h"

#include <algorithm>
#include <functional>
#include <limits>

namespace strata {

struct BodyRenderer::Impl {
    const BodyModel& model;
    const Motion& motion;
    ShapedBody shaped;
    Size size;
    std::vector<glm::vec3> vertices;
    RasterBuffers buffers;
    std::int64_t drawn = -1;

    std::span<const std::uint32_t> faces() const {
        return {&model.faces[0].x, model.faces.size() * 3};
    }
    void draw(std::int64_t index);
    void clear();
};

void BodyRenderer::Impl::clear() {
    const std::size_t pixels = std::size_t(size.width) * size.height;
    buffers.width = size.width;
    buffers.height = size.height;
    buffers.face.assign(pixels, -1);
    buffers.barycentric.assign(pixels * 2, 0.f);
    buffers.depth.assign(pixels, std::numeric_limits<float>::infinity());
}

void BodyRenderer::Impl::draw(std::int64_t index) {
    drawn = index;
    const auto at = std::size_t(index);
    const bool seen = at < motion.frames.size() && at < motion.cameras.size() &&
                      (motion.confidence.empty() || motion.confidence[at] > 0);
    if (!seen) {
        clear();
        return;
    }
    shaped.pose(motion.frames[at], vertices, {});
    const Camera& camera = motion.cameras[at];
    for (auto& v : vertices)
        v = camera.toCamera(v);
    const RasterCamera view{size.width, size.height, camera.fx, camera.fy, camera.cx, camera.cy};
    rasterize({&vertices[0].x, vertices.size() * 3}, faces(), view, {}, buffers);
}

namespace {

class FromBody : public MaskSource {
public:
    using Paint = std::function<std::uint8_t(const RasterBuffers&, std::size_t)>;
    FromBody(BodyRenderer& renderer, std::int64_t count, Size size, Paint paint)
        : m_renderer(renderer)
        , m_count(count)
        , m_size(size)
        , m_paint(std::move(paint)) {}

    std::int64_t frameCount() const override { return m_count; }
    Size frameSize() const override { return m_size; }

    Result<Frame> frame(std::int64_t index) override {
        const RasterBuffers& buffers = m_renderer.frame(index);
        auto mask = std::make_shared<ImageU8>(m_size.width, m_size.height, 1);
        for (std::size_t i = 0; i < mask->count(); ++i)
            if (buffers.face[i] >= 0)
                mask->data()[i] = m_paint(buffers, i);
        return Frame(std::move(mask));
    }

private:
    BodyRenderer& m_renderer;
    std::int64_t m_count;
    Size m_size;
    Paint m_paint;
};

} // namespace

BodyRenderer::BodyRenderer(const BodyModel& model, const Motion& motion, Size frame)
    : m_impl(new Impl{model,
                      motion,
                      ShapedBody(model, motion.betas),
                      frame,
                      std::vector<glm::vec3>(model.vTemplate.size()),
                      {},
                      -1}) {}

BodyRenderer::~BodyRenderer() = default;

const RasterBuffers& BodyRenderer::frame(std::int64_t index) {
    if (index != m_impl->drawn)
        m_impl->draw(index);
    return m_impl->buffers;
}

std::unique_ptr<MaskSource> BodyRenderer::silhouette() {
    return std::make_unique<FromBody>(
        *this, std::int64_t(m_impl->motion.frames.size()), m_impl->size,
        [](const RasterBuffers&, std::size_t) { return std::uint8_t(255); });
}

std::unique_ptr<MaskSource> BodyRenderer::parts() {
    const BodyModel& model = m_impl->model;
    return std::make_unique<FromBody>(
        *this, std::int64_t(m_impl->motion.frames.size()), m_impl->size,
        [&model](const RasterBuffers& buffers, std::size_t i) {
            const auto vertex = model.faces[std::size_t(buffers.face[i])].x;
            const auto& weights = model.boneWeights[vertex];
            int strongest = 0;
            for (int k = 1; k < 4; ++k)
                if (weights[k] > weights[strongest])
                    strongest = k;
            return std::uint8_t(model.bones[vertex][std::size_t(strongest)] + 1);
        });
}

} // namespace strata
