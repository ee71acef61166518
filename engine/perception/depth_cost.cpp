// SPDX-License-Identifier: Apache-2.0
#include <torch/torch.h>

#include "engine/perception/network_cost.h"

#include "engine/formats/checkpoint.h"
#include "engine/perception/checks.h"
#include "engine/perception/depth_weights.h"

namespace strata {
namespace {

double encoderProducts(const DepthNetworkShape& s, double patches) {
    const double tokens = patches + 1, width = double(s.width);
    const double patchEmbedding = patches * width * 3 * double(s.patch) * double(s.patch);
    const double attention = tokens * width * 4 * width + 2 * tokens * tokens * width;
    const double perceptron = 2 * tokens * width * double(s.hidden);
    return patchEmbedding + double(s.blocks) * (attention + perceptron);
}

/// `rows` and `columns` of patches.
double headProducts(const DepthNetworkShape& s, std::int64_t rows, std::int64_t columns) {
    const double patches = double(rows * columns), features = double(s.features);
    const double halved = double((rows + 1) / 2) * double((columns + 1) / 2);
    const std::array<double, 4> pixels{16 * patches, 4 * patches, patches, halved};
    double sum = 0;
    for (std::size_t i = 0; i < 4; ++i) {
        const double channels = double(s.channels[i]);
        sum += patches * double(s.width) * channels; // projection
        sum += pixels[i] * channels * features * 9;  // to the common width
        const double units = i == 3 ? 1 : 2;         // residual units
        sum += pixels[i] * features * features * (units * 2 * 9 + 1);
    }
    const double c0 = double(s.channels[0]), c1 = double(s.channels[1]), c3 = double(s.channels[3]);
    sum += pixels[0] * c0 * c0 + pixels[1] * c1 * c1 + halved * c3 * c3 * 9; // resizing
    const double full = patches * double(s.patch) * double(s.patch);
    sum += 64 * patches * features * features / 2 * 9;
    return sum + full * (features / 2 * 32 * 9 + 32);
}

} // namespace

double workOf(const DepthNetworkShape& shape, Size network) {
    const std::int64_t rows = network.height / shape.patch, columns = network.width / shape.patch;
    return 2 *
           (encoderProducts(shape, double(rows * columns)) + headProducts(shape, rows, columns));
}

Result<double> depthWork(const std::filesystem::path& modelFile, Size frame, int networkSide) {
    const bool inPackage =
        modelFile.filename() == "model.mil" || modelFile.filename() == "weight.bin";
    const auto source = inPackage ? modelFile.parent_path() : modelFile;
    STRATA_ASSIGN(const auto tensors, readCheckpoint(source));
    STRATA_ASSIGN(const auto network, depthNetworkFrom(tensors, quoted(source)));
    const auto& encoder = network->pretrained->config();
    const auto& head = network->depth_head;
    DepthNetworkShape shape;
    shape.width = encoder.width;
    shape.blocks = encoder.blocks;
    shape.hidden = encoder.hidden;
    shape.patch = encoder.patch;
    shape.features = head->layer_rn[0]->weight.size(0);
    for (std::size_t i = 0; i < 4; ++i)
        shape.channels[i] = head->layer_rn[i]->weight.size(1);
    return workOf(shape, networkInputSize(frame, networkSide, int(encoder.patch)));
}

} // namespace strata
