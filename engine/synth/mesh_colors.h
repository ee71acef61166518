// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/synth/subject_view.h"

namespace strata {

/// Colours for every vertex: the mean of what the atlas knows around it, flown over the mesh's
/// edges (not over the atlas, whose seams are cuts) to where it knows nothing. color [S, S, 3]
/// holds (1 - open) times the colour.
std::vector<glm::vec3> spreadOverMesh(const BodyModel& model, const RasterBuffers& atlas,
                                      const ImageF& color, const ImageF& open);

/// Gives texels outside every chart (open = 1) the colour of the nearest painted ones, so that
/// filtering over a chart's edge finds its own colour.
void fillOutsideCharts(ImageF& color, ImageF& open);

} // namespace strata
