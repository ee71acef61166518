// SPDX-License-Identifier: Apache-2.0
#include "ui/session/cache_keeper.h"

#include "ui/bridge/text.h"

namespace strata::ui {
namespace {

constexpr int kGatherMs = 500;

} // namespace

CacheKeeper::CacheKeeper(QObject* parent)
    : QObject(parent) {
    m_timer.setSingleShot(true);
    m_timer.setInterval(kGatherMs);
    connect(&m_timer, &QTimer::timeout, this, &CacheKeeper::write);
}

void CacheKeeper::setRoot(const std::filesystem::path& root) {
    if (m_store && root == m_root)
        return;
    m_pins.reset();
    auto opened = CacheStore::open(root);
    if (!opened) {
        Q_EMIT failed(toQt(opened.error().message));
        return;
    }
    m_root = root;
    m_store = std::move(*opened);
}

void CacheKeeper::keep(const std::string& key) {
    m_waiting.push_back(key);
    if (!m_timer.isActive())
        m_timer.start();
}

void CacheKeeper::release() {
    m_waiting.clear();
    m_pins.reset();
}

std::uint64_t CacheKeeper::bytes() const { return m_store ? m_store->bytes() : 0; }

void CacheKeeper::write() {
    if (!m_store || m_waiting.empty())
        return;
    if (!m_pins) {
        auto pins = m_store->pins();
        if (!pins) {
            Q_EMIT failed(toQt(pins.error().message));
            return;
        }
        m_pins.emplace(std::move(*pins));
    }
    if (const auto kept = m_pins->pin(m_waiting); !kept)
        Q_EMIT failed(toQt(kept.error().message));
    m_waiting.clear();
}

} // namespace strata::ui
