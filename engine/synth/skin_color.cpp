// SPDX-License-Identifier: Apache-2.0
#include "engine/synth/skin_color.h"

namespace strata {

bool hasSkinHue(const glm::vec3& color, const glm::vec3& skin, float paler) {
    const glm::vec3 have = color / (color.r + color.g + color.b + 1e-4f);
    const glm::vec3 want = skin / (skin.r + skin.g + skin.b + 1e-4f);
    const float red = have.r - want.r, green = have.g - want.g;
    return red > -paler && red < 0.22f && green > -0.12f && green < 0.06f;
}

} // namespace strata
