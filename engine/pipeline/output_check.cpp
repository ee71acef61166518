// SPDX-License-Identifier: Apache-2.0
#include "engine/pipeline/output_check.h"

#include <unistd.h>

namespace strata {
namespace fs = std::filesystem;
namespace {

Status checkWritable(const fs::path& folder, const fs::path& wanted) {
    std::error_code failed;
    if (!fs::is_directory(folder, failed))
        return Error{ErrorCode::Io, "Cannot write " + wanted.string() + ": there is no folder " +
                                        folder.string() + "."};
    if (::access(folder.c_str(), W_OK) != 0)
        return Error{ErrorCode::Io, "Cannot write " + wanted.string() + ": the folder " +
                                        folder.string() + " is not writable."};
    return ok();
}

fs::path parentOf(const fs::path& path) {
    return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

} // namespace

Status checkOutputFile(const fs::path& file) {
    if (file.empty())
        return Error{ErrorCode::Usage, "No output file is named."};
    std::error_code failed;
    if (fs::is_directory(file, failed))
        return Error{ErrorCode::Usage, file.string() + " is a folder; name the file to write."};
    return checkWritable(parentOf(file), file);
}

Status checkOutputFolder(const fs::path& folder, bool overwrite) {
    if (folder.empty())
        return Error{ErrorCode::Usage, "No output folder is named."};
    const fs::path normal = folder.lexically_normal();
    const fs::path clean = normal.has_filename() ? normal : normal.parent_path();
    std::error_code failed;
    if (fs::exists(clean, failed) && !fs::is_directory(clean, failed))
        return Error{ErrorCode::Usage, clean.string() + " is a file; name a folder to write."};
    if (fs::is_directory(clean, failed) && !fs::is_empty(clean, failed) && !overwrite)
        return Error{ErrorCode::Usage,
                     "The folder " + clean.string() +
                         " is not empty; give another one, or --overwrite to replace it."};
    return checkWritable(parentOf(clean), clean);
}

} // namespace strata
