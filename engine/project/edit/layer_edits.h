// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/result.h"
#include "engine/project/project.h"

namespace strata {

/// Brings the layer to `index` of the list that results (0 is the back; clamped). The scene stays
/// where it is, behind all others.
///
///     [scene a b C d]  moveLayer(C, 1)  [scene C a b d]
Result<Project> moveLayer(Project project, LayerId id, std::int64_t index);
Result<Project> renameLayer(Project project, LayerId id, std::string name);
Result<Project> setLayerVisible(Project project, LayerId id, bool visible);
Result<Project> setLayerSolo(Project project, LayerId id, bool solo);
Result<Project> setLayerLocked(Project project, LayerId id, bool locked);
/// Also the colour of the layer's person.
Result<Project> setLayerColor(Project project, LayerId id, LabelColor color);
// Clamped to what Layer says; Usage when the value is no number or the layer is locked.
Result<Project> setLayerOpacity(Project project, LayerId id, double opacity);
Result<Project> setLayerTrim(Project project, LayerId id, MatteTrim trim);

} // namespace strata
