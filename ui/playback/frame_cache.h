// SPDX-License-Identifier: Apache-2.0
// Internal to ui/playback.
#pragma once

#include "engine/core/time.h"
#include "ui/playback/layer_image.h"

#include <compare>
#include <functional>
#include <list>
#include <map>
#include <vector>

namespace strata::ui {

/// Layers of frames in memory, up to a number of bytes; least recently used goes first. The frame
/// on screen is kept whatever it takes. Not for several threads at once.
class FrameCache {
public:
    struct Key {
        LayerKind layer;
        std::int64_t frame;
        int reduction;
        auto operator<=>(const Key&) const = default;
    };

    explicit FrameCache(std::size_t limit)
        : m_limit(limit) {}

    void setLimit(std::size_t bytes);
    /// The frame that must stay.
    void keep(std::int64_t frame) { m_kept = frame; }

    void put(const Key& key, LayerImage image);
    bool contains(const Key& key) const { return m_items.count(key) != 0; }
    /// Null if it is not there. `use` counts as use.
    const LayerImage* find(const Key& key) const;
    const LayerImage* use(const Key& key);

    void removeIf(const std::function<bool(const Key&)>& gone);
    void clear();

    std::size_t bytes() const { return m_bytes; }
    std::size_t limit() const { return m_limit; }
    std::vector<FrameRange> ranges(LayerKind layer, int reduction) const;

private:
    struct Item {
        LayerImage image;
        std::list<Key>::iterator place;
    };
    std::map<Key, Item>::iterator remove(std::map<Key, Item>::iterator item);
    void evict();

    std::map<Key, Item> m_items;
    std::list<Key> m_order; // most recently used first
    std::size_t m_bytes = 0;
    std::size_t m_limit;
    std::int64_t m_kept = -1;
};

} // namespace strata::ui
