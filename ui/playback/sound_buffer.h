// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QIODevice>

#include <mutex>
#include <vector>

namespace strata::ui {

/// Samples on their way from the thread that decodes to the sound device, which reads this whenever
/// it likes, from whatever thread. What is not there in time is silence: sound never waits.
class SoundBuffer : public QIODevice {
    Q_OBJECT
public:
    /// Room for that many values (samples of both channels).
    explicit SoundBuffer(std::size_t room, QObject* parent = nullptr);

    /// Adds what there is room for; how many values that was.
    std::size_t put(const float* samples, std::size_t count);
    void clear();

    bool isSequential() const override { return true; }
    qint64 bytesAvailable() const override;

protected:
    qint64 readData(char* data, qint64 most) override;
    qint64 writeData(const char*, qint64) override { return -1; }

private:
    std::mutex m_mutex;
    std::vector<float> m_ring;
    std::size_t m_first = 0, m_count = 0;
};

} // namespace strata::ui
