// Client operations between their arrival at a node and their answer: who to give the answer to.
// Thread-safe; answers come from the node loop, arrivals from gRPC's threads.
#pragma once

#include <functional>
#include <memory>
#include <utility>
#include <variant>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "common/protocol/effects.h"
#include "common/rpc/stream.h"
#include "common/storage/store/store.h"
#include "protos/kv.pb.h"

namespace replsim {

using SessionStream = ServerStream<proto::SessionRequest, proto::SessionResponse>;

class ClientRequests {
 public:
  // Where an answer goes: into a session, under the client's name for it, or to a unary call.
  struct ToSession {
    std::shared_ptr<SessionStream> session;
    uint64_t operation = 0;
  };
  using ToWrite = std::function<void(proto::WriteResponse)>;
  using ToRead = std::function<void(proto::GetResponse)>;
  using Waiting = std::variant<ToSession, ToWrite, ToRead>;

  // Names `waiting`, in order; the ids are consecutive from the one returned.
  RequestId Add(std::vector<Waiting> waiting);

  void Answer(const AnswerWrite& answer);
  void Answer(const AnswerRead& answer, const KvStore::Entry* entry, Position applied);
  // Sessions that got answers since the last call begin to send them.
  void FlushAll();
  void AfterSent(absl::AnyInvocable<void()> then);

 private:
  Waiting Take(RequestId id);
  void PushTo(const ToSession& to, proto::SessionResponse response);

  absl::Mutex mutex_;
  uint64_t next_ ABSL_GUARDED_BY(mutex_) = 1;
  absl::flat_hash_map<uint64_t, Waiting> waiting_ ABSL_GUARDED_BY(mutex_);
  // The node loop's own.
  std::vector<std::shared_ptr<SessionStream>> answered_;  // in this turn
  std::vector<std::weak_ptr<SessionStream>> sessions_;    // ever
};

}  // namespace replsim
