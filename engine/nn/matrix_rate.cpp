// SPDX-License-Identifier: Apache-2.0
#include <torch/torch.h>

#include "engine/nn/matrix_rate.h"

#include "engine/nn/guard.h"
#include "engine/nn/layers/products.h"
#include "engine/nn/threads.h"

#include <algorithm>
#include <chrono>

namespace strata::nn {
namespace {

constexpr int64_t kSide = 1024;
constexpr double kWork = 2.0 * kSide * kSide * kSide;
constexpr double kSeconds = 0.25; // of measuring; at least two runs are made
constexpr int kMostRuns = 30;

template <typename Multiply>
double bestRate(const Multiply& multiply) {
    using Clock = std::chrono::steady_clock;
    double best = 0, spent = 0;
    for (int run = 0; run < kMostRuns && (run < 2 || spent < kSeconds); ++run) {
        const auto start = Clock::now();
        multiply();
        const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
        best = std::max(best, kWork / seconds);
        spent += seconds;
    }
    return best / 1e9;
}

} // namespace

Result<MatrixRate> measureMatrixRate() {
    return inferring("Measuring the matrix product", []() -> Result<MatrixRate> {
        const ThreadScope threads(ThreadScope::all());
        // Not random: values do not matter to the speed, but denormal ones would.
        const auto a = torch::full({kSide, kSide}, 0.5f);
        const auto b = torch::full({kSide, kSide}, 0.25f);
        auto c = torch::empty({kSide, kSide});
        MatrixRate rate;
        rate.threads = ThreadScope::all();
        rate.blas = bestRate([&] { at::mm_out(c, a, b); });
        rate.oneDnn = bestRate([&] { c = product(a, b); });
        return rate;
    });
}

} // namespace strata::nn
