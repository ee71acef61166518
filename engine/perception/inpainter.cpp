// SPDX-License-Identifier: Apache-2.0
#include "engine/perception/inpainter.h"

#include "engine/perception/checks.h"
#include "engine/perception/hole_regions.h"
#include "engine/perception/onnx_session.h"

namespace strata {
namespace {

constexpr std::uint8_t kInside = 127; // holes are what lies above

struct Crop {
    std::vector<std::uint8_t> rgb;  // [3, H, W]
    std::vector<std::uint8_t> keep; // [1, H, W], 255 outside the hole
};

Crop cut(const ImageU8& rgb, const ImageU8& hole, const RectI& region) {
    const std::size_t plane = std::size_t(region.width()) * region.height();
    Crop crop{std::vector<std::uint8_t>(3 * plane), std::vector<std::uint8_t>(plane)};
    std::size_t i = 0;
    for (int y = region.y0; y < region.y1; ++y)
        for (int x = region.x0; x < region.x1; ++x, ++i) {
            const auto* pixel = rgb.pixel(x, y);
            for (std::size_t c = 0; c < 3; ++c)
                crop.rgb[c * plane + i] = pixel[c];
            crop.keep[i] = hole.at(x, y) > kInside ? 0 : 255;
        }
    return crop;
}

void paste(ImageU8& rgb, const ImageU8& hole, const RectI& region,
           const std::vector<std::uint8_t>& planes) {
    const std::size_t plane = std::size_t(region.width()) * region.height();
    std::size_t i = 0;
    for (int y = region.y0; y < region.y1; ++y)
        for (int x = region.x0; x < region.x1; ++x, ++i)
            if (hole.at(x, y) > kInside)
                for (std::size_t c = 0; c < 3; ++c)
                    rgb.pixel(x, y)[c] = planes[c * plane + i];
}

} // namespace

struct Inpainter::Impl {
    OnnxSession session;
};

Inpainter::Inpainter(std::unique_ptr<Impl> impl)
    : m_impl(std::move(impl)) {}
Inpainter::Inpainter(Inpainter&&) noexcept = default;
Inpainter& Inpainter::operator=(Inpainter&&) noexcept = default;
Inpainter::~Inpainter() = default;

Result<Inpainter> Inpainter::load(const std::filesystem::path& modelFile) {
    using Type = OnnxSignature::Type;
    const OnnxSignature signature{{{Type::U8, 3}, {Type::U8, 1}}, {{Type::U8, 3}}};
    STRATA_ASSIGN(auto session, OnnxSession::load(modelFile, "MI-GAN", signature));
    return Inpainter(std::make_unique<Impl>(Impl{std::move(session)}));
}

Result<ImageU8> Inpainter::inpaint(const ImageU8& rgb, const ImageU8& hole) {
    STRATA_TRY(requireRgb(rgb, "Inpainting"));
    if (hole.size() != rgb.size() || hole.channels() != 1)
        return Error{ErrorCode::ShapeMismatch,
                     "Inpainting needs a hole mask of one channel and the picture's size."};
    ImageU8 result = rgb;
    for (const auto& region : holeRegions(hole, kInside)) {
        // Regions are filled one after the other, so that a later one sees what an earlier one has
        // filled.
        const auto crop = cut(result, hole, region);
        const std::int64_t height = region.height(), width = region.width();
        const OnnxInput inputs[] = {
            {{1, 3, height, width}, std::span<const std::uint8_t>(crop.rgb)},
            {{1, 1, height, width}, std::span<const std::uint8_t>(crop.keep)}};
        STRATA_ASSIGN(const auto outputs, m_impl->session.run(inputs));
        const auto* planes = std::get_if<std::vector<std::uint8_t>>(&outputs.front().values);
        if (!planes || planes->size() != crop.rgb.size())
            return Error{ErrorCode::Internal, "MI-GAN gave a picture of an unexpected size."};
        paste(result, hole, region, *planes);
    }
    return result;
}

} // namespace strata
