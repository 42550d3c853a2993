#include "simulator/judge/sequential_search.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_map.h"

namespace replsim::judge {

using history::History;
using history::Kind;
using history::Operation;
using history::Outcome;
using history::Value;

SequentialSearch::SequentialSearch(const History& history, std::vector<uint32_t> operations,
                                   WritesInOrder writes, size_t memory_bytes)
    : operations_(std::move(operations)), writes_(writes), seen_(memory_bytes) {
  Number(history);
  for (const uint32_t cell : holds_) fingerprint_.Toggle(steps_.size() + cell);
  TakeWhatIsSafe();
}

void SequentialSearch::Number(const History& history) {
  absl::flat_hash_map<uint64_t, uint32_t> cells;
  const auto cell = [&](uint32_t key, Value value) {
    const uint64_t name = (static_cast<uint64_t>(key) << 32) | static_cast<uint32_t>(value);
    return cells.emplace(name, static_cast<uint32_t>(cells.size())).first->second;
  };
  for (uint32_t key = 0; key < history.keys.size(); ++key) {
    holds_.push_back(cell(key, history.initial));
  }
  has_refusals_.assign(history.keys.size(), false);
  lanes_.resize(history.processes.size());
  heads_.assign(lanes_.size(), 0);
  for (uint32_t i = 0; i < operations_.size(); ++i) {
    const Operation& operation = history.operations[operations_[i]];
    Step& step = steps_.emplace_back();
    step.key = operation.key;
    step.process = operation.process;
    step.is_answered = operation.end != history::kNever;
    step.is_read = operation.kind == Kind::kRead;
    step.begin = operation.begin;
    step.end = operation.end;
    if (operation.kind == Kind::kRead) step.wants = cell(operation.key, operation.value);
    if (operation.kind == Kind::kWrite) step.sets = cell(operation.key, operation.value);
    if (operation.kind == Kind::kCas && operation.outcome == Outcome::kNo) {
      step.refuses = cell(operation.key, operation.expected);
      has_refusals_[operation.key] = true;
    } else if (operation.kind == Kind::kCas) {
      step.wants = cell(operation.key, operation.expected);
      step.sets = cell(operation.key, operation.value);
    }
    std::vector<uint32_t>& lane = lanes_[operation.process];
    if (step.is_answered) {
      lane.push_back(i);
      ++left_;
    } else if (step.sets != kNoNode) {
      step.before = lane.empty() ? kNoNode : lane.back();
      pending_.push_back(i);
    }
  }
  wanted_.assign(cells.size(), 0);
  asked_.assign(cells.size(), 0);
  offered_.assign(cells.size(), 0);
  is_initial_.assign(cells.size(), false);
  for (const uint32_t initial : holds_) is_initial_[initial] = true;
  is_taken_.assign(steps_.size(), false);
  for (const Step& step : steps_) Wanted(step, 1);
}

void SequentialSearch::Wanted(const Step& step, int change) {
  if (step.wants != kNoNode) asked_[step.wants] += change;
  // An unanswered operation need not have happened.
  if (step.is_answered && step.wants != kNoNode) wanted_[step.wants] += change;
  if (step.sets != kNoNode) offered_[step.sets] += change;
}

bool SequentialSearch::ExplainsReads() const {
  for (size_t cell = 0; cell < wanted_.size(); ++cell) {
    if (wanted_[cell] > 0 && offered_[cell] == 0 && !is_initial_[cell]) return false;
  }
  return true;
}

SequentialSearch::Result SequentialSearch::Run(uint64_t steps) {
  while (steps-- > 0) {
    if (left_ == 0) return Result::kYes;
    if (seen_.full()) return Result::kOutOfMemory;
    if (!Advance() && !Back()) return Result::kNo;
  }
  return Result::kRunning;
}

uint32_t SequentialSearch::ChoiceAt(uint32_t choice) const {
  if (choice < lanes_.size()) {
    const std::vector<uint32_t>& lane = lanes_[choice];
    return heads_[choice] < lane.size() ? lane[heads_[choice]] : kNoNode;
  }
  const uint32_t step = pending_[choice - lanes_.size()];
  const uint32_t before = steps_[step].before;
  if (is_taken_[step] || (before != kNoNode && !is_taken_[before])) return kNoNode;
  // An unanswered write whose value no remaining operation needs can be left out.
  return asked_[steps_[step].sets] > 0 || has_refusals_[steps_[step].key] ? step : kNoNode;
}

// Whether every write that ended before this one began has been taken. A client's writes end in its
// order, so its next one decides.
bool SequentialSearch::IsInOrderOfTime(const Step& step) const {
  if (writes_ != WritesInOrder::kOfTime || step.is_read) return true;
  for (size_t lane = 0; lane < lanes_.size(); ++lane) {
    if (heads_[lane] == lanes_[lane].size()) continue;
    const Step& next = steps_[lanes_[lane][heads_[lane]]];
    if (!next.is_read && next.end < step.begin) return false;
  }
  return true;
}

bool SequentialSearch::IsLegal(uint32_t number) const {
  const Step& step = steps_[number];
  if (!IsInOrderOfTime(step)) return false;
  const uint32_t held = holds_[step.key];
  if (step.wants != kNoNode && step.wants != held) return false;
  if (step.refuses != kNoNode && step.refuses == held) return false;
  if (step.sets == kNoNode || step.sets == held) return true;
  const int waiting = wanted_[held] - (step.is_answered && step.wants == held ? 1 : 0);
  return waiting == 0 || offered_[held] > 0;
}

bool SequentialSearch::IsSafe(uint32_t number) const {
  const Step& step = steps_[number];
  if (!IsLegal(number)) return false;
  if (step.sets == kNoNode) return true;
  return step.wants == kNoNode && step.is_answered && !has_refusals_[step.key] &&
         asked_[step.sets] == 0 && asked_[holds_[step.key]] == 0;
}

void SequentialSearch::Take(uint32_t number) {
  const Step& step = steps_[number];
  taken_.push_back({number, holds_[step.key]});
  is_taken_[number] = true;
  fingerprint_.Toggle(number);
  Wanted(step, -1);
  if (step.is_answered) {
    ++heads_[step.process];
    --left_;
  }
  if (step.sets == kNoNode) return;
  fingerprint_.Toggle(steps_.size() + holds_[step.key]);
  holds_[step.key] = step.sets;
  fingerprint_.Toggle(steps_.size() + step.sets);
}

void SequentialSearch::UndoTo(size_t taken) {
  while (taken_.size() > taken) {
    const auto [number, cell] = taken_.back();
    taken_.pop_back();
    const Step& step = steps_[number];
    is_taken_[number] = false;
    fingerprint_.Toggle(number);
    Wanted(step, 1);
    if (step.is_answered) {
      --heads_[step.process];
      ++left_;
    }
    if (step.sets == kNoNode) continue;
    fingerprint_.Toggle(steps_.size() + step.sets);
    holds_[step.key] = cell;
    fingerprint_.Toggle(steps_.size() + cell);
  }
}

void SequentialSearch::TakeWhatIsSafe() {
  for (bool more = true; more;) {
    more = false;
    for (uint32_t choice = 0; choice < lanes_.size(); ++choice) {
      for (uint32_t step = ChoiceAt(choice); step != kNoNode && IsSafe(step);
           step = ChoiceAt(choice)) {
        Take(step);
        more = true;
      }
    }
  }
}

bool SequentialSearch::Advance() {
  const size_t choices = lanes_.size() + pending_.size();
  while (next_choice_ < choices) {
    const uint32_t step = ChoiceAt(next_choice_++);
    if (step == kNoNode || steps_[step].sets == kNoNode || !IsLegal(step)) continue;
    const Frame frame{step, taken_.size(), next_choice_};
    Take(step);
    TakeWhatIsSafe();
    if (!seen_.Insert(fingerprint_, 0)) {
      UndoTo(frame.taken);
      if (seen_.full()) return true;
      continue;
    }
    frames_.push_back(frame);
    next_choice_ = 0;
    return true;
  }
  return false;
}

bool SequentialSearch::Back() {
  if (frames_.empty()) return false;
  UndoTo(frames_.back().taken);
  next_choice_ = frames_.back().next;
  frames_.pop_back();
  return true;
}

std::vector<uint32_t> SequentialSearch::order() const {
  std::vector<uint32_t> order;
  for (const Taken& taken : taken_) {
    if (steps_[taken.step].sets != kNoNode) order.push_back(operations_[taken.step]);
  }
  return order;
}

}  // namespace replsim::judge
