// SPDX-License-Identifier: Apache-2.0
// make_golden_recipe SEED WEIGHTS.npz RECIPE.txt: finds out how the weights of a golden file were
// made and writes it down. Not a part of the tests; run when the golden data change.
// make_golden_recipe strip IN.npz OUT.npz NAME...: without arrays whose names begin so.
#include "engine/formats/npz.h"
#include "engine/formats/zip_archive.h"
#include "tests/support/weight_recipe.h"

#include <cmath>
#include <cstdio>
#include <fstream>

using namespace strata;
using strata::test::NormalDraws;
using strata::test::WeightRecipe;

namespace {

/// Names in the order of the file, which is that of the draws.
std::vector<std::string> namesOf(const std::string& path) {
    std::vector<std::string> names;
    if (const auto file = mapFile(path))
        if (const auto archive = ZipArchive::open(*file))
            for (const auto& entry : archive->entries())
                names.push_back(entry.name.substr(0, entry.name.size() - 4));
    return names;
}

constexpr std::pair<double, double> kScales[] = {{1, 0.25}, {0, 0.15}, {0, 0.5}, {0, 0.3}, {0, 1}};

double smallestStep(const std::vector<float>& values) {
    double least = INFINITY;
    for (const float value : values)
        if (value != 0)
            least = std::min(least, double(std::abs(value)));
    return least;
}

WeightRecipe::Tensor recipeOf(const std::string& name, const Array& array, NormalDraws& draws) {
    WeightRecipe::Tensor tensor;
    tensor.name = name;
    tensor.shape = array.shape;
    const auto wanted = array.toFloats();
    tensor.kind = name.ends_with(".pe") ? "positions" : "grid";
    tensor.factor = smallestStep(wanted);
    std::vector<WeightRecipe::Tensor> candidates{tensor};
    if (tensor.kind != "positions")
        for (const auto& [centre, factor] : kScales) {
            tensor.kind = "around";
            tensor.centre = centre;
            tensor.factor = factor;
            candidates.push_back(tensor);
        }
    // Positions were computed with single precision there.
    const float allowed = name.ends_with(".pe") ? 1e-5f : 0.0f;
    const NormalDraws before = draws;
    std::size_t fewest = wanted.size() + 1;
    for (auto candidate : candidates) {
        NormalDraws copy = before;
        const auto made = WeightRecipe::values(candidate, copy);
        for (std::size_t i = 0; i < wanted.size(); ++i)
            if (std::abs(made[i] - wanted[i]) > allowed)
                candidate.exceptions.emplace_back(i, wanted[i]);
        if (candidate.exceptions.size() < fewest) {
            fewest = candidate.exceptions.size();
            tensor = candidate;
            draws = copy;
        }
    }
    return tensor;
}

} // namespace

int main(int argc, char** argv) {
    if (argc < 4)
        return 2;
    const bool strip = std::string(argv[1]) == "strip";
    auto arrays = readNpz(argv[2]);
    if (!arrays) {
        std::fprintf(stderr, "%s\n", arrays.error().message.c_str());
        return 1;
    }
    if (strip) {
        for (int i = 4; i < argc; ++i)
            std::erase_if(*arrays, [name = argv[i]](const auto& entry) {
                return entry.first.starts_with(name);
            });
        return writeNpz(argv[3], *arrays) ? 0 : 1;
    }
    WeightRecipe recipe;
    recipe.seed = std::uint32_t(std::stoul(argv[1]));
    NormalDraws draws(recipe.seed);
    std::size_t exceptions = 0, values = 0;
    for (const auto& name : namesOf(argv[2])) {
        const auto plain = name.starts_with("w/") ? name.substr(2) : name;
        recipe.tensors.push_back(recipeOf(plain, arrays->at(name), draws));
        const auto& last = recipe.tensors.back();
        exceptions += last.exceptions.size();
        values += std::size_t(arrays->at(name).count());
        if (last.exceptions.size() > 20)
            std::printf("%s: %zu exceptions\n", plain.c_str(), last.exceptions.size());
    }
    std::printf("%zu tensors, %zu values, %zu exceptions\n", recipe.tensors.size(), values,
                exceptions);
    std::ofstream(argv[3]) << recipe.text();
    return 0;
}
