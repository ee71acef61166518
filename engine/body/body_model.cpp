// SPDX-License-Identifier: Apache-2.0
#include "engine/body/body_model.h"

#include "engine/body/body_arrays.h"
#include "engine/formats/npz.h"

namespace strata {

Result<BodyModel> loadBody(const std::filesystem::path& path, const BodyModel* freeBody) {
    STRATA_ASSIGN(const ArrayMap arrays, readNpz(path));
    STRATA_ASSIGN(BodyModel model, bodyFromArrays(arrays, path.filename().string()));
    if (model.uvFaces.empty()) {
        if (freeBody)
            borrowAppearance(model, *freeBody);
        else
            fillMissingAppearance(model);
    }
    return model;
}

} // namespace strata
