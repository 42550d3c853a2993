#include <algorithm>
#include <optional>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/suggest.h"
#include "common/protocol/failpoint_names.h"
#include "simulator/fault_kinds/fault_kind.h"
#include "simulator/scenario/check_parts.h"
#include "simulator/scenario/units.h"

namespace replsim {
namespace {

std::vector<std::string> FailpointNames() {
  std::vector<std::string> names;
  for (const Point point : kAllPoints) {
    names.push_back(ToString(FailpointName{false, point}));
    names.push_back(ToString(FailpointName{true, point}));
  }
  return names;
}

class FaultCheck {
 public:
  FaultCheck(const CheckContext& context, int index)
      : context_(context),
        index_(index),
        fault_(context.scenario.faults(index)),
        path_(absl::StrCat("faults[", index, "]")) {}

  void Run() {
    if (fault_.do_() == proto::ACTION_UNSPECIFIED) {
      Refuse("", "has no 'do'; expected an action, e.g. do: kill");
      return;
    }
    CheckTrigger();
    if (IsOfLinks(fault_)) {
      CheckEnds(context_, path_, {fault_.from().begin(), fault_.from().end()},
                {fault_.to().begin(), fault_.to().end()});
      Unused(".node", !fault_.node().empty());
    } else {
      CheckNode();
      Unused(".from", fault_.from_size() > 0);
      Unused(".to", fault_.to_size() > 0);
    }
    CheckOptions();
  }

 private:
  void Refuse(const std::string& below, const std::string& text) {
    const bool named = fault_.do_() != proto::ACTION_UNSPECIFIED;
    context_.Refuse(
        path_ + below,
        absl::StrCat(path_, named ? absl::StrCat(" (", NameOf(fault_.do_()), ")") : "", " ", text));
  }
  void Unused(const std::string& below, bool given) {
    if (given) Refuse(below, absl::StrCat("does not use '", below.substr(1), "'"));
  }

  void CheckTrigger() {
    const proto::When& when = fault_.when();
    const int triggers = (when.has_at() ? 1 : 0) + (when.has_committed() ? 1 : 0) +
                         (when.has_after_previous() ? 1 : 0) + (when.point().empty() ? 0 : 1);
    if (triggers != 1) {
      Refuse(".when",
             absl::StrCat("has ", triggers == 0 ? "no trigger" : "several triggers",
                          "; expected exactly one of at, committed, after_previous, point"));
      return;
    }
    if (when.has_after_previous() && index_ == 0) {
      Refuse(".when.after_previous", "is the first fault; after_previous needs one above it");
    }
    if (when.has_at() && context_.scenario.has_duration() && context_.Known("duration") &&
        when.at().ns() >= context_.scenario.duration().ns()) {
      Refuse(".when.at", absl::StrCat("would happen at ", ToText(when.at()), ", when the load (",
                                      ToText(context_.scenario.duration()), ") has ended"));
    }
    if (when.has_committed() && when.committed() == 0)
      Refuse(".when.committed", "waits for 0 writes; expected at: 0s, or a number of writes");
    context_.AtMost(path_ + ".when.committed", when.committed(), kMaxWrites);
    CheckPoint();
  }

  void CheckPoint() {
    const proto::When& when = fault_.when();
    context_.AtMost(path_ + ".when.hit", when.hit(), kMaxWrites);
    context_.AtMost(path_ + ".when.lsn", when.lsn(), kMaxWrites);
    if (when.point().empty()) {
      if (when.has_hit()) Refuse(".when.hit", "has a hit without a point");
      if (when.has_lsn()) Refuse(".when.lsn", "has an lsn without a point");
      return;
    }
    if (when.has_hit() && when.has_lsn()) Refuse(".when.lsn", "has both hit and lsn; expected one");
    if (when.has_hit() && when.hit() == 0)
      Refuse(".when.hit", "has hit 0; the first write that passes is 1");
    if (when.has_lsn() && when.lsn() == 0) Refuse(".when.lsn", "has lsn 0; the first write is 1");
    if (!KindOf(fault_.do_()).at_point) {
      Refuse(".when.point",
             "cannot happen at a point in the life of a write; only kill, host-loss, power-loss "
             "and pause can (use after_previous: 0s to follow one immediately)");
    }
    const std::optional<FailpointName> name = ParseFailpoint(when.point());
    if (!name.has_value()) {
      context_.Refuse(path_ + ".when.point", absl::StrCat("unknown point '", when.point(), "'",
                                                          Suggest(when.point(), FailpointNames())));
    } else {
      CheckRole(*name);
    }
  }

