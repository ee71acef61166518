// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/cache/cache_store.h"

#include <QObject>
#include <QTimer>

#include <memory>
#include <optional>

namespace strata::ui {

/// Keeps the cache entries of the open project from being thrown out. GUI thread; writes are
/// gathered, since a clip has hundreds of entries.
class CacheKeeper : public QObject {
    Q_OBJECT
public:
    explicit CacheKeeper(QObject* parent = nullptr);

    /// The worker's cache. What was kept in another one is let go.
    void setRoot(const std::filesystem::path& root);
    void keep(const std::string& key);
    /// Lets everything go.
    void release();

    std::uint64_t bytes() const; // of the whole cache; 0 when there is none

Q_SIGNALS:
    void failed(const QString& message);

private:
    void write();

    std::unique_ptr<CacheStore> m_store;
    std::optional<CachePins> m_pins;
    std::vector<std::string> m_waiting;
    std::filesystem::path m_root;
    QTimer m_timer;
};

} // namespace strata::ui
