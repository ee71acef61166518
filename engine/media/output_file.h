// SPDX-License-Identifier: Apache-2.0
// Internal to engine/media.
#pragma once

#include "engine/core/atomic_file.h"
#include "engine/media/audio_copier.h"

namespace strata::media {

/// A media file being written under a temporary name: one video stream and perhaps copied audio.
class OutputFile {
public:
    explicit OutputFile(const std::filesystem::path& target)
        : m_file(target) {}
    ~OutputFile();

    /// Creates the file with one video stream described by `video`, whose packets come in
    /// `timeBase`.
    Status open(const AVCodecParameters& video, AVRational timeBase, AVRational fps,
                const std::optional<AudioCopy>& audio);
    /// Whether the container wants codec headers apart from the packets; known before open().
    Result<bool> wantsGlobalHeader();
    /// Writes a video packet (times in `timeBase` of open()) and the audio up to it.
    Status write(AVPacket* packet);
    /// The rest of the audio up to `seconds`, the index; then the file gets its name.
    Status finish(double seconds);

    const std::string& audioNote() const { return m_audio.note(); }

private:
    Status allocate();
    Error failure(int code) const;

    AtomicFile m_file;
    AVFormatContext* m_context = nullptr;
    AVRational m_timeBase{1, 1};
    AudioCopier m_audio;
    bool m_started = false; // the header is written
};

} // namespace strata::media
