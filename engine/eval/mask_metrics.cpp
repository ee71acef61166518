// SPDX-License-Identifier: Apache-2.0
#include "engine/eval/mask_metrics.h"

#include "engine/eval/distance.h"

#include <algorithm>
#include <cmath>
#include <string>

namespace strata {
namespace {

std::string nameOf(Size size) {
    return std::to_string(size.width) + "x" + std::to_string(size.height);
}

/// Pixels of the mask that touch a pixel of the other kind on their right, below, or diagonally
/// between the two.
std::vector<std::uint8_t> outline(const ImageU8& mask) {
    const int w = mask.width(), h = mask.height();
    std::vector<std::uint8_t> edge(std::size_t(w) * h, 0);
    for (int y = 0; y < h; ++y) {
        const std::uint8_t* row = mask.row(y);
        const std::uint8_t* below = mask.row(std::min(y + 1, h - 1));
        for (int x = 0; x < w; ++x) {
            const bool inside = row[x] > 127;
            const int right = std::min(x + 1, w - 1);
            edge[std::size_t(y) * w + x] = inside != (row[right] > 127) ||
                                           inside != (below[x] > 127) ||
                                           inside != (below[right] > 127);
        }
    }
    return edge;
}

/// Part of `edge` that lies within `radius` of `other`; 1 when there is no edge.
double shareNear(const std::vector<std::uint8_t>& edge, const std::vector<std::uint8_t>& other,
                 Size size, double radius) {
    const std::vector<float> distance = squaredDistance(other, size);
    std::int64_t all = 0, near = 0;
    for (std::size_t i = 0; i < edge.size(); ++i) {
        all += edge[i];
        near += edge[i] && distance[i] <= radius * radius;
    }
    return all ? double(near) / double(all) : 1.0;
}

double boundaryF(const ImageU8& mask, const ImageU8& truth) {
    const auto found = outline(mask), wanted = outline(truth);
    const double radius = std::ceil(0.008 * std::hypot(mask.width(), mask.height()));
    const bool anyFound = std::ranges::count(found, 1) > 0;
    const bool anyWanted = std::ranges::count(wanted, 1) > 0;
    if (!anyFound || !anyWanted)
        return anyFound == anyWanted ? 1.0 : 0.0;
    const double precision = shareNear(found, wanted, mask.size(), radius);
    const double recall = shareNear(wanted, found, mask.size(), radius);
    return precision + recall > 0 ? 2 * precision * recall / (precision + recall) : 0.0;
}

void accumulate(MaskReport& report, const MaskScore& score, std::int64_t frame) {
    report.mean.iou += score.iou;
    report.mean.precision += score.precision;
    report.mean.recall += score.recall;
    report.mean.boundary += score.boundary;
    if (report.frames.empty() || score.iou < report.worstIou) {
        report.worstIou = score.iou;
        report.worstFrame = frame;
    }
    report.frames.push_back(score);
}

} // namespace

Result<MaskScore> scoreMask(const ImageU8& mask, const ImageU8& truth) {
    if (mask.size() != truth.size() || mask.channels() != 1 || truth.channels() != 1 ||
        mask.empty())
        return Error{ErrorCode::ShapeMismatch, "A mask of " + nameOf(mask.size()) +
                                                   " cannot be compared with a true mask of " +
                                                   nameOf(truth.size()) + "."};
    std::int64_t both = 0, found = 0, wanted = 0;
    for (std::size_t i = 0; i < mask.count(); ++i) {
        const bool a = mask.data()[i] > 127, b = truth.data()[i] > 127;
        both += a && b;
        found += a;
        wanted += b;
    }
    MaskScore score;
    const std::int64_t either = found + wanted - both;
    score.iou = either ? double(both) / double(either) : 1.0;
    score.precision = found ? double(both) / double(found) : 1.0;
    score.recall = wanted ? double(both) / double(wanted) : 1.0;
    score.boundary = boundaryF(mask, truth);
    return score;
}

Result<MaskReport> scoreMasks(MaskSource& mask, MaskSource& truth, const JobContext& context) {
    if (mask.frameCount() != truth.frameCount())
        return Error{ErrorCode::ShapeMismatch, "There are " + std::to_string(mask.frameCount()) +
                                                   " masks but " +
                                                   std::to_string(truth.frameCount()) +
                                                   " true masks; they must be of the same clip."};
    MaskReport report;
    const std::int64_t count = mask.frameCount();
    if (count == 0)
        return Error{ErrorCode::NothingToDo, "There are no masks to compare."};
    for (std::int64_t i = 0; i < count; ++i) {
        if (context.stopRequested())
            return cancelled();
        STRATA_ASSIGN(const auto a, mask.frame(i));
        STRATA_ASSIGN(const auto b, truth.frame(i));
        STRATA_ASSIGN(const MaskScore score, scoreMask(*a, *b));
        accumulate(report, score, i);
        context.progress("masks", i + 1, count);
    }
    for (double* value :
         {&report.mean.iou, &report.mean.precision, &report.mean.recall, &report.mean.boundary})
        *value /= double(count);
    return report;
}

} // namespace strata
