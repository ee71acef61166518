// SPDX-License-Identifier: Apache-2.0
#include <torch/torch.h>

#include "engine/perception/tflite_network.h"

#include "engine/formats/tflite.h"
#include "engine/nn/guard.h"
#include "engine/nn/tflite/tflite_graph.h"
#include "engine/perception/checks.h"

namespace strata {

struct TfliteNetwork::Impl {
    std::string title;
    nn::TfliteGraph graph;
};

TfliteNetwork::TfliteNetwork(std::unique_ptr<Impl> impl)
    : m_impl(std::move(impl)) {}
TfliteNetwork::TfliteNetwork(TfliteNetwork&&) noexcept = default;
TfliteNetwork& TfliteNetwork::operator=(TfliteNetwork&&) noexcept = default;
TfliteNetwork::~TfliteNetwork() = default;

Result<TfliteNetwork> TfliteNetwork::load(const std::filesystem::path& file,
                                          const std::string& title, int side,
                                          const std::vector<std::int64_t>& outputCounts) {
    STRATA_ASSIGN(const auto model, readTflite(file));
    const auto another = [&] {
        return Error{ErrorCode::BadFormat, quoted(file) + " is a tflite graph, but not the " +
                                               title + ": its inputs or outputs differ."};
    };
    const auto shape = [&](int tensor) { return model.tensors[std::size_t(tensor)].data.shape; };
    if (model.inputs.size() != 1 || shape(model.inputs[0]) != nn::Shape{1, side, side, 3} ||
        model.outputs.size() != outputCounts.size())
        return another();
    for (std::size_t i = 0; i < outputCounts.size(); ++i)
        if (nn::boundedCount(shape(model.outputs[i]), outputCounts[i]) != outputCounts[i])
            return another();
    auto graph = nn::TfliteGraph::create(model);
    if (!graph)
        return Error{graph.error().code, "The " + title + " in " + quoted(file) +
                                             " cannot be used: " + graph.error().message};
    return TfliteNetwork(std::make_unique<Impl>(Impl{title, std::move(*graph)}));
}

Result<std::vector<std::vector<float>>> TfliteNetwork::run(std::span<const float> rgb) const {
    return nn::inferring(
        "Running the " + m_impl->title, [&]() -> Result<std::vector<std::vector<float>>> {
            const auto& shape = m_impl->graph.inputShapes().front();
            TORCH_CHECK(std::int64_t(rgb.size()) == shape[1] * shape[2] * 3,
                        "the picture has the wrong size");
            const auto input = torch::from_blob(const_cast<float*>(rgb.data()), shape);
            std::vector<std::vector<float>> outputs;
            for (const auto& output : m_impl->graph.run({input})) {
                const auto* values = output.data_ptr<float>();
                outputs.emplace_back(values, values + output.numel());
            }
            return outputs;
        });
}

} // namespace strata