  // A node that never has the role never reaches the failpoint. A promotion or an election may
  // change any role.
  void CheckRole(FailpointName name) {
    const auto& faults = context_.scenario.faults();
    const bool promotes = context_.scenario.failover().has_suspect_after() ||
                          std::any_of(faults.begin(), faults.end(), [](const proto::Fault& fault) {
                            return fault.do_() == proto::PROMOTE;
                          });
    const bool of_replica = IsReplicaPoint(name.point);
    const bool leads = fault_.node() == "p" || fault_.node() == "primary";
    const bool never = fault_.node() == "primary" ? of_replica : !promotes && leads == of_replica;
    if (!never || fault_.node().empty()) return;
    Refuse(".node", absl::StrCat("waits for ", ToString(name), " on ", fault_.node(), ", which ",
                                 of_replica ? "is never a replica"
                                            : "never leads, because no replica is promoted"));
  }

  void CheckNode() {
    std::vector<std::string> known = NodeIds(context_.scenario);
    const bool picks = fault_.do_() == proto::PROMOTE || fault_.do_() == proto::SWITCHOVER;
    known.push_back(picks ? "best" : "primary");
    if (KindOf(fault_.do_()).hits_witness && fault_.when().point().empty()) {
      for (std::string& witness : WitnessIds(context_.scenario)) {
        known.push_back(std::move(witness));
      }
    }
    if (fault_.node().empty()) {
      Refuse("", absl::StrCat("has no 'node'; expected one of ", Known(known)));
    } else if (context_.Known("cluster.replicas") &&
               std::find(known.begin(), known.end(), fault_.node()) == known.end()) {
      context_.Refuse(path_ + ".node",
                      absl::StrCat("unknown node '", fault_.node(), "' to ", NameOf(fault_.do_()),
                                   Suggest(fault_.node(), known)));
    }
    if (KindOf(fault_.do_()).of_elections && !context_.scenario.failover().has_suspect_after()) {
      Refuse("",
             "needs nodes that elect their primary; expected failover.preset (raft, mongodb) or "
             "failover.suspect_after");
    }
    if (!picks) return;
    if (context_.scenario.cluster().replicas() == 0) {
      Refuse("", "has no replica to promote; the cluster has none");
    }
    const auto& never = context_.scenario.failover().never_leads();
    if (std::find(never.begin(), never.end(), fault_.node()) != never.end()) {
      Refuse(".node", absl::StrCat("lets ", fault_.node(),
                                   " stand for election, but failover.never_leads names it; "
                                   "expected another replica, or best"));
    }
  }

  static std::string Known(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words) absl::StrAppend(&text, text.empty() ? "" : ", ", word);
    return text;
  }

  void CheckOptions() {
    const FaultKind& kind = KindOf(fault_.do_());
    RefuseUnused(kind);
    const char* const lacks = kind.lacks == nullptr ? nullptr : kind.lacks(fault_);
    if (lacks != nullptr) Refuse("", lacks);
    if (fault_.has_delay()) CheckDelay(context_, path_ + ".delay", fault_.delay());
    if (fault_.has_bandwidth()) CheckBandwidth(context_, path_ + ".bandwidth", fault_.bandwidth());
    if (fault_.has_loss()) CheckLoss(context_, path_ + ".loss", fault_.loss());
    CheckDrift(context_, path_ + ".drift", fault_.drift());
    CheckNumbers();
    CheckShare();
    CheckRepetition();
  }

  // The keys that every fault may have are checked elsewhere.
  void RefuseUnused(const FaultKind& kind) {
    constexpr absl::string_view kOfAll = " when do node from to every times for ";
    std::vector<const google::protobuf::FieldDescriptor*> given;
    fault_.GetReflection()->ListFields(fault_, &given);
    for (const google::protobuf::FieldDescriptor* field : given) {
      const std::string& key = field->name();
      if (absl::StrContains(kOfAll, absl::StrCat(" ", key, " "))) continue;
      Unused("." + key, !Uses(kind, key.c_str()) || (key == "one_way" && !IsOfLinks(fault_)));
    }
  }

