#include "common/server/rpc/client_requests.h"

#include <algorithm>

#include "common/base/check.h"
#include "common/server/rpc/count_down.h"
#include "common/server/rpc/wire_convert.h"

namespace replsim {

RequestId ClientRequests::Add(std::vector<Waiting> waiting) {
  absl::MutexLock lock(&mutex_);
  const uint64_t first = next_;
  for (Waiting& one : waiting) waiting_.emplace(next_++, std::move(one));
  return RequestId(first);
}

ClientRequests::Waiting ClientRequests::Take(RequestId id) {
  absl::MutexLock lock(&mutex_);
  const auto it = waiting_.find(id.value());
  REPL_CHECK(it != waiting_.end(), "request ", id.value(), " was answered before");
  Waiting waiting = std::move(it->second);
  waiting_.erase(it);
  return waiting;
}

void ClientRequests::Answer(const AnswerWrite& answer) {
  const Waiting waiting = Take(answer.id);
  proto::SessionResponse response;
  proto::Result* result = response.add_results();
  proto::WriteResponse* write = result->mutable_write();
  write->set_outcome(ToWire(answer.outcome));
  write->set_reason(ToWire(answer.why));
  if (answer.position.lsn != Lsn(0)) ToWire(answer.position, write->mutable_position());
  write->set_unprotected(!answer.is_protected);
  write->set_no_effect(!answer.took_effect);
  if (const auto* unary = std::get_if<ToWrite>(&waiting)) return (*unary)(std::move(*write));
  const auto& to = std::get<ToSession>(waiting);
  result->set_id(to.operation);
  PushTo(to, std::move(response));
}

void ClientRequests::Answer(const AnswerRead& answer, const KvStore::Entry* entry,
                            Position applied) {
  const Waiting waiting = Take(answer.id);
  proto::SessionResponse response;
  proto::Result* result = response.add_results();
  proto::GetResponse* get = result->mutable_get();
  get->set_outcome(answer.why == Refused::kNone ? proto::COMMITTED : proto::REJECTED);
  get->set_reason(ToWire(answer.why));
  if (entry != nullptr) {
    get->set_found(!entry->deleted);
    if (!entry->deleted) get->set_value(entry->value);
    ToWire(entry->position, get->mutable_position());
  }
  ToWire(applied, get->mutable_applied());
  if (const auto* unary = std::get_if<ToRead>(&waiting)) return (*unary)(std::move(*get));
  const auto& to = std::get<ToSession>(waiting);
  result->set_id(to.operation);
  PushTo(to, std::move(response));
}

void ClientRequests::PushTo(const ToSession& to, proto::SessionResponse response) {
  to.session->Push(std::move(response));
  if (std::find(answered_.begin(), answered_.end(), to.session) == answered_.end()) {
    answered_.push_back(to.session);
    const auto known = [&](const auto& weak) { return weak.lock() == to.session; };
    if (std::none_of(sessions_.begin(), sessions_.end(), known)) {
      std::erase_if(sessions_, [](const auto& weak) { return weak.expired(); });
      sessions_.push_back(to.session);
    }
  }
}

void ClientRequests::FlushAll() {
  for (const auto& session : answered_) session->Flush();
  answered_.clear();
}

void ClientRequests::AfterReceived(absl::AnyInvocable<void()> then) {
  std::vector<std::shared_ptr<SessionStream>> open;
  for (const auto& weak : sessions_) {
    if (auto session = weak.lock()) open.push_back(std::move(session));
  }
  const std::function<void()> one_done = CountDown(open.size() + 1, std::move(then));
  {
    absl::MutexLock lock(&mutex_);
    for (const auto& session : open) to_confirm_[session.get()] = one_done;
  }
  for (const auto& session : open) session->SendEmpty();
  one_done();
}

void ClientRequests::Confirmed(const SessionStream* session) {
  std::function<void()> one_done;
  {
    absl::MutexLock lock(&mutex_);
    const auto it = to_confirm_.find(session);
    if (it == to_confirm_.end()) return;
    one_done = std::move(it->second);
    to_confirm_.erase(it);
  }
  one_done();
}

}  // namespace replsim
