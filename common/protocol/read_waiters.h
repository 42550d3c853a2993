// Reads that wait until a position is applied on this node. Both cores use it. A read stops waiting
// when its position is applied, when the log enters an epoch that does not contain the position, or
// when the node stops. The client's deadline does not end the wait. The queue is bounded: a read
// that finds it full is refused as overloaded.
#pragma once

#include <algorithm>
#include <iterator>
#include <map>
#include <string>
#include <utility>

#include "common/base/ids.h"
#include "common/protocol/effects.h"
#include "common/storage/log/epoch_history.h"

namespace replsim {

class ReadWaiters {
 public:
  static constexpr size_t kWaitingMax = 100'000;

  // Answers the read now if `applied` suffices; otherwise queues it. A read is refused as diverged
  // if this log cannot contain its position, because a later epoch begins at or before that LSN.
  // `not_before`: no read is answered before this LSN is applied.
  void Add(ReadRequest read, Lsn applied, const EpochHistory& history, Effects* out,
           Lsn not_before = Lsn(0)) {
    const Refused why = Judge(read.at_least, applied, history);
    const Lsn wanted = std::max(read.at_least.lsn, not_before);
    if (why != Refused::kNone || wanted <= applied) {
      out->push_back(AnswerRead{read.id, std::move(read.key), why});
    } else if (waiting_.size() >= kWaitingMax) {
      out->push_back(AnswerRead{read.id, std::move(read.key), Refused::kOverloaded});
    } else {
      waiting_.emplace(wanted, std::move(read));
    }
  }

  void Advance(Lsn applied, const EpochHistory& history, Effects* out) {
    if (history.last_epoch() != judged_) RefuseDiverged(applied, history, out);
    while (!waiting_.empty() && waiting_.begin()->first <= applied) {
      ReadRequest& read = waiting_.begin()->second;
      const Refused why = Judge(read.at_least, applied, history);
      out->push_back(AnswerRead{read.id, std::move(read.key), why});
      waiting_.erase(waiting_.begin());
    }
  }

  void RefuseAll(Refused why, Effects* out) {
    for (auto& [lsn, read] : waiting_)
      out->push_back(AnswerRead{read.id, std::move(read.key), why});
    waiting_.clear();
  }

 private:
  static Refused Judge(Position wanted, Lsn applied, const EpochHistory& history) {
    if (wanted.lsn == Lsn(0)) return Refused::kNone;
    const Epoch here = history.EpochAt(wanted.lsn);
    // A later epoch has this LSN in the log or will have it: the wanted write was truncated.
    if (here > wanted.epoch) return Refused::kDiverged;
    return wanted.lsn <= applied && here != wanted.epoch ? Refused::kDiverged : Refused::kNone;
  }

  void RefuseDiverged(Lsn applied, const EpochHistory& history, Effects* out) {
    judged_ = history.last_epoch();
    for (auto it = waiting_.begin(); it != waiting_.end();) {
      ReadRequest& read = it->second;
      const Refused why = Judge(read.at_least, applied, history);
      if (why != Refused::kNone) out->push_back(AnswerRead{read.id, std::move(read.key), why});
      it = why == Refused::kNone ? std::next(it) : waiting_.erase(it);
    }
  }

  std::multimap<Lsn, ReadRequest> waiting_;
  Epoch judged_;  // last epoch of the history with which the waiting reads were judged
};

}  // namespace replsim
