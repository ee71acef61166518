// SPDX-License-Identifier: Apache-2.0
#include "engine/pipeline/clip.h"

#include "engine/core/sha256.h"

#include <algorithm>
#include <fstream>

namespace strata {
namespace fs = std::filesystem;
namespace {

constexpr std::uintmax_t kWholeFile = 64u << 20;
constexpr int kSamples = 128;
constexpr std::size_t kSampleBytes = 64u << 10;

Result<std::string> sampledDigest(const fs::path& path, std::uintmax_t size) {
    std::ifstream file(path, std::ios::binary);
    Sha256 hash;
    hash.add(std::to_string(size));
    std::string piece(kSampleBytes, '\0');
    for (int i = 0; i < kSamples; ++i) {
        file.seekg(std::streamoff((size - kSampleBytes) / (kSamples - 1) * i));
        if (!file.read(piece.data(), std::streamsize(piece.size())))
            return Error{ErrorCode::Io, "Cannot read " + path.string() + "."};
        hash.add(piece);
    }
    return hash.hex();
}

Result<std::string> folderDigest(const fs::path& path) {
    std::vector<std::string> lines;
    std::error_code failed;
    for (fs::directory_iterator it(path, failed), end; !failed && it != end; it.increment(failed))
        if (it->is_regular_file(failed))
            lines.push_back(it->path().filename().string() + "\n" +
                            std::to_string(it->file_size(failed)) + "\n" +
                            std::to_string(it->last_write_time(failed).time_since_epoch().count()));
    if (failed)
        return Error{ErrorCode::Io, "Cannot read the folder " + path.string() + "."};
    std::sort(lines.begin(), lines.end());
    Sha256 hash;
    for (const auto& line : lines)
        hash.add(line + "\n");
    return hash.hex();
}

} // namespace

Result<std::string> contentDigest(const fs::path& path) {
    std::error_code failed;
    if (fs::is_directory(path, failed))
        return folderDigest(path);
    if (!fs::exists(path, failed))
        return folderDigest(path.parent_path().empty() ? fs::path(".")
                                                       : path.parent_path()); // a printf pattern
    const auto size = fs::file_size(path, failed);
    return !failed && size > kWholeFile ? sampledDigest(path, size) : sha256File(path);
}

Result<std::unique_ptr<Clip>> Clip::open(const ClipRequest& request) {
    auto clip = std::make_unique<Clip>();
    STRATA_ASSIGN(clip->m_reader, VideoReader::open(request.video));
    clip->m_info = clip->m_reader->info();
    const FrameRange all{0, clip->m_reader->frameCount()};
    clip->m_range = request.frames ? all.intersected(*request.frames) : all;
    if (clip->m_range.empty())
        return Error{ErrorCode::Usage, "The clip " + request.video.string() + " has " +
                                           std::to_string(all.end) +
                                           " frames, none of them in the range asked for."};
    STRATA_ASSIGN(const std::string content, contentDigest(request.video));
    clip->m_digest = sha256(content + " " + std::to_string(clip->m_range.begin) + " " +
                            std::to_string(clip->m_range.end));
    return clip;
}

Result<std::unique_ptr<Clip>> Clip::openPicked(const fs::path& video,
                                               std::vector<std::int64_t> picked, Rational fps) {
    auto clip = std::make_unique<Clip>();
    STRATA_ASSIGN(clip->m_reader, VideoReader::open(video));
    if (picked.empty())
        return Error{ErrorCode::NothingToDo, "No frame of " + video.string() + " is chosen."};
    clip->m_info = clip->m_reader->info();
    clip->m_info.fps = fps;
    clip->m_info.isVariable = false;
    clip->m_info.hasAudio = false;
    STRATA_ASSIGN(std::string text, contentDigest(video));
    for (const auto index : picked) {
        text += ' ';
        text += std::to_string(index);
    }
    clip->m_digest = sha256(text);
    clip->m_picked = std::move(picked);
    return clip;
}

double Clip::seconds(std::int64_t index) const {
    if (!m_picked.empty())
        return double(index) / m_info.fps.value();
    return m_reader->frameTime(m_range.begin + index).value() -
           m_reader->frameTime(m_range.begin).value();
}

std::optional<FrameTiming> Clip::timing() const {
    if (!m_info.isVariable)
        return {};
    return m_reader->timing().cut(m_range);
}

std::optional<std::pair<Rational, Rational>> Clip::soundSpan() const {
    if (!m_info.hasAudio)
        return {};
    const auto onClock = [&](std::int64_t frame) {
        const Rational a = m_info.startTime, b = m_reader->frameTime(frame);
        return Rational(a.num * b.den + b.num * a.den, a.den * b.den);
    };
    return std::pair(onClock(m_range.begin), onClock(m_range.end));
}

} // namespace strata
