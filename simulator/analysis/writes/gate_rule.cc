#include "simulator/analysis/writes/gate_rule.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "simulator/analysis/evidence/settings.h"
#include "simulator/metrics/stage_names.h"

namespace replsim {
namespace {

// "first 2 [r1, r2]" → r1, r2
std::vector<std::string> IdsOf(absl::string_view set) {
  const size_t open = set.find('[');
  const size_t close = set.find(']');
  if (open == absl::string_view::npos || close == absl::string_view::npos) return {};
  return absl::StrSplit(set.substr(open + 1, close - open - 1), ", ", absl::SkipEmpty());
}

}  // namespace

GateRule::GateRule(const Recording& recording) : recording_(recording) {
  std::string stage;
  std::string set;
  for (const auto& [path, value] : FlattenSettings(recording.scenario_yaml)) {
    if (path == "replication.ack_after") stage = value;
    if (path == "replication.sync_set") set = value;
  }
  if (stage.empty() || set.empty()) return;
  known_ = true;
  absl::string_view of_replica = stage;
  of_replicas_ = absl::ConsumePrefix(&of_replica, "replica-");
  for (size_t i = 0; of_replicas_ && i < std::size(kNodeStageNames); ++i) {
    if (of_replica == kNodeStageNames[i]) stage_ = i;
  }
  in_order_ = absl::StartsWith(set, "first");
  ids_ = IdsOf(set);
  const std::vector<std::string> words = absl::StrSplit(set, ' ');
  if (set == "majority") needed_ = recording.nodes.size() / 2;
  if (words.size() > 1 && !absl::SimpleAtoi(words[1], &needed_)) known_ = false;
}

std::vector<const Moment*> GateRule::LearnedBy(const std::vector<Moment>& life,
                                               int64_t time_ns) const {
  std::vector<const Moment*> learned;
  for (const Moment& moment : life) {
    if (moment.kind != Moment::Kind::kLearned || moment.stage != stage_) continue;
    if (moment.time_ns <= time_ns) learned.push_back(&moment);
  }
  if (!in_order_) return learned;  // already in order of time, as the life is
  std::vector<const Moment*> members;
  std::stable_sort(learned.begin(), learned.end(),
                   [](const Moment* a, const Moment* b) { return a->peer < b->peer; });
  if (ids_.empty()) return learned;
  for (const std::string& id : ids_) {
    for (const Moment* moment : learned) {
      if (recording_.NodeName(moment->peer) == id) members.push_back(moment);
    }
  }
  return members;
}

size_t GateRule::Needed() const {
  if (needed_ > 0) return needed_;
  return recording_.nodes.empty() ? 0 : recording_.nodes.size() - 1;
}

const Moment* GateRule::CompletedBy(const std::vector<Moment>& life, const Moment& gate) const {
  std::vector<const Moment*> learned = LearnedBy(life, gate.time_ns);
  if (learned.empty()) return nullptr;
  learned.resize(std::min(learned.size(), Needed()));
  return *std::max_element(learned.begin(), learned.end(), [](const Moment* a, const Moment* b) {
    return a->time_ns < b->time_ns;
  });
}

std::string GateRule::Lacked(const std::vector<Moment>& life, size_t leader,
                             int64_t until_ns) const {
  if (!known_ || !of_replicas_) return "";
  const std::vector<const Moment*> learned = LearnedBy(life, until_ns);
  const auto has = [&](const std::string& id) {
    return std::any_of(learned.begin(), learned.end(), [&](const Moment* moment) {
      return recording_.NodeName(moment->peer) == id;
    });
  };
  std::vector<std::string> missing;
  for (size_t node = 0; node < recording_.nodes.size(); ++node) {
    const std::string id = recording_.NodeName(node);
    const bool member =
        ids_.empty() ? node != leader : std::find(ids_.begin(), ids_.end(), id) != ids_.end();
    if (!member || has(id)) continue;
    missing.push_back(node == leader ? absl::StrCat(id, " (the primary)") : id);
  }
  const size_t lacking = Needed() - std::min(Needed(), learned.size());
  if (missing.empty() || lacking == 0) return "";
  const std::string names = absl::StrJoin(missing, ", ");
  return lacking >= missing.size() ? names : absl::StrCat(lacking, " of ", names);
}

}  // namespace replsim
