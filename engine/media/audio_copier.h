// SPDX-License-Identifier: Apache-2.0
// Internal to engine/media.
#pragma once

#include "engine/media/av_handles.h"
#include "engine/media/video_writer.h"

namespace strata::media {

/// Copies the audio packets of one file into another that is being written, in step with its
/// pictures.
class AudioCopier {
public:
    /// Opens the source; no audio there, or a kind that the container cannot hold, is told by
    /// note().
    Status open(const AudioCopy& copy, const AVFormatContext& target);
    /// Adds the stream to the file to be written, before its header is.
    Status addStream(AVFormatContext* target);
    bool active() const { return m_source != nullptr; }
    const std::string& note() const { return m_note; }

    /// Writes every packet that starts before `seconds` of the new file.
    int copyUntil(AVFormatContext* target, double seconds);

private:
    bool readNext();

    InputPtr m_source;
    PacketPtr m_packet = newPacket();
    bool m_waiting = false; // m_packet is still to be written
    bool m_ended = false;
    bool m_skipsStart = false; // the container has edit lists
    int m_from = -1;
    int m_to = -1;
    std::int64_t m_origin = 0; // in the source stream's ticks
    std::optional<std::int64_t> m_stop;
    std::string m_note;
};

} // namespace strata::media
