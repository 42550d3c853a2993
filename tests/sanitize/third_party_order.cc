// Tells the thread sanitizer about the order that absl, gRPC and the kernel's io_uring establish.
// Debian's libraries are not instrumented, so the sanitizer sees neither absl's locks nor the
// queues by which gRPC passes work to its threads. Without this file it would report every access
// that they order as a race.
//
// Linked into every program of the `tsan` preset and no other. Each function replaces the library
// function of the same name (the dynamic linker finds the program's first), calls it, and declares
// its order: what precedes Release(x) happens before what follows Acquire(x).
#include <dlfcn.h>
#include <liburing.h>
#include <unistd.h>

#include <atomic>
#include <cstddef>
#include <cstring>

#include "absl/time/time.h"
#include "grpc/impl/codegen/grpc_types.h"

extern "C" void __tsan_acquire(void* object);
extern "C" void __tsan_release(void* object);

// Accesses of libraries that are not instrumented (memcpy, free and others) are ignored.
// TSAN_OPTIONS adds to this list.
extern "C" const char* __tsan_default_options() {
  return "ignore_noninstrumented_modules=1 history_size=5";
}

namespace {

void Acquire(const void* object) { __tsan_acquire(const_cast<void*>(object)); }
void Release(const void* object) { __tsan_release(const_cast<void*>(object)); }

// The library's own function, looked up at the first call, because libraries lock before main.
template <class Function>
class Real {
 public:
  constexpr explicit Real(const char* symbol) : symbol_(symbol) {}

  template <class... Arguments>
  auto operator()(Arguments... arguments) {
    Function* function = function_.load(std::memory_order_relaxed);
    if (function == nullptr) {
      function = reinterpret_cast<Function*>(dlsym(RTLD_NEXT, symbol_));
      if (function == nullptr) Fail();
      function_.store(function, std::memory_order_relaxed);
    }
    return function(arguments...);
  }

 private:
  [[noreturn]] void Fail() {
    for (const char* part : {"third_party_order.cc: no library defines ", symbol_, "\n"}) {
      if (write(STDERR_FILENO, part, std::strlen(part)) < 0) break;
    }
    _exit(1);
  }

  const char* const symbol_;
  std::atomic<Function*> function_{nullptr};
};

// The mutex that this thread is taking or leaving. During that time absl evaluates, on this thread
// and with the mutex held, the conditions of other waiters.
thread_local void* current_mutex = nullptr;

class OnMutex {
 public:
  explicit OnMutex(void* mutex) : outer_(current_mutex) { current_mutex = mutex; }
  ~OnMutex() { current_mutex = outer_; }
  OnMutex(const OnMutex&) = delete;
  OnMutex& operator=(const OnMutex&) = delete;

 private:
  void* const outer_;
};

}  // namespace

// Begins the definition of `function`, which programs and libraries call by `symbol`.
#define INTERPOSE(result, function, symbol, ...)                      \
  extern "C" result function(__VA_ARGS__) __asm__(symbol);            \
  constinit static Real<result(__VA_ARGS__)> real_##function(symbol); \
  result function(__VA_ARGS__)

// --- absl::Mutex: accesses under it happen before later accesses under it ---

#define MUTEX "_ZN4absl7debian35Mutex"

#define LOCK(function, symbol)                     \
  INTERPOSE(void, function, symbol, void* mutex) { \
    real_##function(mutex);                        \
    Acquire(mutex);                                \
  }
LOCK(MutexLock, MUTEX "4LockEv")
LOCK(MutexReaderLock, MUTEX "10ReaderLockEv")

#define TRY_LOCK(function, symbol)                 \
  INTERPOSE(bool, function, symbol, void* mutex) { \
    const bool locked = real_##function(mutex);    \
    if (locked) Acquire(mutex);                    \
    return locked;                                 \
  }
TRY_LOCK(MutexTryLock, MUTEX "7TryLockEv")
TRY_LOCK(MutexReaderTryLock, MUTEX "13ReaderTryLockEv")

#define UNLOCK(function, symbol)                   \
  INTERPOSE(void, function, symbol, void* mutex) { \
    const OnMutex on(mutex);                       \
    Release(mutex);                                \
    real_##function(mutex);                        \
  }
UNLOCK(MutexUnlock, MUTEX "6UnlockEv")
UNLOCK(MutexReaderUnlock, MUTEX "12ReaderUnlockEv")

// --- absl::Condition: made by the thread that waits, evaluated by any, under the mutex ---

