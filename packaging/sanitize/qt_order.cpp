// Linked into every program of the preset tsan. ThreadSanitizer does not see how the system's Qt,
// which is not built for it, hands calls from thread to thread, so whatever travels with them would
// be reported. The ways that Strata uses are told to it here: what happened before a call was
// queued happened before the application's thread takes its next event, what happened before a task
// was given to a pool before any task begins there, and what tasks did before the pool was waited
// for. That is a little more order than Qt promises, being kept per program and not per event;
// threads that do not go through Qt are seen exactly.
#include <dlfcn.h>
#include <sanitizer/tsan_interface.h>

#include <QCoreApplication>
#include <QEvent>
#include <QMetaObject>
#include <QRunnable>
#include <QThreadPool>
#include <functional>
#include <utility>

namespace {

char order; // only its address matters

void release() { __tsan_release(&order); }
void acquire() { __tsan_acquire(&order); }

// The function of Qt itself that the one of the same name below stands before.
template <class Function>
Function original(const char* symbol) {
    return reinterpret_cast<Function>(dlsym(RTLD_NEXT, symbol));
}

class EveryEvent : public QObject {
public:
    using QObject::QObject;

protected:
    bool eventFilter(QObject*, QEvent*) override {
        acquire();
        return false;
    }
};

void watchEvents() {
    auto* application = QCoreApplication::instance();
    application->installEventFilter(new EveryEvent(application));
}
Q_COREAPP_STARTUP_FUNCTION(watchEvents)

class Task : public QRunnable {
public:
    explicit Task(std::function<void()> work)
        : m_work(std::move(work)) {}
    void run() override {
        acquire();
        std::exchange(m_work, nullptr)();
        release();
    }

private:
    std::function<void()> m_work;
};

} // namespace

bool QMetaObject::invokeMethodImpl(QObject* object, QtPrivate::QSlotObjectBase* slot,
                                   Qt::ConnectionType type, void* result) {
    using Function = bool (*)(QObject*, QtPrivate::QSlotObjectBase*, Qt::ConnectionType, void*);
    static const auto real = original<Function>("_ZN11QMetaObject16invokeMethodImplEP7QObjectPN9QtP"
                                                "rivate15QSlotObjectBaseEN2Qt14ConnectionTypeEPv");
    release();
    return real(object, slot, type, result);
}

void QThreadPool::start(std::function<void()> work, int priority) {
    release();
    start(new Task(std::move(work)), priority);
}

bool QThreadPool::waitForDone(int milliseconds) {
    using Function = bool (*)(QThreadPool*, int);
    static const auto real = original<Function>("_ZN11QThreadPool11waitForDoneEi");
    const bool done = real(this, milliseconds);
    acquire();
    return done;
}
