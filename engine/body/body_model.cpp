// SPDX-License-Identifier: Apache-2.0
#include "engine/body/body_model.h"

#include "engine/body/body_arrays.h"
#include "engine/formats/npz.h"
#include "engine/formats/pickle.h"

#include <algorithm>
#include <cctype>

namespace strata {
namespace {

bool isPickle(const std::filesystem::path& path) {
    std::string extension = path.extension().string();
    std::transform(extension.begin(), extension.end(), extension.begin(),
                   [](unsigned char c) { return char(std::tolower(c)); });
    return extension == ".pkl" || extension == ".pickle";
}

} // namespace

Result<BodyModel> loadBody(const std::filesystem::path& path, const BodyModel* freeBody) {
    STRATA_ASSIGN(const ArrayMap arrays, isPickle(path) ? readPickleArrays(path) : readNpz(path));
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