INTERPOSE(bool, ConditionEval, "_ZNK4absl7debian39Condition4EvalEv", const void* condition) {
  if (current_mutex == nullptr) return real_ConditionEval(condition);
  Acquire(condition);
  Acquire(current_mutex);
  const bool holds = real_ConditionEval(condition);
  Release(current_mutex);
  return holds;
}

#define CONDITION "ERKNS0_9ConditionE"

// The mutex is not held before, and is held after.
INTERPOSE(void, MutexLockWhen, MUTEX "8LockWhen" CONDITION, void* mutex, const void* condition) {
  const OnMutex on(mutex);
  Release(condition);
  real_MutexLockWhen(mutex, condition);
  Acquire(mutex);
}

#define LOCK_WHEN_UNTIL(function, symbol, Limit)                                       \
  INTERPOSE(bool, function, symbol, void* mutex, const void* condition, Limit limit) { \
    const OnMutex on(mutex);                                                           \
    Release(condition);                                                                \
    const bool holds = real_##function(mutex, condition, limit);                       \
    Acquire(mutex);                                                                    \
    return holds;                                                                      \
  }
LOCK_WHEN_UNTIL(MutexLockWhenWithTimeout, MUTEX "19LockWhenWithTimeout" CONDITION "NS0_8DurationE",
                absl::Duration)
LOCK_WHEN_UNTIL(MutexLockWhenWithDeadline, MUTEX "20LockWhenWithDeadline" CONDITION "NS0_4TimeE",
                absl::Time)

// The mutex is held before and after, and not in between.
INTERPOSE(void, MutexAwait, MUTEX "5Await" CONDITION, void* mutex, const void* condition) {
  const OnMutex on(mutex);
  Release(condition);
  Release(mutex);
  real_MutexAwait(mutex, condition);
  Acquire(mutex);
}

#define AWAIT_UNTIL(function, symbol, Limit)                                           \
  INTERPOSE(bool, function, symbol, void* mutex, const void* condition, Limit limit) { \
    const OnMutex on(mutex);                                                           \
    Release(condition);                                                                \
    Release(mutex);                                                                    \
    const bool holds = real_##function(mutex, condition, limit);                       \
    Acquire(mutex);                                                                    \
    return holds;                                                                      \
  }
AWAIT_UNTIL(MutexAwaitWithTimeout, MUTEX "16AwaitWithTimeout" CONDITION "NS0_8DurationE",
            absl::Duration)
AWAIT_UNTIL(MutexAwaitWithDeadline, MUTEX "17AwaitWithDeadline" CONDITION "NS0_4TimeE", absl::Time)

// --- absl::CondVar: the same; signalling orders nothing by itself ---

#define CONDVAR "_ZN4absl7debian37CondVar"

INTERPOSE(void, CondVarWait, CONDVAR "4WaitEPNS0_5MutexE", void* condvar, void* mutex) {
  const OnMutex on(mutex);
  Release(mutex);
  real_CondVarWait(condvar, mutex);
  Acquire(mutex);
}

#define WAIT_UNTIL(function, symbol, Limit)                                    \
  INTERPOSE(bool, function, symbol, void* condvar, void* mutex, Limit limit) { \
    const OnMutex on(mutex);                                                   \
    Release(mutex);                                                            \
    const bool expired = real_##function(condvar, mutex, limit);               \
    Acquire(mutex);                                                            \
    return expired;                                                            \
  }
WAIT_UNTIL(CondVarWaitWithTimeout, CONDVAR "15WaitWithTimeoutEPNS0_5MutexENS0_8DurationE",
           absl::Duration)
WAIT_UNTIL(CondVarWaitWithDeadline, CONDVAR "16WaitWithDeadlineEPNS0_5MutexENS0_4TimeE", absl::Time)

// --- absl::Notification: what precedes Notify happens before what follows the wait for it. Its
// mutex does not show this, because a wait that finds it notified does not take the mutex ---

#define NOTIFICATION "absl7debian312Notification"

INTERPOSE(void, NotificationNotify, "_ZN4" NOTIFICATION "6NotifyEv", void* notification) {
  Release(notification);
  real_NotificationNotify(notification);
}
INTERPOSE(void, NotificationWait, "_ZNK4" NOTIFICATION "19WaitForNotificationEv",
          const void* notification) {
  real_NotificationWait(notification);
  Acquire(notification);
}

#define NOTIFICATION_WAIT_UNTIL(function, symbol, Limit)                     \
  INTERPOSE(bool, function, symbol, const void* notification, Limit limit) { \
    const bool notified = real_##function(notification, limit);              \
    if (notified) Acquire(notification);                                     \
    return notified;                                                         \
  }