  void CheckNumbers() {
    if (fault_.has_flushes() && fault_.flushes() == 0)
      Refuse(".flushes", "lets 0 flushes fail; expected at least 1");
    if (fault_.has_lsn() && fault_.lsn() == 0) Refuse(".lsn", "has lsn 0; the first write is 1");
    context_.AtMost(path_ + ".flushes", fault_.flushes(), kMaxTimes);
    context_.AtMost(path_ + ".lsn", fault_.lsn(), kMaxWrites);
  }

  void CheckShare() {
    const bool flaps = fault_.do_() == proto::FLAP;
    if (flaps && fault_.period().ns() < kShortestNs) {
      Refuse(".period",
             "needs a period of 1ms or more, from one partition to the next, e.g. 500ms");
    }
    if (flaps && !(fault_.share() > 0 && fault_.share() < 1)) {
      Refuse(".share", "needs a share of the period above 0 and below 1, e.g. 0.5");
    }
    if (fault_.do_() != proto::SLOW_NODE) return;
    if (!(fault_.share() > 0 && fault_.share() <= 1))
      Refuse(".share",
             "needs a share of a processor above 0 and at most 1, e.g. share: 0.2 (1 ends it)");
    if (PausesAtPoint()) {
      Refuse("",
             "cannot be combined with a pause at a point: in a live run both stop the node with "
             "the same signal and cannot be distinguished");
    }
  }

  bool PausesAtPoint() const {
    const auto& faults = context_.scenario.faults();
    return std::any_of(faults.begin(), faults.end(), [](const proto::Fault& fault) {
      return fault.do_() == proto::PAUSE && !fault.when().point().empty();
    });
  }

  void CheckRepetition() {
    const bool repeats = fault_.has_every();
    if (repeats && fault_.every().ns() < kShortestNs)
      Refuse(".every", "repeats more often than every 1ms; expected e.g. every: 2s");
    if (repeats && !fault_.when().point().empty()) {
      Refuse(".every", "is triggered by a point, which a process passes once, so it cannot repeat");
    }
    if (fault_.has_times() && !repeats)
      Refuse(".times", "has times without every; expected e.g. every: 2s");
    if (fault_.has_times() && fault_.times() == 0)
      Refuse(".times", "happens 0 times; expected 1 or more");
    context_.AtMost(path_ + ".times", fault_.times(), kMaxTimes);
    if (repeats && fault_.times() > 1 && context_.Known("duration") && context_.Known(path_) &&
        LastAtNs() >= static_cast<double>(context_.scenario.duration().ns())) {
      Refuse(".times", absl::StrCat("would happen for the last time when the load (",
                                    ToText(context_.scenario.duration()), ") has ended"));
    }
    if (!fault_.has_for_()) return;
    if (!EndOf(fault_).has_value()) Refuse(".for", "is instantaneous, so 'for' has nothing to end");
    if (fault_.for_().ns() == 0) Refuse(".for", "has zero length; expected e.g. for: 500ms");
    if (repeats && context_.Known(path_ + ".every") && fault_.for_().ns() >= fault_.every().ns()) {
      Refuse(".for", absl::StrCat("would start again (every ", ToText(fault_.every()),
                                  ") before it has ended"));
    }
  }

  // Returns the earliest possible time of the last repetition, as far as it is known before the
  // run.
  double LastAtNs() const {
    return static_cast<double>(fault_.when().at().ns()) +
           (fault_.times() - 1.0) * static_cast<double>(fault_.every().ns());
  }

  static constexpr int64_t kShortestNs = 1'000'000;
  static constexpr uint64_t kMaxTimes = 1'000'000;

  const CheckContext& context_;
  const int index_;
  const proto::Fault& fault_;
  const std::string path_;
};

}  // namespace

void CheckFaults(const CheckContext& context) {
  for (int i = 0; i < context.scenario.faults_size(); ++i) FaultCheck(context, i).Run();
}

}  // namespace replsim
