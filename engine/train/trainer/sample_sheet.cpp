// SPDX-License-Identifier: Apache-2.0
#include <torch/torch.h>

#include "engine/train/trainer/sample_sheet.h"

#include "engine/nn/guard.h"
#include "engine/train/trainer/picture_tensors.h"

#include <algorithm>

namespace strata {
namespace {

constexpr std::int64_t kShownFrames = 5; // of a clip, at most

torch::Tensor bytesOf(const torch::Tensor& pictures) { // [N, 3, H, W] in -1..1 -> [N, H, W, 3]
    return ((pictures * 0.5 + 0.5) * 255)
        .round()
        .clamp(0, 255)
        .to(torch::kUInt8)
        .permute({0, 2, 3, 1})
        .contiguous();
}

/// u8 [N, H, W, 3] -> scaled latents as of one clip, [1, C, N, h, w]
torch::Tensor latentsOf(TrainingNetworks& networks, const torch::Tensor& pictures) {
    return encodedFrames(*networks.networks, planesOf(pictures, networks.options()))
        .permute({1, 0, 2, 3})
        .unsqueeze(0);
}

/// Sketches with the change that latents say, which the refiner sees again where there is one; what
/// the picture coder loses of both is kept. u8 all.
torch::Tensor corrected(TrainingNetworks& networks, const torch::Tensor& change,
                        const torch::Tensor& sketches, const torch::Tensor& scenes) {
    const auto sketch = planesOf(sketches, torch::kFloat32);
    auto& refiner = networks.networks->refiner;
    if (refiner.is_empty() || !scenes.defined())
        return bytesOf(sketch + change);
    const auto place = networks.options();
    std::vector<torch::Tensor> out;
    const auto scene = planesOf(scenes, torch::kFloat32);
    for (std::int64_t i = 0; i < sketch.size(0); ++i) {
        const auto one = [&](const torch::Tensor& x) { return x.narrow(0, i, 1).to(place); };
        out.push_back(refiner->forward(one(sketch), one(change), one(scene))
                          .to(torch::kCPU, torch::kFloat32));
    }
    return bytesOf(sketch + torch::cat(out));
}

torch::Tensor row(const torch::Tensor& first, const torch::Tensor& frames) {
    std::vector<torch::Tensor> cells;
    const auto height = frames.size(1), width = frames.size(2);
    auto cell = torch::full({height, width, 3}, 255, torch::kUInt8);
    if (first.defined()) { // a picture of another size is cut or stands on white
        const auto h = std::min(height, first.size(0)), w = std::min(width, first.size(1));
        cell.narrow(0, 0, h).narrow(1, 0, w).copy_(first.narrow(0, 0, h).narrow(1, 0, w));
    }
    cells.push_back(cell);
    const auto count = std::min(frames.size(0), kShownFrames);
    for (std::int64_t i = 0; i < count; ++i)
        cells.push_back(frames[count > 1 ? i * (frames.size(0) - 1) / (count - 1) : 0]);
    return torch::cat(cells, 1);
}

} // namespace

Result<torch::Tensor> sampledFrames(TrainingNetworks& networks, const TrainingStep& step,
                                    const TrainingConfig& config, const TrainingClip& clip,
                                    const SampleSettings& settings) {
    STRATA_TRY(check(clip, "A clip"));
    if (config.stage == TrainingStage::Autoencoder)
        return codedAndDecoded(networks, clip.frames);
    return nn::guarded("Drawing a sample", [&]() -> Result<torch::Tensor> {
        const torch::NoGradGuard noGrad;
        const auto given = step.inputs(networks, {&clip, 1}, false);
        auto& n = *networks.networks;
        STRATA_ASSIGN(const auto drawn, sampledLatents(n, given, config.diffusion, settings));
        return n.config.denoiser.fromSketch
                   ? corrected(networks, changeOf(n, drawn, given.sketch), clip.sketch, clip.scene)
                   : bytesOf(decodedFrames(n, drawn));
    });
}

Result<torch::Tensor> codedAndDecoded(TrainingNetworks& networks, const torch::Tensor& pictures,
                                      const torch::Tensor& sketches, const torch::Tensor& scenes) {
    return nn::guarded("Coding pictures", [&]() -> Result<torch::Tensor> {
        const torch::NoGradGuard noGrad;
        auto& n = *networks.networks;
        const auto latents = latentsOf(networks, pictures);
        if (!sketches.defined())
            return bytesOf(decodedFrames(n, latents));
        return corrected(networks, changeOf(n, latents, latentsOf(networks, sketches)), sketches,
                         scenes);
    });
}

Result<ImageU8> sampleSheet(TrainingNetworks& networks, const TrainingStep& step,
                            const TrainingConfig& config, std::span<const TrainingClip> clips,
                            const SampleSettings& settings) {
    std::vector<torch::Tensor> rows;
    for (const auto& clip : clips) {
        STRATA_ASSIGN(const auto made, sampledFrames(networks, step, config, clip, settings));
        rows.push_back(row(clip.identity, clip.frames));
        rows.push_back(row({}, made));
    }
    return nn::guarded("Drawing a sheet of samples", [&]() -> Result<ImageU8> {
        const auto sheet = torch::cat(rows, 0).contiguous();
        ImageU8 out(int(sheet.size(1)), int(sheet.size(0)), 3);
        std::copy_n(sheet.data_ptr<std::uint8_t>(), out.count(), out.data());
        return out;
    });
}

} // namespace strata
