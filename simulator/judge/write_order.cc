#include "simulator/judge/write_order.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "simulator/judge/time_order.h"

namespace replsim::judge {

using history::kNever;
using history::Operation;

bool WriteOrder::IsBefore(uint32_t first, uint32_t second) const {
  if (first == kInitialWrite || second == kInitialWrite) return second != kInitialWrite;
  const Operation& a = registers_.at(first);
  const Operation& b = registers_.at(second);
  if (by_ == WritesInOrder::kOfTime && a.end < b.begin) return true;
  return a.process == b.process && a.end != kNever &&
         registers_.PlaceOf(first) < registers_.PlaceOf(second);
}

bool WriteOrder::Need(uint32_t older, uint32_t newer, const Why& why) {
  if (older == newer) return false;
  if (candidate_ != nullptr) {
    if (candidate_->PlaceOf(older) < candidate_->PlaceOf(newer)) return false;
  } else if (IsBefore(older, newer)) {
    return false;
  }
  const Needed needed{older, newer, why};
  if (!IsBefore(newer, older)) {
    if (TakesMemory(sizeof(Needed))) needed_.push_back(needed);
    return false;
  }
  Contradict(needed);
  return true;
}

bool WriteOrder::TakesMemory(size_t bytes) {
  bytes_ += bytes;
  is_out_of_memory_ = is_out_of_memory_ || bytes_ > watch_->memory_bytes();
  return !is_out_of_memory_;
}

void WriteOrder::NeedStrictly(uint32_t older, uint32_t newer, const Why& why) {
  if (older == newer) return Refuse(older, newer, why);
  Need(older, newer, why);
}

void WriteOrder::Refuse(uint32_t older, uint32_t newer, const Why& why) {
  Contradict({older, newer, why});
}

std::vector<OrderedWrites> WriteOrder::Open() const {
  std::vector<OrderedWrites> open;
  if (is_contradicted_) return open;
  for (const Needed& needed : needed_) open.push_back({needed.older, needed.newer});
  return open;
}

void WriteOrder::Contradict(const Needed& needed) {
  const int64_t begin = registers_.at(needed.why.effect).begin;
  if (!is_contradicted_ || begin < registers_.at(contradicted_.why.effect).begin) {
    contradicted_ = needed;
  }
  is_contradicted_ = true;
}

// Adds each client's order of writes where time does not already imply it: overlapping writes.
void WriteOrder::NeedClientsOrder() {
  if (by_ != WritesInOrder::kOfTime) return;
  Forgettable<uint32_t> last(registers_.keys());
  for (uint32_t process = 0; process < registers_.processes(); ++process) {
    last.Forget();
    for (const Access& access : registers_.OfProcess(process)) {
      if (access.is_read) continue;
      const uint32_t* const before = last.Find(access.key);
      if (before != nullptr && registers_.at(*before).end >= registers_.at(access.position).begin) {
        needed_.push_back({*before, access.position, Why{}});
      }
      if (access.is_answered) last[access.key] = access.position;
    }
  }
}

// The writes that occur in needs, by key and begin. Other writes add nothing, because the known
// order is transitive.
std::vector<uint32_t> WriteOrder::Nodes() const {
  std::vector<uint32_t> nodes;
  for (const Needed& needed : needed_) {
    nodes.push_back(needed.older);
    nodes.push_back(needed.newer);
  }
  std::sort(nodes.begin(), nodes.end(), [this](uint32_t a, uint32_t b) {
    const uint32_t key_a = registers_.at(a).key;
    const uint32_t key_b = registers_.at(b).key;
    return key_a != key_b ? key_a < key_b : a < b;
  });
  nodes.erase(std::unique(nodes.begin(), nodes.end()), nodes.end());
  return nodes;
}

Graph WriteOrder::BuildGraph(const std::vector<uint32_t>& nodes) const {
  Graph graph(nodes.size());
  std::vector<uint32_t> node_of(registers_.size(), kNoNode);
  for (uint32_t node = 0; node < nodes.size(); ++node) node_of[nodes[node]] = node;
  for (uint32_t i = 0; i < needed_.size(); ++i) {
    const Edge edge = needed_[i].why.effect == kNoNode ? Edge::kSession : Edge::kRead;
    graph.Add(node_of[needed_[i].older], node_of[needed_[i].newer], edge, 0, i);
  }
  Forgettable<uint32_t> last(registers_.processes());
  for (size_t from = 0; from < nodes.size();) {
    const uint32_t key = registers_.at(nodes[from]).key;
    size_t to = from;
    std::vector<uint32_t> of_key;
    last.Forget();
    for (; to < nodes.size() && registers_.at(nodes[to]).key == key; ++to) {
      const auto node = static_cast<uint32_t>(to);
      const Operation& write = registers_.at(nodes[to]);
      of_key.push_back(node);
      if (const uint32_t* const before = last.Find(write.process)) {
        graph.Add(*before, node, Edge::kSession, 0, 0);
      }
      if (write.end != kNever) last[write.process] = node;
    }
    if (by_ == WritesInOrder::kOfTime) {
      const TimeOrder in_time(
          of_key, [&](uint32_t node) { return registers_.at(nodes[node]).begin; },
          [&](uint32_t node) { return registers_.at(nodes[node]).end; });
      in_time.ForEachPair([&](uint32_t first, uint32_t second) {
        graph.Add(first, second, Edge::kTime, 0, 0);
        return !watch_->IsSpent() && graph.bytes() <= watch_->memory_bytes();
      });
    }
    from = to;
  }
  return graph;
}

std::string WriteOrder::KnownText(uint32_t first, uint32_t second, const Why& why,
                                  uint32_t key) const {
  const std::string text = absl::StrCat(registers_.NameOf(first, key), " is before ",
                                        registers_.NameOf(second, key), ", because ");
  if (first == kInitialWrite) return absl::StrCat(text, "nothing is before the initial value");
  const Operation& a = registers_.at(first);
  const Operation& b = registers_.at(second);
  if (a.process == b.process && registers_.PlaceOf(first) < registers_.PlaceOf(second)) {
    return absl::StrCat(text, registers_.history().processes[a.process], " wrote it first");
  }
  if (!IsBefore(first, second)) {
    return absl::StrCat(text, "the other one's client had read it first (",
                        registers_.TextOf(why.cause), ")");
  }
  return absl::StrCat(text, "it had ended (", registers_.TextOf(first),
                      ") before the other one began (", registers_.TextOf(second), ")");
}

void WriteOrder::Witness(const Needed& needed, Verdict* verdict) const {
  const auto add = [&](uint32_t position) {
    if (position < registers_.size()) verdict->witness.push_back(registers_.IndexOf(position));
  };
  add(needed.older);
  add(needed.newer);
  for (const uint32_t position : {needed.why.cause, needed.why.link, needed.why.effect}) {
    add(position);
    if (position != kNoNode) add(registers_.WriteOf(position));
  }
}

void WriteOrder::TellContradiction(const Needed& needed, Tell tell, Verdict* verdict) const {
  const uint32_t key = registers_.at(needed.why.effect).key;
  Witness(needed, verdict);
  verdict->reason = tell(registers_, needed.why);
  if (needed.older == needed.newer) return;
  verdict->because.push_back(KnownText(needed.newer, needed.older, needed.why, key));
  verdict->because.push_back(absl::StrCat(
      "however, ", registers_.NameOf(needed.older, key), " would have to be before ",
      registers_.NameOf(needed.newer, key), ", because ", verdict->reason, ": a contradiction"));
}

void WriteOrder::TellCycle(const std::vector<uint32_t>& nodes,
                           const std::vector<Graph::CycleArc>& cycle, Tell tell,
                           Verdict* verdict) const {
  const uint32_t key = registers_.at(nodes[cycle.front().from]).key;
  for (const Graph::CycleArc& step : cycle) {
    const uint32_t first = nodes[step.from];
    const uint32_t second = nodes[step.arc.to];
    if (step.arc.why != Edge::kRead) {
      verdict->witness.push_back(registers_.IndexOf(first));
      verdict->witness.push_back(registers_.IndexOf(second));
      verdict->because.push_back(KnownText(first, second, {}, key));
      continue;
    }
    const Needed& needed = needed_[step.arc.witness];
    Witness(needed, verdict);
    const std::string why = tell(registers_, needed.why);
    if (verdict->reason.empty()) verdict->reason = why;
    verdict->because.push_back(absl::StrCat(registers_.NameOf(first, key), " is before ",
                                            registers_.NameOf(second, key), ", because ", why));
  }
  verdict->because.back() = absl::StrCat("however, ", verdict->because.back(), ": a contradiction");
}

void WriteOrder::Decide(Tell tell, Verdict* verdict) {
  verdict->reads = checked_;
  verdict->bad_reads = bad_;
  if (is_contradicted_) {
    // A violation found before the limit was reached stays valid.
    verdict->holds = Holds::kNo;
    TellContradiction(contradicted_, tell, verdict);
  } else if (watch_->WasSpent()) {
    return AnswerOutOfTime(verdict);
  } else if (is_out_of_memory_) {
    return AnswerOutOfMemory(verdict);
  } else if (!needed_.empty()) {
    NeedClientsOrder();
    const std::vector<uint32_t> nodes = Nodes();
    const Graph graph = BuildGraph(nodes);
    if (!TakesMemory(graph.bytes())) return AnswerOutOfMemory(verdict);
    const std::vector<Graph::CycleArc> cycle = graph.ShortestCycle(watch_);
    if (watch_->WasSpent()) return AnswerOutOfTime(verdict);
    if (!cycle.empty()) {
      verdict->holds = Holds::kNo;
      verdict->bad_reads = 1;
      TellCycle(nodes, cycle, tell, verdict);
    }
  }
  std::sort(verdict->witness.begin(), verdict->witness.end());
  verdict->witness.erase(std::unique(verdict->witness.begin(), verdict->witness.end()),
                         verdict->witness.end());
}

}  // namespace replsim::judge
