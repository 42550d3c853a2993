#include "simulator/judge/saturation.h"

#include <algorithm>
#include <deque>
#include <utility>

#include "absl/strings/str_cat.h"

namespace replsim::judge {

Saturation::Saturation(const ClientOrder& clients, Watch* watch)
    : clients_(clients), registers_(clients.registers()), watch_(watch) {
  NumberLanes();
}

void Saturation::NumberLanes() {
  lane_.assign(clients_.size(), 0);
  place_.assign(clients_.size(), 0);
  writers_of_key_.resize(registers_.keys());
  for (uint32_t process = 0; process < registers_.processes(); ++process) {
    uint32_t places = 0;
    uint32_t lane = kNoNode;
    for (const Access& access : registers_.OfProcess(process)) {
      const uint32_t position = access.position;
      if (!clients_.Holds(position)) continue;
      if (!access.is_answered) {
        lane_[position] = lanes_++;
        place_[position] = 1;
      } else {
        if (lane == kNoNode) lane = lanes_++;
        lane_[position] = lane;
        place_[position] = ++places;
      }
      if (access.is_read) continue;
      std::vector<Writers>& of_key = writers_of_key_[access.key];
      auto it = std::find_if(of_key.rbegin(), of_key.rend(), [&](const Writers& writers) {
        return writers.lane == lane_[position];
      });
      if (it == of_key.rend()) {
        of_key.push_back({lane_[position], {position}});
      } else {
        it->writes.push_back(position);
      }
    }
  }
}

Saturation::Result Saturation::Run() {
  if (static_cast<size_t>(clients_.size()) * (lanes_ + 8) * sizeof(uint32_t) >
      watch_->memory_bytes()) {
    return Result::kOutOfMemory;
  }
  // Any write overwrites the initial value, so its reads come before every write of the key.
  for (uint32_t key = 0; key < registers_.keys(); ++key) {
    for (const uint32_t read : clients_.ReadsOfInitial(key)) {
      if (watch_->IsSpent(writers_of_key_[key].size())) return Result::kOutOfTime;
      for (const Writers& writers : writers_of_key_[key]) {
        Add(read, writers.writes[0], kNoNode, kNoNode);
      }
    }
  }
  for (round_ = 1;; ++round_) {
    const bool sorted = Sort();
    if (watch_->WasSpent()) return Result::kOutOfTime;
    if (!sorted) return Result::kCircle;
    FillClocks();
    const bool more = !watch_->WasSpent() && Infer();
    if (watch_->WasSpent()) return Result::kOutOfTime;
    if (!more) return Result::kNoCircle;
    if (inferred_.size() * sizeof(Inferred) > watch_->memory_bytes() / 2) {
      return Result::kOutOfMemory;
    }
  }
}

void Saturation::Add(uint32_t from, uint32_t to, uint32_t cause_from, uint32_t cause_to) {
  inferred_.push_back({from, to, cause_from, cause_to, round_});
}

template <typename Visit>
void Saturation::ForEachNext(uint32_t position, uint32_t rounds, Visit visit) const {
  clients_.ForEachAfter(position, [&](uint32_t next) { visit(next, kNoNode); });
  if (!registers_.IsRead(position)) {
    for (const uint32_t read : clients_.ReadsOf(position)) visit(read, kNoNode);
  }
  for (uint32_t i = first_inferred_[position]; i < first_inferred_[position + 1]; ++i) {
    const Inferred& inferred = inferred_[by_from_[i]];
    if (inferred.round < rounds) visit(inferred.to, by_from_[i]);
  }
}

bool Saturation::Sort() {
  first_inferred_.assign(clients_.size() + 1, 0);
  for (const Inferred& inferred : inferred_) ++first_inferred_[inferred.from + 1];
  for (uint32_t i = 0; i < clients_.size(); ++i) first_inferred_[i + 1] += first_inferred_[i];
  by_from_.resize(inferred_.size());
  std::vector<uint32_t> at = first_inferred_;
  for (uint32_t i = 0; i < inferred_.size(); ++i) by_from_[at[inferred_[i].from]++] = i;

  std::vector<uint32_t> waits(clients_.size(), 0);
  for (uint32_t i = 0; i < clients_.size(); ++i) {
    if (clients_.Holds(i)) {
      ForEachNext(i, round_, [&](uint32_t next, uint32_t /*inferred*/) { ++waits[next]; });
    }
  }
  order_.clear();
  is_ordered_.assign(clients_.size(), false);
  for (uint32_t i = 0; i < clients_.size(); ++i) {
    if (clients_.Holds(i) && waits[i] == 0) order_.push_back(i);
  }
  for (size_t i = 0; i < order_.size(); ++i) {
    if (watch_->IsSpent()) return false;
    is_ordered_[order_[i]] = true;
    ForEachNext(order_[i], round_, [&](uint32_t next, uint32_t /*inferred*/) {
      if (--waits[next] == 0) order_.push_back(next);
    });
  }
  return order_.size() == clients_.count();
}

void Saturation::FillClocks() {
  clocks_.assign(static_cast<size_t>(clients_.size()) * lanes_, 0);
  for (const uint32_t position : order_) {
    uint32_t* const clock = &clocks_[static_cast<size_t>(position) * lanes_];
    clock[lane_[position]] = place_[position];
    ForEachNext(position, round_, [&](uint32_t next, uint32_t /*inferred*/) {
      uint32_t* const other = &clocks_[static_cast<size_t>(next) * lanes_];
      for (uint32_t lane = 0; lane < lanes_; ++lane) {
        other[lane] = std::max(other[lane], clock[lane]);
      }
    });
    if (watch_->IsSpent(1 + lanes_ / 16)) return;
  }
}

uint32_t Saturation::LastBefore(const Writers& writers, uint32_t position) const {
  uint32_t known = clocks_[static_cast<size_t>(position) * lanes_ + writers.lane];
  if (writers.lane == lane_[position]) --known;  // exclude the operation itself
  const auto after = std::partition_point(writers.writes.begin(), writers.writes.end(),
                                          [&](uint32_t write) { return place_[write] <= known; });
  return after == writers.writes.begin() ? kNoNode : *std::prev(after);
}

void Saturation::InferFromRead(uint32_t read) {
  const uint32_t write = registers_.WriteOf(read);
  for (const Writers& writers : writers_of_key_[registers_.at(read).key]) {
    const uint32_t other = LastBefore(writers, read);
    if (other == kNoNode || other == write) continue;
    if (write != kInitialWrite && !IsKnown(other, write)) Add(other, write, other, read);
  }
}

void Saturation::InferFromWrite(uint32_t write) {
  for (const Writers& writers : writers_of_key_[registers_.at(write).key]) {
    const uint32_t other = LastBefore(writers, write);
    if (other == kNoNode) continue;
    for (const uint32_t read : clients_.ReadsOf(other)) {
      if (!IsKnown(read, write)) Add(read, write, other, write);
    }
  }
}

bool Saturation::Infer() {
  const size_t before = inferred_.size();
  for (const uint32_t position : order_) {
    if (watch_->IsSpent(1 + writers_of_key_[registers_.at(position).key].size() / 4)) return false;
    if (registers_.IsRead(position)) {
      InferFromRead(position);
    } else {
      InferFromWrite(position);
    }
  }
  return inferred_.size() > before;
}

std::vector<Saturation::Arc> Saturation::Way(uint32_t from, uint32_t to, uint32_t rounds) const {
  std::vector<Arc> by(clients_.size());
  std::vector<bool> seen(clients_.size(), false);
  std::deque<uint32_t> queue = {from};
  while (!queue.empty() && !seen[to]) {
    const uint32_t position = queue.front();
    queue.pop_front();
    ForEachNext(position, rounds, [&](uint32_t next, uint32_t inferred) {
      if (seen[next]) return;
      seen[next] = true;
      by[next] = {position, inferred};
      queue.push_back(next);
    });
  }
  std::vector<Arc> way;
  if (!seen[to]) return way;
  uint32_t at = to;
  do {
    way.push_back(by[at]);
    at = by[at].from;
  } while (at != from);
  std::reverse(way.begin(), way.end());
  return way;
}

// Every operation that Sort left out is in a cycle or after one, so following arcs backwards from
// it reaches a cycle.
std::vector<Saturation::Arc> Saturation::Circle() const {
  std::vector<uint32_t> before(clients_.size(), kNoNode);
  for (uint32_t i = 0; i < clients_.size(); ++i) {
    if (!clients_.Holds(i) || is_ordered_[i]) continue;
    ForEachNext(i, round_, [&](uint32_t next, uint32_t /*inferred*/) { before[next] = i; });
  }
  uint32_t at = 0;
  while (!clients_.Holds(at) || is_ordered_[at]) ++at;
  for (uint32_t steps = 0; steps < clients_.size(); ++steps) at = before[at];
  return Way(at, at, round_);
}

std::vector<uint32_t> Saturation::Proof() const {
  std::vector<bool> in_proof(clients_.size(), false);
  std::vector<bool> told(inferred_.size(), false);
  std::deque<uint32_t> open;
  const auto take = [&](const std::vector<Arc>& way, uint32_t to) {
    in_proof[to] = true;
    for (const Arc& arc : way) {
      in_proof[arc.from] = true;
      if (arc.inferred == kNoNode || told[arc.inferred]) continue;
      told[arc.inferred] = true;
      open.push_back(arc.inferred);
    }
  };
  const std::vector<Arc> circle = Circle();
  take(circle, circle.front().from);
  for (; !open.empty() && !watch_->IsSpent(clients_.size()); open.pop_front()) {
    const Inferred& inferred = inferred_[open.front()];
    in_proof[inferred.from] = true;
    in_proof[inferred.to] = true;
    if (inferred.cause_from == kNoNode) continue;
    take(Way(inferred.cause_from, inferred.cause_to, inferred.round), inferred.cause_to);
  }
  std::vector<uint32_t> proof;
  for (uint32_t i = 0; i < clients_.size(); ++i) {
    if (!in_proof[i]) continue;
    proof.push_back(i);
    if (registers_.IsRead(i) && registers_.WriteOf(i) != kInitialWrite) {
      proof.push_back(registers_.WriteOf(i));
    }
  }
  std::sort(proof.begin(), proof.end());
  proof.erase(std::unique(proof.begin(), proof.end()), proof.end());
  return proof;
}

std::vector<std::string> Saturation::Because() const {
  std::vector<std::string> lines;
  const std::vector<Arc> circle = Circle();
  for (size_t i = 0; i < circle.size(); ++i) {
    const uint32_t from = circle[i].from;
    const uint32_t to = circle[(i + 1) % circle.size()].from;
    std::string line =
        absl::StrCat(registers_.TextOf(from), " is before ", registers_.TextOf(to), ", because ");
    if (circle[i].inferred == kNoNode) {
      const bool same_client = registers_.at(from).process == registers_.at(to).process;
      absl::StrAppend(&line, same_client             ? "the same client did it first"
                             : registers_.IsRead(to) ? "that read its value"
                                                     : "it had ended when that began");
    } else if (const Inferred& inferred = inferred_[circle[i].inferred]; registers_.IsRead(from)) {
      absl::StrAppend(&line, "it saw ",
                      registers_.NameOf(registers_.WriteOf(from), registers_.at(from).key),
                      ", which is before that");
    } else {
      absl::StrAppend(&line, "it is before ", registers_.TextOf(inferred.cause_to),
                      ", which saw the other one");
    }
    if (i + 1 == circle.size()) line = absl::StrCat("however, ", line, ": a contradiction");
    lines.push_back(std::move(line));
  }
  return lines;
}

}  // namespace replsim::judge
