// SPDX-License-Identifier: Apache-2.0
#include "packaging/gpu/program/report.h"

#include <cstring>

int main(int count, char** words) {
    using namespace strata::gpu;
    const Arguments arguments(count, words);
    const std::string command = count > 1 ? words[1] : "";
    if (command == "kernels")
        return checkKernels(arguments);
    if (command == "golden")
        return checkGolden(arguments);
    if (command == "bench")
        return measure(arguments);
#ifdef STRATA_HAS_TRAINING
    if (command == "train")
        return train(arguments);
    if (command == "coder")
        return scoreCoder(arguments);
#endif
    std::puts("strata_gpu kernels [--out FILE]\n"
              "strata_gpu golden [--device cuda] [--precisions fp32,fp16,bf16] [--out FILE]\n"
              "strata_gpu bench [--device cuda] [--network official] [--precisions bf16,fp16]\n"
              "    [--sizes 512,784] [--frames 24,150] [--steps 25] [--repeats 2]\n"
              "    [--formulations saved,plain] [--checks yes] [--out FILE]\n"
              "strata_gpu train --out FOLDER, with the options of 'strata train run'\n"
              "strata_gpu coder --from FOLDER, with the options of 'strata eval coder'");
    return 2;
}
