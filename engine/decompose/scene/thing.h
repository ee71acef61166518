// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/core.hpp>

#include <optional>
#include <vector>

namespace strata {

/// One connected thing in one frame.
struct Thing {
    cv::Rect box;
    cv::Mat mask; // of the box's size, 255 inside
    cv::Mat look; // colours (Lab, 8-bit) in the box
    cv::Point2d centre;
    double area = 0;
    cv::Point2d velocity; // pixels per step in the direction it is followed
};

std::vector<Thing> thingsIn(const cv::Mat& mask, const cv::Mat& lab);
void draw(const Thing& thing, cv::Mat& mask);

/// Whether both can be the same thing a frame apart: of similar size and close by.
bool samePlace(const Thing& a, const Thing& b);
const Thing* partnerOf(const Thing& thing, const std::vector<Thing>& others);

/// Looks for the thing in the next frame, along the way its velocity takes it and round that.
/// Nothing when no place looks like it. `human`: alpha of the person there, 8-bit.
std::optional<Thing> carriedOn(const Thing& thing, const cv::Mat& lab, const cv::Mat& human);

/// `found`, the thing as the next frame shows it by itself, with the parts of it that were not told
/// from the person there (a ball's side at a shoe of its colour), where they still look as before.
/// `human` as above.
Thing completed(const Thing& found, const Thing& thing, const cv::Mat& lab, const cv::Mat& human);

} // namespace strata
