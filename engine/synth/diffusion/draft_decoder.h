// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/synth/diffusion/frame_stack.h"

#include <vector>

namespace strata {

/// Rough pictures from latents in no time, for any picture coder: each colour is a linear function
/// of the latent's channels and a constant, fitted by least squares to pictures whose latents are
/// known.
class DraftDecoder {
public:
    /// Pictures of -1..1 with their scaled latents; sides of the pictures are those of the latents
    /// times a whole number.
    void learn(const FrameStack& pictures, const FrameStack& latents);
    /// Pictures it has learnt from; enough of them is no better than a few.
    int learnt() const { return m_learnt; }
    bool ready() const { return m_learnt > 0; }

    /// Pictures of 0..1, of the latents' size.
    FrameStack decode(const FrameStack& latents);

private:
    void solve();

    int m_latents = 0, m_colors = 0, m_learnt = 0;
    std::vector<double> m_squares;  // [latents + 1, latents + 1]: sums of products
    std::vector<double> m_products; // [latents + 1, colors]
    std::vector<double> m_map;      // the same; empty when there is something new to fit
};

} // namespace strata
