// SPDX-License-Identifier: Apache-2.0
#include "engine/media/read_ahead.h"

#include <algorithm>

namespace strata::media {
namespace {

/// Frames that fit 96 MB, so that readers of large pictures stay small.
int framesWithin(Size size, int wanted) {
    const std::int64_t bytes = std::int64_t(size.width) * size.height * 3;
    return int(std::clamp<std::int64_t>((96LL << 20) / std::max<std::int64_t>(1, bytes), 1,
                                        std::max(1, wanted)));
}

} // namespace

ReadAhead::ReadAhead(std::unique_ptr<FrameLoader> loader, int ahead, int cached)
    : m_loader(std::move(loader)) {
    const Size size = m_loader->info().size;
    m_ahead = ahead > 0 ? framesWithin(size, ahead) : 0;
    m_capacity = std::size_t(framesWithin(size, cached) + m_ahead);
}

ReadAhead::~ReadAhead() {
    m_thread.request_stop();
    m_changed.notify_all();
}

std::optional<LoadedFrame> ReadAhead::recall(std::int64_t frame, PixelForm form) {
    for (auto it = m_recent.begin(); it != m_recent.end(); ++it)
        if (it->frame == frame && it->form == form) {
            m_recent.splice(m_recent.begin(), m_recent, it);
            return it->pixels;
        }
    return {};
}

void ReadAhead::remember(std::int64_t frame, PixelForm form, const LoadedFrame& pixels) {
    m_recent.push_front({frame, form, pixels});
    if (m_recent.size() > m_capacity)
        m_recent.pop_back();
}

Result<LoadedFrame> ReadAhead::get(std::int64_t frame, PixelForm form) {
    if (frame < 0 || frame >= m_loader->info().frameCount)
        return Error{ErrorCode::Internal,
                     "There is no frame " + std::to_string(frame) + " in this clip."};
    std::unique_lock lock(m_mutex);
    const bool inOrder = frame == m_lastFrame + 1;
    if (m_ahead > 0 && inOrder) {
        const std::int64_t end = std::min(frame + 1 + m_ahead, m_loader->info().frameCount);
        m_aheadNext = std::max(m_aheadNext, frame + 1);
        if (m_aheadNext > end || form != m_aheadForm)
            m_aheadNext = frame + 1;
        m_aheadEnd = end;
        m_aheadForm = form;
        if (!m_thread.joinable())
            m_thread = std::jthread([this](std::stop_token stop) { run(stop); });
    } else if (frame != m_lastFrame) {
        m_aheadEnd = m_aheadNext = 0;
    }
    m_lastFrame = frame;
    if (auto known = recall(frame, form)) {
        m_changed.notify_all();
        return *known;
    }
    if (!m_thread.joinable()) {
        auto loaded = m_loader->load(frame, form);
        if (loaded)
            remember(frame, form, *loaded);
        return loaded;
    }
    Request request{frame, form, {}};
    m_request = &request;
    m_changed.notify_all();
    m_changed.wait(lock, [&] { return request.answer.has_value(); });
    return std::move(*request.answer);
}

void ReadAhead::run(std::stop_token stop) {
    std::unique_lock lock(m_mutex);
    while (m_changed.wait(lock, stop, [&] { return m_request || m_aheadNext < m_aheadEnd; })) {
        const bool asked = m_request != nullptr;
        const std::int64_t frame = asked ? m_request->frame : m_aheadNext++;
        const PixelForm form = asked ? m_request->form : m_aheadForm;
        std::optional<Result<LoadedFrame>> answer;
        if (auto known = recall(frame, form)) {
            answer = *known;
        } else {
            lock.unlock();
            answer = m_loader->load(frame, form);
            lock.lock();
            if (*answer)
                remember(frame, form, **answer);
        }
        if (asked) {
            m_request->answer = std::move(answer);
            m_request = nullptr;
            m_changed.notify_all();
        }
        if (stop.stop_requested())
            return;
    }
}

} // namespace strata::media
