// The client requests between their arrival at a node and their answer: where to send each answer.
// Add may be called from any thread (gRPC's threads do). The other functions belong to the event
// loop. Each request is answered exactly once.
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
#include "common/server/rpc/stream.h"
#include "common/storage/store/store.h"
#include "protos/kv.pb.h"

namespace replsim {

using SessionStream = ServerStream<proto::SessionRequest, proto::SessionResponse>;

class ClientRequests {
 public:
  // Destination of an answer: a session, with the client's operation id, or a unary call.
  struct ToSession {
    std::shared_ptr<SessionStream> session;
    uint64_t operation = 0;
  };
  using ToWrite = std::function<void(proto::WriteResponse)>;
  using ToRead = std::function<void(proto::GetResponse)>;
  using Waiting = std::variant<ToSession, ToWrite, ToRead>;

  // Assigns consecutive ids to `waiting`, in order. Returns the first id.
  RequestId Add(std::vector<Waiting> waiting);

  void Answer(const AnswerWrite& answer);
  void Answer(const AnswerRead& answer, const KvStore::Entry* entry, Position applied);
  // Begins to send the answers that were added to sessions since the last call.
  void FlushAll();
  // Runs `then` when the clients of all sessions have received the answers so far, which they
  // confirm (Kv.Session), or when their sessions are over. A client whose node dies may drop
  // answers that lie unread in its kernel, because its own next request fails.
  void AfterReceived(absl::AnyInvocable<void()> then);
  // The client of `session` has confirmed, or `session` is over. Any thread.
  void Confirmed(const SessionStream* session);

 private:
  Waiting Take(RequestId id);
  void PushTo(const ToSession& to, proto::SessionResponse response);

  absl::Mutex mutex_;
  uint64_t next_ ABSL_GUARDED_BY(mutex_) = 1;
  absl::flat_hash_map<uint64_t, Waiting> waiting_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<const SessionStream*, std::function<void()>> to_confirm_
      ABSL_GUARDED_BY(mutex_);
  // Used by the event loop only.
  std::vector<std::shared_ptr<SessionStream>> answered_;  // sessions with answers in this turn
  std::vector<std::weak_ptr<SessionStream>> sessions_;    // all sessions that ever had an answer
};

}  // namespace replsim
