// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/cli/worker/progress_feed.h"
#include "engine/pipeline/job_observer.h"
#include "engine/protocol/messages.h"

#include <stop_token>

namespace strata::cli {

/// Turns what a job comes by into events. Must outlive the job's context and observer, which point
/// to it.
class JobReporter {
public:
    /// `firstFrame` of the source is the job's frame 0.
    JobReporter(protocol::JobId id, std::int64_t firstFrame, ProgressFeed::Tell tell);

    JobContext context(std::stop_token stop);
    JobObserver observer();

private:
    void tellChunk(const StoredChunk& chunk);
    void tellPeople(const std::vector<PersonSummary>& people, std::optional<int> subject);
    FrameRange inSource(FrameRange range) const {
        return {range.begin + m_firstFrame, range.end + m_firstFrame};
    }

    protocol::JobId m_id;
    std::int64_t m_firstFrame;
    ProgressFeed::Tell m_tell;
    ProgressFeed m_progress;
};

} // namespace strata::cli
