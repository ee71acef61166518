// SPDX-License-Identifier: Apache-2.0
#include "ui/playback/sound_buffer.h"

#include <algorithm>
#include <cstring>

namespace strata::ui {

SoundBuffer::SoundBuffer(std::size_t room, QObject* parent)
    : QIODevice(parent)
    , m_ring(room) {
    open(QIODevice::ReadOnly | QIODevice::Unbuffered);
}

std::size_t SoundBuffer::put(const float* samples, std::size_t count) {
    const std::lock_guard lock(m_mutex);
    count = std::min(count, m_ring.size() - m_count);
    for (std::size_t i = 0; i < count; ++i)
        m_ring[(m_first + m_count + i) % m_ring.size()] = samples[i];
    m_count += count;
    return count;
}

void SoundBuffer::clear() {
    const std::lock_guard lock(m_mutex);
    m_first = m_count = 0;
}

qint64 SoundBuffer::bytesAvailable() const {
    return qint64(m_ring.size() * sizeof(float)); // of sound and silence there is always enough
}

qint64 SoundBuffer::readData(char* data, qint64 most) {
    const std::size_t wanted = std::size_t(most) / sizeof(float);
    const std::lock_guard lock(m_mutex);
    const std::size_t there = std::min(wanted, m_count);
    for (std::size_t i = 0; i < wanted; ++i) {
        const float value = i < there ? m_ring[(m_first + i) % m_ring.size()] : 0.f;
        std::memcpy(data + i * sizeof(float), &value, sizeof value);
    }
    m_first = (m_first + there) % m_ring.size();
    m_count -= there;
    return qint64(wanted * sizeof(float));
}

} // namespace strata::ui
