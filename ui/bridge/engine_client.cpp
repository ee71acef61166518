// SPDX-License-Identifier: Apache-2.0
#include "ui/bridge/engine_client.h"

#include "ui/bridge/engine_client_p.h"

namespace strata::ui {

EngineClient::EngineClient(Settings settings, QObject* parent)
    : QObject(parent)
    , m(std::make_unique<Private>(*this, std::move(settings))) {}

EngineClient::~EngineClient() = default;

void EngineClient::start() { m->start(); }
void EngineClient::stop() { m->stop(); }
EngineClient::State EngineClient::state() const { return m->state(); }
qint64 EngineClient::processId() const { return m->processId(); }
const protocol::Hello& EngineClient::worker() const { return m->hello(); }

JobId EngineClient::decompose(protocol::Decompose request) {
    return m->add(JobKind::Decompose, std::move(request));
}

JobId EngineClient::preview(protocol::Preview request) {
    m->cancelPreviews();
    return m->add(JobKind::Preview, std::move(request));
}

JobId EngineClient::edit(protocol::Edit request) {
    return m->add(JobKind::Edit, std::move(request));
}

JobId EngineClient::fetchModels(const QString& nameOrGroup) {
    return m->add(JobKind::FetchModels, protocol::FetchModels{0, nameOrGroup.toStdString()});
}

void EngineClient::cancel(JobId id) { m->cancel(id); }
void EngineClient::pause(JobId id) { m->pause(id); }
void EngineClient::resume(JobId id) { m->resume(id); }
QList<JobInfo> EngineClient::jobs() const { return m->jobs(); }
void EngineClient::listModels() { m->listModels(); }

} // namespace strata::ui
