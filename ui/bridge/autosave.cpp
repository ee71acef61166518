// SPDX-License-Identifier: Apache-2.0
#include "ui/bridge/autosave.h"

#include "ui/bridge/document.h"
#include "ui/bridge/text.h"

namespace strata::ui {

Autosave::Autosave(Document& document, AutosaveSlot slot, QObject* parent)
    : QObject(parent)
    , m_document(document)
    , m_slot(std::move(slot)) {
    m_writer.setMaxThreadCount(1);
    m_timer.setSingleShot(true);
    m_timer.setInterval(std::chrono::minutes(1));
    connect(&m_timer, &QTimer::timeout, this, &Autosave::writeNow);
    connect(&m_document, &Document::changed, this, &Autosave::follow);
    connect(&m_document, &Document::modifiedChanged, this, &Autosave::follow);
}

Autosave::~Autosave() { m_writer.waitForDone(); }

void Autosave::setInterval(std::chrono::milliseconds interval) { m_timer.setInterval(interval); }

void Autosave::follow() {
    if (!m_document.isModified()) {
        m_timer.stop();
        clear();
    } else if (!m_timer.isActive()) {
        m_timer.start();
    }
}

void Autosave::clear() {
    m_writer.start([this] { m_slot.clear(); });
}

void Autosave::writeNow() {
    m_timer.stop();
    if (m_document.isModified())
        write({});
}

void Autosave::write(std::function<void()> then) {
    m_writer.start([this, then = std::move(then), project = m_document.snapshot(),
                    original = m_document.filePath()] {
        const auto now = std::chrono::system_clock::now();
        const Status status =
            m_slot.write(project, original, std::chrono::floor<std::chrono::seconds>(now));
        if (status && then)
            then();
        const QString message = status ? QString() : toQt(status.error().message);
        QMetaObject::invokeMethod(
            this,
            [this, message] {
                if (message.isEmpty())
                    Q_EMIT saved();
                else
                    Q_EMIT failed(message);
            },
            Qt::QueuedConnection);
    });
}

Status Autosave::recover(const RecoverableAutosave& autosave) {
    STRATA_ASSIGN(Project project, strata::recover(autosave));
    m_document.restore(std::move(project), autosave.original);
    m_timer.stop();
    write([autosave] { discard(autosave); });
    return ok();
}

void Autosave::close() {
    disconnect(&m_document, nullptr, this, nullptr);
    m_timer.stop();
    clear();
    m_writer.waitForDone();
}

} // namespace strata::ui
