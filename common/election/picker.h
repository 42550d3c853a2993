// What a witness does after the witnesses have elected it to pick the primary of an epoch
// (failover.initiator: witness; Redis Sentinel and Orchestrator do so). It asks the nodes with data
// for the ends of their logs, picks the best of those that answer, and tells it to lead.
//
//              Begin              all have answered,           it has persisted
//              (elected)          or a fifth of the            that it leads
//   +------+ ----------> +---------+  silence   +-----------+ ----------------> +------+
//   | Idle |             | Polling | ---------> | Appointing|                   | Idle |
//   +------+ <---------- +---------+            +-----------+                   +------+
//      ^     none answers in limit                    |
//      +----------------------------------------------+
//               it refuses, or does not answer in limit
//
// The best is the first by failover.priority, then the one whose log ends last (unless grant_rule
// is any), then the one with the lowest id. An answer to the poll promises nothing: a node may
// receive more records before its appointment, and a silent node may have more of them. The witness
// appoints one node per epoch, because a silent node may lead already. To pick another one, the
// witness stands again, for a higher epoch; the caller lets it do so after Action::kGiveUp.
//
// Part of a core: single-threaded, without I/O.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "common/base/ids.h"
#include "common/base/time.h"
#include "common/protocol/messages.h"

namespace replsim {

struct PickerOptions {
  std::vector<NodeId> candidates;  // the nodes with data that may lead
  std::vector<NodeId> priority;    // those to prefer, the first before the others
  bool compares_logs = true;
  Nanos patience{0};  // how long it waits for answers, and then between two requests
  Nanos limit{0};     // how long it polls, and how long it tells the picked node to lead
};

class Picker {
 public:
  explicit Picker(PickerOptions options) : options_(std::move(options)) {}

  const std::vector<NodeId>& candidates() const { return options_.candidates; }

  // The witness was elected to pick the primary of `epoch`. `suspected` is not waited for.
  void Begin(Epoch epoch, const NodeId& suspected, Instant now);
  // There is a primary, or a higher epoch.
  void Stop() { state_.reset(); }
  bool picks() const { return state_.has_value(); }

  // Answers to requests of another epoch are ignored.
  void HandleAnswer(const NodeId& from, const PickAnswer& answer);

  enum class Action {
    kNothing,
    kPoll,     // ask all candidates for the ends of their logs
    kAppoint,  // tell picked() to lead
    kDone,     // it leads, or will when it is ready; the picker is idle
    kGiveUp,   // the picker is idle
  };
  // Call repeatedly until it returns kNothing.
  Action Next(Instant now);
  // After kAppoint.
  const NodeId& picked() const { return state_->picked; }

  Instant NextTimer() const;

 private:
  struct State {
    Epoch epoch;
    NodeId suspected;
    Instant since;                                   // of the poll, or of the appointment
    Instant ask_again;                               // when the requests are sent the next time
    std::map<NodeId, std::optional<Position>> ends;  // of those that answered; nothing: cannot lead
    NodeId picked{};                                 // empty: it polls
    std::optional<bool> accepted{};                  // the answer of `picked`
  };
  bool HaveAllAnswered() const;
  NodeId Best() const;
  bool IsBetter(const NodeId& one, const Position& end, const NodeId& than,
                const Position& its_end) const;
  size_t RankOf(const NodeId& node) const;
  Action NextOfPoll(Instant now);
  Action NextOfAppointment(Instant now);

  const PickerOptions options_;
  std::optional<State> state_;
};

}  // namespace replsim
