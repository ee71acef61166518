// SPDX-License-Identifier: Apache-2.0
#pragma once

// A kernel on the CPU is written once as STRATA_INLINE functions and compiled several times: for
// any processor, and inside functions with one of these attributes for those that have wider
// vectors. Vectors are those of GCC and Clang.
#if defined(__x86_64__)
#define STRATA_X86_TARGETS 1
#define STRATA_AVX2 __attribute__((target("avx2,fma")))
#define STRATA_AVX512 __attribute__((target("avx512f,avx512dq,avx512vl,avx512bw,avx2,fma")))
#else
#define STRATA_X86_TARGETS 0
#endif
#define STRATA_INLINE inline __attribute__((always_inline))

namespace strata::nn {

/// What a kernel is compiled for; each can run what stands before it.
enum class CpuTarget { Any, Avx2, Avx512 };

/// The best one that the processor at hand can run.
inline CpuTarget cpuTarget() {
#if STRATA_X86_TARGETS
    const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    const bool avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
                        __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw");
    return avx2 && avx512 ? CpuTarget::Avx512 : avx2 ? CpuTarget::Avx2 : CpuTarget::Any;
#else
    return CpuTarget::Any;
#endif
}

} // namespace strata::nn
