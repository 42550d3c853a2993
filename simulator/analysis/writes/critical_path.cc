#include "simulator/analysis/writes/critical_path.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/base/time.h"
#include "simulator/analysis/writes/gate_rule.h"
#include "simulator/metrics/format.h"
#include "simulator/metrics/stage_names.h"

namespace replsim {
namespace {

using Kind = Moment::Kind;
using Life = std::vector<Moment>;

const Moment* FirstOf(const Life& life, Kind kind) {
  const auto found =
      std::find_if(life.begin(), life.end(), [kind](const Moment& m) { return m.kind == kind; });
  return found == life.end() ? nullptr : &*found;
}

// The last moment at or before `time_ns` for which `is` is true.
template <typename Is>
const Moment* LastBefore(const Life& life, int64_t time_ns, const Is& is) {
  const Moment* last = nullptr;
  for (const Moment& moment : life) {
    if (moment.time_ns <= time_ns && is(moment)) last = &moment;
  }
  return last;
}

bool IsStage(const Moment& moment) {
  return moment.kind == Kind::kStage || moment.kind == Kind::kAppend;
}

// Builds the chain from its last step to its first.
class Backwards {
 public:
  Backwards(const Recording& recording, const Life& life)
      : recording_(recording), life_(life), rule_(recording) {}

  std::vector<Wait> Walk(const Moment& invoke, const Moment& answer) {
    at_ns_ = answer.time_ns;
    const Moment* append = FirstOf(life_, Kind::kAppend);
    const Moment* gate = FirstOf(life_, Kind::kGate);
    if (gate != nullptr && gate->time_ns <= answer.time_ns) {
      Step(gate->time_ns, "the answer to reach its client");
      FromGate(*gate);
    } else {
      const int64_t known_ns = append != nullptr ? append->time_ns : invoke.time_ns;
      Step(known_ns, append != nullptr ? ShutGate(*append, answer) : "an answer");
    }
    if (append != nullptr && append->time_ns <= at_ns_) {
      Step(append->time_ns, "an unrecorded step");
      Step(invoke.time_ns, absl::StrCat("the request to reach ", Name(append->node)));
    } else {
      Step(invoke.time_ns, "the gate");
    }
    std::reverse(waits_.begin(), waits_.end());
    return std::move(waits_);
  }

 private:
  std::string Name(size_t node) const { return recording_.NodeName(node); }

  // Adds a step from `from_ns` to the earliest time reached so far.
  void Step(int64_t from_ns, std::string what) {
    if (from_ns >= at_ns_) return;
    waits_.push_back({from_ns, at_ns_, std::move(what)});
    at_ns_ = from_ns;
  }

  std::string ShutGate(const Moment& append, const Moment& answer) const {
    const std::string lacked = rule_.Lacked(life_, append.node, answer.time_ns);
    return absl::StrCat("a gate that was not reached", lacked.empty() ? "" : ": it lacked ",
                        lacked);
  }

  // The moment that opened the gate: the last condition that it needed.
  const Moment* OpenedBy(const Moment& gate) const {
    const auto own = [&](const Moment& m) { return IsStage(m) && m.node == gate.node; };
    if (!rule_.known()) {
      return LastBefore(life_, gate.time_ns,
                        [&](const Moment& m) { return m.kind == Kind::kLearned || own(m); });
    }
    const Moment* stage = LastBefore(life_, gate.time_ns, own);
    if (!rule_.of_replicas()) return stage;
    const Moment* learned = rule_.CompletedBy(life_, gate);
    if (learned == nullptr || (stage != nullptr && stage->time_ns > learned->time_ns)) return stage;
    return learned;
  }

  void FromGate(const Moment& gate) {
    const Moment* opened = OpenedBy(gate);
    if (opened == nullptr) return;
    Step(opened->time_ns, "the gate");
    if (opened->kind == Kind::kLearned) {
      FromLearned(*opened);
    } else {
      FromStage(*opened);
    }
  }

  void FromLearned(const Moment& learned) {
    const Moment* reached = LastBefore(life_, learned.time_ns, [&](const Moment& m) {
      return IsStage(m) && m.node == learned.peer && m.stage == learned.stage;
    });
    if (reached == nullptr) {
      const Moment* append = FirstOf(life_, Kind::kAppend);
      if (append != nullptr) Step(append->time_ns, absl::StrCat(Name(learned.peer), "'s report"));
      return;
    }
    Step(reached->time_ns,
         absl::StrCat(Name(learned.node), " to learn of it from ", Name(learned.peer)));
    FromStage(*reached);
    const Moment* sent = LastBefore(life_, at_ns_, [&](const Moment& m) {
      return m.kind == Kind::kSend && m.peer == learned.peer;
    });
    if (sent == nullptr) return;
    Step(sent->time_ns, absl::StrCat("the link ", Name(sent->node), " → ", Name(sent->peer)));
    const Moment* append = FirstOf(life_, Kind::kAppend);
    if (append != nullptr)
      Step(append->time_ns, absl::StrCat(Name(sent->node), " to send it to ", Name(sent->peer)));
  }

  // Adds the stages of one node in reverse; each starts at the end of the latest stage before it.
  void FromStage(const Moment& stage) {
    const Moment* before = LastBefore(life_, stage.time_ns, [&](const Moment& m) {
      return IsStage(m) && m.node == stage.node && m.stage < stage.stage;
    });
    if (before == nullptr) return;
    Step(before->time_ns, absl::StrCat(Name(stage.node), "'s ", kNodeStageNames[stage.stage]));
    FromStage(*before);
  }

  const Recording& recording_;
  const Life& life_;
  const GateRule rule_;
  int64_t at_ns_ = 0;
  std::vector<Wait> waits_;
};

std::string ShownMillis(int64_t ns) { return MillisText(MillisFrom(ns)); }

}  // namespace

std::vector<Wait> CriticalPathOf(const Recording& recording, const Life& life) {
  const Moment* invoke = FirstOf(life, Kind::kInvoke);
  const Moment* answer = FirstOf(life, Kind::kAnswer);
  if (invoke == nullptr || answer == nullptr) return {};
  return Backwards(recording, life).Walk(*invoke, *answer);
}

std::string LongestStep(const std::vector<Wait>& waits) {
  if (waits.empty()) return "";
  const auto longest =
      std::max_element(waits.begin(), waits.end(),
                       [](const Wait& a, const Wait& b) { return a.length_ns() < b.length_ns(); });
  return absl::StrCat(ShownMillis(waits.back().to_ns - waits.front().from_ns), ": ",
                      ShownMillis(longest->length_ns()), " waiting for ", longest->what);
}

}  // namespace replsim
