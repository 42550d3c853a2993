// One end of a bidirectional gRPC stream with a simple interface: push messages from any thread,
// get a callback for each received message, and one callback when the stream is over. Only this
// file handles the rules of gRPC's callback API (one write at a time, exactly one Finish, holds on
// the client).
//
// A stream owns itself until gRPC is done with it; others may hold it longer. Hooks are called from
// gRPC's threads and must not block.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <utility>

#include "absl/synchronization/mutex.h"
#include "common/server/rpc/outbox.h"
#include "grpcpp/client_context.h"
#include "grpcpp/support/client_callback.h"
#include "grpcpp/support/server_callback.h"

namespace replsim {

template <class In>
struct StreamHooks {
  std::function<void(In&)> received;
  std::function<void()> closed;
  std::function<void()> opened;  // on the client: the server has answered; may be empty
};

// The interface of both ends.
template <class Out>
class Stream {
 public:
  explicit Stream(typename Outbox<Out>::Merge merge) : outbox_(merge) {}
  virtual ~Stream() = default;

  void Push(Out message) { outbox_.Push(std::move(message)); }
  // Sends a message without content, which is not merged with others.
  void SendEmpty() {
    outbox_.PushApart(Out());
    Flush();
  }
  // Begins to write the pushed messages, unless a write is in progress.
  virtual void Flush() = 0;
  // Runs `then` when all bytes pushed so far are in the kernel's send buffer, where they survive
  // the end of this process, or when the stream is over. gRPC completes a write once the message
  // has passed flow control, which is before the system call. Hence this sends one more message, an
  // empty one that the receiver ignores, and asks gRPC to complete it after the system call.
  void AfterSent(absl::AnyInvocable<void()> then) {
    write_through_ = true;
    outbox_.PushApart(Out());
    AfterWritten(std::move(then));  // before the flush: the message may be written during it
    Flush();
  }
  // Ends the stream when the pushed messages are written. The hook `closed` is called afterwards.
  virtual void Close() = 0;

 protected:
  void AfterWritten(absl::AnyInvocable<void()> then) { outbox_.AfterWritten(std::move(then)); }
  grpc::WriteOptions write_options() const {
    grpc::WriteOptions options;
    if (write_through_) options.set_write_through();
    return options;
  }

  Outbox<Out> outbox_;

 private:
  std::atomic<bool> write_through_{false};
};

template <class In, class Out>
class ServerStream final : public grpc::ServerBidiReactor<In, Out>,
                           public Stream<Out>,
                           public std::enable_shared_from_this<ServerStream<In, Out>> {
 public:
  // A service's method returns the pointer to gRPC; others may keep the shared_ptr.
  static std::shared_ptr<ServerStream> Start(StreamHooks<In> hooks,
                                             typename Outbox<Out>::Merge merge) {
    auto stream = std::make_shared<ServerStream>(std::move(hooks), merge);
    stream->self_ = stream;
    return stream;
  }
  ServerStream(StreamHooks<In> hooks, typename Outbox<Out>::Merge merge)
      : Stream<Out>(merge), hooks_(std::move(hooks)) {}

  // Begins to read. Called when the owner is ready for `received`. Sends initial metadata, which
  // calls `opened` on the client.
  void BeginReading() {
    this->StartSendInitialMetadata();
    this->StartRead(&in_);
  }

  void Flush() override {
    if (const Out* message = this->outbox_.Take()) this->StartWrite(message, this->write_options());
  }
  void Close() override {
    this->AfterWritten([keep = this->shared_from_this()] { keep->FinishOnce(); });
  }

  void OnReadDone(bool ok) override {
    if (!ok) return FinishOnce();
    hooks_.received(in_);
    in_.Clear();
    this->StartRead(&in_);
  }
  void OnWriteDone(bool ok) override {
    this->outbox_.Written();
    // A stream that was ended during this write is finished here.
    if (!ok || this->outbox_.closed()) return FinishOnce();
    Flush();
  }
  void OnCancel() override { FinishOnce(); }
  void OnDone() override {
    hooks_.closed();
    self_.reset();
  }

 private:
  void FinishOnce() {
    // Not during a write: OnWriteDone then finds the outbox closed and calls this again.
    if (this->outbox_.Close()) return;
    {
      absl::MutexLock lock(&mutex_);
      if (finished_) return;
      finished_ = true;
    }
    this->Finish(grpc::Status::OK);
  }

  StreamHooks<In> hooks_;
  In in_;
  std::shared_ptr<ServerStream> self_;
  absl::Mutex mutex_;
  bool finished_ ABSL_GUARDED_BY(mutex_) = false;
};

template <class Out, class In>
class ClientStream final : public grpc::ClientBidiReactor<Out, In>,
                           public Stream<Out>,
                           public std::enable_shared_from_this<ClientStream<Out, In>> {
 public:
  // `start` makes the call: [&](auto* context, auto* reactor) { stub->async()->X(context,
  // reactor); }. Nothing happens before Begin.
  template <class StartCallFn>
  static std::shared_ptr<ClientStream> Start(StreamHooks<In> hooks,
                                             typename Outbox<Out>::Merge merge, StartCallFn start) {
    auto stream = std::make_shared<ClientStream>(std::move(hooks), merge);
    stream->self_ = stream;
    start(&stream->context_, stream.get());
    stream->AddHold();  // writes begin outside of reactions
    stream->StartRead(&stream->in_);
    return stream;
  }
  // Starts the call. Called once, when the owner is ready for the hooks.
  void Begin() { this->StartCall(); }
  ClientStream(StreamHooks<In> hooks, typename Outbox<Out>::Merge merge)
      : Stream<Out>(merge), hooks_(std::move(hooks)) {}

  void Flush() override {
    if (const Out* message = this->outbox_.Take()) this->StartWrite(message, this->write_options());
  }
  void Close() override {
    this->AfterWritten([keep = this->shared_from_this()] { keep->End(); });
  }
  void Cancel() { End(); }

  void OnReadInitialMetadataDone(bool ok) override {
    if (ok && hooks_.opened) hooks_.opened();
  }

  void OnReadDone(bool ok) override {
    if (!ok) return End();
    hooks_.received(in_);
    in_.Clear();
    this->StartRead(&in_);
  }
  void OnWriteDone(bool ok) override {
    this->outbox_.Written();
    if (!ok) return End();
    Flush();
    ReleaseHold();
  }
  void OnDone(const grpc::Status&) override {
    this->outbox_.Close();
    hooks_.closed();
    self_.reset();
  }

 private:
  void End() {
    this->outbox_.Close();
    context_.TryCancel();
    {
      absl::MutexLock lock(&mutex_);
      ending_ = true;
    }
    ReleaseHold();
  }
  // Removes the hold once the stream is ending and no write is left.
  void ReleaseHold() {
    {
      absl::MutexLock lock(&mutex_);
      if (!ending_ || released_ || !this->outbox_.idle()) return;
      released_ = true;
    }
    this->RemoveHold();
  }

  StreamHooks<In> hooks_;
  grpc::ClientContext context_;
  In in_;
  std::shared_ptr<ClientStream> self_;
  absl::Mutex mutex_;
  bool ending_ ABSL_GUARDED_BY(mutex_) = false;
  bool released_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace replsim
