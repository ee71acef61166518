// SPDX-License-Identifier: Apache-2.0
#include "engine/perception/person_detector.h"

#include "engine/core/parallel.h"
#include "engine/perception/checks.h"
#include "engine/perception/detection_boxes.h"
#include "engine/perception/tflite_network.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>

namespace strata {
namespace {

constexpr float kSameFace = 0.3f; // overlap above which two boxes are one face

// A square part of the frame, which may reach beyond it.
struct Square {
    int x = 0, y = 0, side = 0;
};

// The square in [-1, 1], black beyond the frame.
std::vector<float> pixels(const ImageU8& rgb, const Square& square) {
    const cv::Mat frame(rgb.height(), rgb.width(), CV_8UC3, const_cast<std::uint8_t*>(rgb.data()));
    const cv::Rect inside = cv::Rect(square.x, square.y, square.side, square.side) &
                            cv::Rect(0, 0, frame.cols, frame.rows);
    const double scale = double(kDetectorSide) / square.side;
    const auto scaled = [&](int v) { return int(std::lround(v * scale)); };
    const int x0 = scaled(inside.x - square.x), y0 = scaled(inside.y - square.y);
    const int x1 = std::max(x0 + 1, scaled(inside.x - square.x + inside.width));
    const int y1 = std::max(y0 + 1, scaled(inside.y - square.y + inside.height));
    cv::Mat box(kDetectorSide, kDetectorSide, CV_8UC3, cv::Scalar::all(0));
    cv::Mat target =
        box(cv::Rect(x0, y0, x1 - x0, y1 - y0) & cv::Rect(0, 0, kDetectorSide, kDetectorSide));
    cv::resize(frame(inside), target, target.size(), 0, 0,
               scale < 1 ? cv::INTER_AREA : cv::INTER_LINEAR);
    std::vector<float> values(std::size_t(kDetectorSide) * kDetectorSide * 3);
    for (std::size_t i = 0; i < values.size(); ++i)
        values[i] = float(box.data[i]) / 127.5f - 1.f;
    return values;
}

Square letterbox(Size frame) {
    const int side = std::max(frame.width, frame.height);
    return {(frame.width - side) / 2, (frame.height - side) / 2, side};
}

// Squares over the frame at a half and a quarter of the letterbox's scale, overlapping by half.
std::vector<Square> tiles(Size frame) {
    std::vector<Square> squares;
    const int shorter = std::min(frame.width, frame.height);
    for (const int side : {shorter, shorter / 2}) {
        if (side < kDetectorSide / 2)
            continue;
        const auto steps = [&](int length) { return 1 + (2 * (length - side) + side - 1) / side; };
        const int across = steps(frame.width), down = steps(frame.height);
        for (int row = 0; row < down; ++row)
            for (int column = 0; column < across; ++column)
                squares.push_back({across > 1 ? (frame.width - side) * column / (across - 1) : 0,
                                   down > 1 ? (frame.height - side) * row / (down - 1) : 0, side});
    }
    return squares;
}

} // namespace

struct PersonDetector::Impl {
    TfliteNetwork network;
    std::vector<glm::vec2> anchors = detectorAnchors();

    Result<std::vector<PersonDetection>> look(const ImageU8& rgb, const Square& square,
                                              float minScore) const {
        STRATA_ASSIGN(const auto outputs, network.run(pixels(rgb, square)));
        auto found = decodeBoxes(outputs[0], outputs[1], anchors, minScore);
        found = joinOverlapping(std::move(found), kSameFace);
        for (auto& detection : found)
            placeInFrame(detection, {float(square.x), float(square.y)}, float(square.side));
        return found;
    }
};

PersonDetector::PersonDetector(std::unique_ptr<Impl> impl)
    : m_impl(std::move(impl)) {}
PersonDetector::PersonDetector(PersonDetector&&) noexcept = default;
PersonDetector& PersonDetector::operator=(PersonDetector&&) noexcept = default;
PersonDetector::~PersonDetector() = default;

Result<PersonDetector> PersonDetector::load(const std::filesystem::path& modelFile) {
    STRATA_ASSIGN(auto network,
                  TfliteNetwork::load(modelFile, "BlazePose detector", kDetectorSide,
                                      {kDetectorAnchors * kDetectorValues, kDetectorAnchors}));
    return PersonDetector(std::make_unique<Impl>(Impl{std::move(network)}));
}

Result<std::vector<PersonDetection>> PersonDetector::detect(const ImageU8& rgb, float minScore) {
    STRATA_TRY(requireRgb(rgb, "Person detection"));
    return m_impl->look(rgb, letterbox(rgb.size()), minScore);
}

Result<std::vector<PersonDetection>> PersonDetector::detectTiled(const ImageU8& rgb,
                                                                 float minScore) {
    STRATA_TRY(requireRgb(rgb, "Person detection"));
    auto squares = tiles(rgb.size());
    squares.push_back(letterbox(rgb.size()));
    std::vector<Result<std::vector<PersonDetection>>> looks(squares.size(),
                                                            std::vector<PersonDetection>());
    parallelFor(0, std::int64_t(squares.size()), 1, [&](std::int64_t begin, std::int64_t end) {
        for (auto i = std::size_t(begin); i < std::size_t(end); ++i)
            looks[i] = m_impl->look(rgb, squares[i], minScore);
    });
    std::vector<PersonDetection> found;
    for (auto& look : looks) {
        STRATA_ASSIGN(const auto more, std::move(look));
        found.insert(found.end(), more.begin(), more.end());
    }
    return dropRepeated(std::move(found), kSameFace);
}

} // namespace strata
