// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/synth/diffusion/frame_assembler.h"
#include "engine/synth/diffusion/roi_clips.h"
#include "engine/synth/diffusion/sampler.h"

#include <functional>
#include <optional>
#include <vector>

namespace strata {

struct GeneratorSettings {
    Size picture{784, 784}; // what the networks see; floored to multiples of 8
    SamplerSettings sampler;
    RoiConfig roi;
    PieceLayerOptions layer;
    std::uint64_t seed = 42;
    std::uint32_t stream = 0; // see NoiseKey
    /// As the published system: all clips in one row under the sampler's windows, its noise, frame
    /// limit and compositing. releaseSettings() sets what belongs to it.
    bool release = false;
    /// The published animation mode: one box for all frames, a white scene, the network's pictures
    /// instead of frames. Layers are not looked at.
    bool animation = false;
    /// The networks take what is in front as a condition (nn::MimoConfig::occluder): where there is
    /// no such layer they are given black pictures.
    bool takesOccluder = false;
    /// They take sketches, too (nn::MimoConfig::sketch), and correct them: needs
    /// GeneratorInputs::sketch. Not with `release` or `animation`.
    bool takesSketch = false;
    std::vector<ImageF> masks; // release: the sixteen edge masks; empty for generated ones
};

/// Settings that reproduce the published system, mistakes included.
GeneratorSettings releaseSettings(Arithmetic arithmetic = Arithmetic::Half);

/// Where the square that the networks see lies in a frame: x in the square is (x - left) * scale.
struct SquareView {
    float left = 0, top = 0, scale = 1;
    int side = 0; // pixels of the square
};

/// Motion codes that are no colours, drawn at the size that the networks see.
class BodyPictures {
public:
    virtual ~BodyPictures() = default;
    virtual int channels() const = 0; // of the code
    /// code: [channels, side, side].
    virtual Status draw(std::int64_t frame, const SquareView& view, std::span<float> code) = 0;
};

/// What is generated from; all streams of the motion's size and length.
struct GeneratorInputs {
    ColorSource* motion = nullptr; // motion code pictures, RGB on black: where the person is
    AssemblyLayers layers;
    BodyPictures* body = nullptr;  // null: the networks see what is cut out of `motion`
    ColorSource* sketch = nullptr; // whole frames as they look without networks
    /// The same in more than 8 bits, and where they go when they are corrected, instead of `out`.
    DeepColorSource* deepSketch = nullptr;
    DeepColorSink* deepOut = nullptr;
    bool isDeep() const { return deepSketch && deepOut; }
};

/// Runs are parts that are sampled as one: a clip each, or with `release` all in one. Saved states
/// belong to a run.
struct GeneratorHooks {
    std::function<SamplerHooks(int run)> sampler;
    std::function<std::optional<SamplerState>(int run)> saved;
};

/// From layers to finished frames: boxes, conditions, noise, sampling, decoding, compositing.
/// Memory does not grow with the length of the clip, except with `release`, which takes 150 frames
/// at most.
class ClipGenerator {
public:
    ClipGenerator(DenoiserBackend& backend, GeneratorSettings settings, GeneratorHooks hooks = {});

    /// Who is to be seen: RGB with matte. Once, before generate().
    Status setReference(const ImageU8& rgba, std::stop_token stop);
    /// The same with the square picture on white that the networks shall see (RGB), and with tokens
    /// for those that take such (ReferenceInput).
    Status setReference(const ImageU8& square, FrameStack tokens, std::stop_token stop);
    /// Only the frames `only`, which keep their numbers; not with `release` or `animation`. Where
    /// they show nobody, sketches are given as they are.
    Status generate(const GeneratorInputs& inputs, ColorSink& out, const JobContext& job,
                    std::optional<FrameRange> only = {});

private:
    struct Entry { // one picture of a run
        std::size_t clip;
        std::int64_t frame;
    };
    using Run = std::vector<Entry>;

    Result<std::vector<RoiClip>> findClips(ColorSource& motion, FrameRange frames,
                                           const JobContext& job) const;
    Status copySketches(const GeneratorInputs& inputs, FrameRange frames, ColorSink& out,
                        const JobContext& job) const;
    std::unique_ptr<FrameAssembler> assemblerFor(const GeneratorInputs& inputs,
                                                 ColorSink& out) const;
    Status setConditions(const GeneratorInputs& inputs, const Run& run, const JobContext& job);
    Status readFrame(const GeneratorInputs& inputs, const Entry& entry, int at,
                     ConditionInput& input) const;
    Status drawBody(const GeneratorInputs& inputs, const Entry& entry, const RectI& box, int at,
                    ConditionInput& input) const;
    Result<ImageU8> occluderOf(const GeneratorInputs& inputs, std::int64_t frame,
                               const RectI& box) const;
    Result<FrameStack> denoise(int number, const Run& run, const JobContext& job);
    Status decode(const GeneratorInputs& inputs, const FrameStack& latents, const Run& run,
                  FrameAssembler& assembler, const JobContext& job);
    /// What the networks see of one of the inputs: [1, 3, H, W] in -1..1
    Result<FrameStack> squareOf(ColorSource& source, const GeneratorInputs& inputs,
                                const Entry& entry) const;
    /// Takes off what the picture coder makes of the sketches.
    Status leaveCorrections(const GeneratorInputs& inputs, std::span<const Entry> entries,
                            FrameStack& pictures, std::stop_token stop);

    DenoiserBackend& m_backend;
    GeneratorSettings m_settings;
    GeneratorHooks m_hooks;
    Size m_picture;
    std::vector<RoiClip> m_clips; // of the call of generate() that is running
};

} // namespace strata
