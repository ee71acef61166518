// SPDX-License-Identifier: Apache-2.0
#include "engine/media/input_file.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace strata::media {
namespace fs = std::filesystem;
namespace {

bool isRefused(const AVInputFormat* format) {
    static constexpr std::array<std::string_view, 9> refused{
        "tty", "concat", "hls", "dash", "bin", "xbin", "adf", "idf", "webm_dash_manifest"};
    return std::find(refused.begin(), refused.end(), std::string_view(format->name)) !=
           refused.end();
}

Error notAVideo(const fs::path& path) {
    return {ErrorCode::BadFormat, path.string() + " is not a video, or is damaged beyond reading."};
}

} // namespace

Result<InputPtr> openInput(const fs::path& path) {
    silenceFfmpeg();
    std::error_code failed;
    const auto status = fs::status(path, failed);
    if (!fs::exists(status))
        return Error{ErrorCode::NotFound, "There is no file " + path.string() + "."};
    if (!fs::is_regular_file(status))
        return Error{ErrorCode::BadFormat, path.string() + " is not a file."};
    if (fs::file_size(path, failed) == 0)
        return Error{ErrorCode::BadFormat, path.string() + " is empty."};

    AVDictionary* options = nullptr;
    av_dict_set(&options, "protocol_whitelist", "file", 0);
    AVFormatContext* raw = nullptr;
    const int opened =
        avformat_open_input(&raw, ("file:" + path.string()).c_str(), nullptr, &options);
    av_dict_free(&options);
    InputPtr file(raw);
    if (opened == AVERROR(EACCES))
        return Error{ErrorCode::Io, "There is no permission to read " + path.string() + "."};
    if (opened < 0 || isRefused(file->iformat))
        return notAVideo(path);
    if (avformat_find_stream_info(file.get(), nullptr) < 0)
        return notAVideo(path);
    return file;
}

Result<int> findVideoStream(AVFormatContext* file, const fs::path& path) {
    const int stream = av_find_best_stream(file, AVMEDIA_TYPE_VIDEO, -1, -1, nullptr, 0);
    if (stream < 0 || (file->streams[stream]->disposition & AV_DISPOSITION_ATTACHED_PIC))
        return Error{ErrorCode::BadFormat, path.string() + " has no video stream."};
    return stream;
}

int findAudioStream(AVFormatContext* file) {
    return std::max(-1, av_find_best_stream(file, AVMEDIA_TYPE_AUDIO, -1, -1, nullptr, 0));
}

} // namespace strata::media
