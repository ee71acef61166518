// SPDX-License-Identifier: Apache-2.0
#include "ui/playback/frame_cache.h"

namespace strata::ui {

void FrameCache::setLimit(std::size_t bytes) {
    m_limit = bytes;
    evict();
}

void FrameCache::put(const Key& key, LayerImage image) {
    if (const auto old = m_items.find(key); old != m_items.end())
        remove(old);
    m_order.push_front(key);
    m_bytes += image.bytes();
    m_items.emplace(key, Item{std::move(image), m_order.begin()});
    evict();
}

const LayerImage* FrameCache::find(const Key& key) const {
    const auto found = m_items.find(key);
    return found == m_items.end() ? nullptr : &found->second.image;
}

const LayerImage* FrameCache::use(const Key& key) {
    const auto found = m_items.find(key);
    if (found == m_items.end())
        return nullptr;
    m_order.splice(m_order.begin(), m_order, found->second.place);
    return &found->second.image;
}

void FrameCache::removeIf(const std::function<bool(const Key&)>& gone) {
    for (auto item = m_items.begin(); item != m_items.end();)
        item = gone(item->first) ? remove(item) : std::next(item);
}

void FrameCache::clear() {
    m_items.clear();
    m_order.clear();
    m_bytes = 0;
}

std::vector<FrameRange> FrameCache::ranges(LayerKind layer, int reduction) const {
    std::vector<FrameRange> joined;
    for (auto item = m_items.lower_bound({layer, 0, 0});
         item != m_items.end() && item->first.layer == layer; ++item) {
        const auto frame = item->first.frame;
        if (item->first.reduction != reduction)
            continue;
        if (!joined.empty() && joined.back().end == frame)
            joined.back().end = frame + 1;
        else
            joined.push_back({frame, frame + 1});
    }
    return joined;
}

std::map<FrameCache::Key, FrameCache::Item>::iterator
FrameCache::remove(std::map<Key, Item>::iterator item) {
    m_bytes -= item->second.image.bytes();
    m_order.erase(item->second.place);
    return m_items.erase(item);
}

void FrameCache::evict() {
    auto oldest = m_order.end();
    while (m_bytes > m_limit && oldest != m_order.begin()) {
        --oldest;
        if (oldest->frame == m_kept)
            continue;
        const Key key = *oldest;
        ++oldest; // stays valid when its predecessor goes
        remove(m_items.find(key));
    }
}

} // namespace strata::ui
