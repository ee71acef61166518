// SPDX-License-Identifier: Apache-2.0
// Internal to engine/media.
#pragma once

#include "engine/media/frame_loader.h"

#include <condition_variable>
#include <list>
#include <mutex>
#include <optional>
#include <thread>

namespace strata::media {

/// A loader with a memory of recent frames and, once frames are asked for in order, a thread that
/// loads the next few. A request for any other frame goes before what is still ahead. One caller at
/// a time.
class ReadAhead {
public:
    ReadAhead(std::unique_ptr<FrameLoader> loader, int ahead, int cached);
    ~ReadAhead();

    Result<LoadedFrame> get(std::int64_t frame, PixelForm form);
    const FrameLoader& loader() const { return *m_loader; }

private:
    struct Item {
        std::int64_t frame;
        PixelForm form;
        LoadedFrame pixels;
    };
    struct Request {
        std::int64_t frame;
        PixelForm form;
        std::optional<Result<LoadedFrame>> answer;
    };

    void run(std::stop_token stop);
    std::optional<LoadedFrame> recall(std::int64_t frame, PixelForm form);
    void remember(std::int64_t frame, PixelForm form, const LoadedFrame& pixels);

    std::unique_ptr<FrameLoader> m_loader; // used by the thread alone once it runs
    int m_ahead;
    std::size_t m_capacity;

    std::mutex m_mutex; // guards everything below
    std::condition_variable_any m_changed;
    std::list<Item> m_recent; // newest first
    Request* m_request = nullptr;
    std::int64_t m_lastFrame = -2;
    std::int64_t m_aheadNext = 0;
    std::int64_t m_aheadEnd = 0;
    PixelForm m_aheadForm = PixelForm::Rgb8;

    std::jthread m_thread; // last: joined before the rest goes
};

} // namespace strata::media
