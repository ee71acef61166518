// Linked into every program of the preset tsan. ThreadSanitizer does not see how the system's Qt,
// which is not built for it, hands calls from thread to thread, so whatever travels with them would
// be reported. The ways that Strata uses are told to it here: what happened before a call was
// queued happened before the application's thread takes its next event, what happened before a task
// was given to a pool before any task begins there, and what tasks did before the pool was waited
// for. That is a little more order than Qt promises, being kept per program and not per event;
// threads that do not go through Qt are seen exactly.
#include <dlfcn.h>
#include <linux/sched.h>
#include <sanitizer/tsan_interface.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <QCoreApplication>
#include <QEvent>
#include <QMetaObject>
#include <QRunnable>
#include <QThreadPool>
#include <cstdarg>
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

// A call that may be queued. Whoever is last to let go of it deletes it, which Qt counts unseen.
class QueuedCall : public QtPrivate::QSlotObjectBase {
public:
    explicit QueuedCall(QtPrivate::QSlotObjectBase* slot)
        : QSlotObjectBase(&impl)
        , m_slot(slot) {}

private:
    static void impl(int which, QSlotObjectBase* base, QObject* receiver, void** arguments,
                     bool* same) {
        auto* call = static_cast<QueuedCall*>(base);
        acquire();
        switch (which) {
        case QSlotObjectBase::Destroy:
            call->m_slot->destroyIfLastRef();
            delete call;
            break;
        case QSlotObjectBase::Call:
            call->m_slot->call(receiver, arguments);
            release();
            break;
        case QSlotObjectBase::Compare:
            *same = call->m_slot->compare(arguments);
            break;
        }
    }

    QSlotObjectBase* m_slot;
};

} // namespace

// Qt starts programs in a child that has the parent's memory until then. ThreadSanitizer takes what
// it notes about the child there for the parent's, and sees no order there from then on. So the
// child gets memory of its own.
extern "C" int clone(int (*run)(void*), void*, int flags, void* argument, ...) {
    va_list further;
    va_start(further, argument);
    int* descriptor = va_arg(further, int*);
    va_end(further);
    const pid_t child = ::fork();
    if (child == 0)
        ::_exit(run(argument));
    if (child > 0 && (flags & CLONE_PIDFD))
        *descriptor = int(::syscall(SYS_pidfd_open, child, 0));
    return child;
}

bool QMetaObject::invokeMethodImpl(QObject* object, QtPrivate::QSlotObjectBase* slot,
                                   Qt::ConnectionType type, void* result) {
    using Function = bool (*)(QObject*, QtPrivate::QSlotObjectBase*, Qt::ConnectionType, void*);
    static const auto real = original<Function>("_ZN11QMetaObject16invokeMethodImplEP7QObjectPN9QtP"
                                                "rivate15QSlotObjectBaseEN2Qt14ConnectionTypeEPv");
    auto* call = new QueuedCall(slot);
    release(); // with the call
    return real(object, call, type, result);
}

void QThreadPool::start(std::function<void()> work, int priority) {
    auto* task = new Task(std::move(work));
    release(); // with the task
    start(task, priority);
}

bool QThreadPool::waitForDone(int milliseconds) {
    using Function = bool (*)(QThreadPool*, int);
    static const auto real = original<Function>("_ZN11QThreadPool11waitForDoneEi");
    const bool done = real(this, milliseconds);
    acquire();
    return done;
}