NOTIFICATION_WAIT_UNTIL(NotificationWaitWithTimeout,
                        "_ZNK4" NOTIFICATION "30WaitForNotificationWithTimeoutENS0_8DurationE",
                        absl::Duration)
NOTIFICATION_WAIT_UNTIL(NotificationWaitWithDeadline,
                        "_ZNK4" NOTIFICATION "31WaitForNotificationWithDeadlineENS0_4TimeE",
                        absl::Time)

// --- gRPC: what precedes the start of an operation, with its arguments, happens before the
// callback of its end. gRPC's own locks are absl's, but a completion may pass between its threads
// by a queue without a lock ---

using Functor = grpc_completion_queue_functor;

// The callbacks of operations of a stream, and of calls of one message; null where the program has
// none.
extern "C" [[gnu::weak]] void RunStreamCallback(Functor*, int) __asm__(
    "_ZN4grpc8internal22CallbackWithSuccessTag9StaticRunEP29grpc_completion_queue_functori");
extern "C" [[gnu::weak]] void RunCallCallback(Functor*, int) __asm__(
    "_ZN4grpc8internal21CallbackWithStatusTag9StaticRunEP29grpc_completion_queue_functori");

template <void (*kRun)(Functor*, int)>
void RunAfterStart(Functor* functor, int ok) {
  Acquire(functor);
  kRun(functor, ok);
}

// A tag is a Functor in those of gRPC's queues that have callbacks. In the others it is an object
// whose first word is the address of no function.
INTERPOSE(grpc_call_error, StartBatch, "grpc_call_start_batch", grpc_call* call,
          const grpc_op* operations, size_t count, void* tag, void* reserved) {
  auto* const functor = static_cast<Functor*>(tag);
  if (functor->functor_run == &RunStreamCallback) {
    functor->functor_run = &RunAfterStart<RunStreamCallback>;
  } else if (functor->functor_run == &RunCallCallback) {
    functor->functor_run = &RunAfterStart<RunCallCallback>;
  }
  Release(tag);
  return real_StartBatch(call, operations, count, tag, reserved);
}

// A call at the server ends when the last of its callbacks has returned, which a counter tells. The
// program counts down for most of them, seen by the sanitizer; the library for OnCancel, unseen.

namespace {

// As grpc::internal::ServerCallbackCall and ServerReactor are laid out.
struct ServerCall {
  void* functions;
  std::atomic<int> to_cancel;
  std::atomic<int> to_return;
};
class ServerReactor {
 public:
  virtual ~ServerReactor() = default;
  virtual void OnDone() = 0;
  virtual void OnCancel() = 0;
  virtual bool InternalInlineable() = 0;
};

// Replaces the library's call of a reactor's OnCancel.
class CancelReaction final : public ServerReactor {
 public:
  CancelReaction(ServerCall* call, ServerReactor* reactor) : call_(call), reactor_(reactor) {}

  void OnDone() override {}
  void OnCancel() override {
    reactor_->OnCancel();
    Release(&call_->to_return);
    delete this;
  }
  bool InternalInlineable() override { return reactor_->InternalInlineable(); }

 private:
  ServerCall* const call_;
  ServerReactor* const reactor_;
};

}  // namespace

INTERPOSE(void, CallOnCancel,
          "_ZN4grpc8internal18ServerCallbackCall12CallOnCancelEPNS0_13ServerReactorE",
          ServerCall* call, ServerReactor* reactor) {
  real_CallOnCancel(call, new CancelReaction(call, reactor));
}

INTERPOSE(void, ScheduleOnDone, "_ZN4grpc8internal18ServerCallbackCall14ScheduleOnDoneEb",
          ServerCall* call, bool here) {
  Acquire(&call->to_return);
  real_ScheduleOnDone(call, here);
}

// --- io_uring: what precedes a submission happens before what follows its completion. The kernel
// reports completions by moving the tail of the completion queue. A program that finds it moved
// reads it itself; a program that waits lets the library read it ---

INTERPOSE(int, UringSubmit, "io_uring_submit", io_uring* ring) {
  Release(ring->cq.ktail);
  return real_UringSubmit(ring);
}

INTERPOSE(int, UringGetCompletion, "__io_uring_get_cqe", io_uring* ring, io_uring_cqe** completion,
          unsigned submit, unsigned count, sigset_t* signals) {
  const int error = real_UringGetCompletion(ring, completion, submit, count, signals);
  Acquire(ring->cq.ktail);
  return error;
}
