// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/decompose/fit/torch_body.h" // brings torch; must come first

#include "engine/decompose/fit/body_fit.h"
#include "engine/decompose/fit/landmark_map.h"

namespace strata {

/// What all frames share, besides the camera's place.
struct FitShared {
    torch::Tensor betas;    // [10]
    torch::Tensor offsets;  // [17, 3] metres: landmarks against the map's points, left side; right
                            // is its mirror
    torch::Tensor logFocal; // [] natural logarithm of focal / first guess
    FitShared clone() const;
};

/// The energy of one chunk of frames, and the parameters it is a function of.
class FitProblem {
public:
    FitProblem(const BodyModel& model, const LandmarkMap& map, std::span<const FitFrame> frames,
               const Camera& camera, double fps, float smoothness);

    void start(const std::vector<BodyPose>& poses, const FitShared& shared);
    void holdShared(bool betas, bool offsets, bool focal); // which of the shared are not to change

    /// Minimises; false when stopped.
    bool minimise(int iterations, const JobContext& context);

    std::vector<BodyPose> poses() const;
    FitShared shared() const { return m_shared.clone(); }
    torch::Tensor landmarks() const; // [T, 33, 3] of the present parameters, without autograd
    torch::Tensor project(const torch::Tensor& points) const; // [..., 3] -> [..., 2] pixels

private:
    /// The iterations up to `end` and from `begin` on.
    bool approach(int end, int iterations, const JobContext& context);
    bool settle(int begin, int iterations, const JobContext& context);

    struct State {
        torch::Tensor local, joints, points; // [T, 24, 3, 3], [T, 24, 3], [T, 33, 3] in the world
        torch::Tensor stature;               // [] size of the shaped body over that of the mean one
    };
    State evaluate() const;
    torch::Tensor energy(const State& state) const;
    torch::Tensor pictureTerm(const torch::Tensor& points) const;
    torch::Tensor directionTerm(const torch::Tensor& points) const;
    torch::Tensor poseTerm(const torch::Tensor& local) const;
    torch::Tensor sharedTerm() const;
    torch::Tensor smoothTerm(const State& state) const;
    torch::Tensor contactTerm(const State& state) const;
    void readFrames(std::span<const FitFrame> frames);
    std::vector<std::size_t> seenHeads() const;
    void findContacts(std::span<const FitFrame> frames);

    TorchBody m_body;
    Camera m_camera;
    double m_fps;
    float m_smoothness;
    torch::Tensor m_mapPoints, m_mapDirs, m_mapWeights, m_mirror; // [33, 3], [33, 3, 10], [33, 24]
    torch::Tensor m_offsetIndex, m_offsetSign;                    // [33], [33, 3]
    torch::Tensor m_seen;                                         // [T] 1 or 0
    torch::Tensor m_marks;                                        // [T, 33, 2] pixels
    torch::Tensor m_markWeights;                                  // [T, 33]
    torch::Tensor m_headTrust;                                    // [T, 1, 1, 1] 0..1
    torch::Tensor m_directions;                                   // [T, B, 3] unit
    torch::Tensor m_directionWeights;                             // [T, B]
    torch::Tensor m_contacts;    // [T - 1, 4] heels and toes that stand still to the next frame
    torch::Tensor m_columns;     // [T, 22, 6]
    torch::Tensor m_translation; // [T, 3]
    FitShared m_shared;
};

} // namespace strata
