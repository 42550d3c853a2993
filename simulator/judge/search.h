// Linearizability by search: Wing and Gong's algorithm with Lowe's cache of configurations (J. M.
// Wing, C. Gong, "Testing and verifying concurrent objects", 1993; G. Lowe, "Testing for
// linearizability", 2017). It decides for any model, but may need exponential time. The caller
// therefore runs a given number of steps at a time, within a given amount of memory.
//
// Three rules keep the search small. An answered operation that is legal now and changes nothing is
// taken at once, because it never has to come later. Equal operations that were never answered are
// interchangeable, so only the oldest of them is tried. A configuration is remembered by a 128-bit
// fingerprint; among 10^12 configurations the probability of a collision is below 10^-14.
//
// The model M says what operations do:
//   size_t size();
//   int64_t begin(size_t op), end(size_t op);
//   uint32_t process(size_t op);
//   uint32_t Initial();
//   uint32_t Step(uint32_t state, size_t op);  // the next state; kIllegal: not possible
//   bool IsReadOnly(size_t op);                // never changes the state
//   uint64_t ClassOf(size_t op);               // equal for operations with equal effect
//   size_t bytes();                            // memory that its states take
// Operations are in order of begin. An operation whose end is kNever may be left out of the order.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <utility>
#include <vector>

#include "simulator/history/history.h"
#include "simulator/judge/fingerprints.h"
#include "simulator/judge/indexes.h"
#include "simulator/judge/verdict.h"

namespace replsim::judge {

inline constexpr uint32_t kIllegal = std::numeric_limits<uint32_t>::max();

template <typename M>
class Search {
 public:
  // `model` must outlive the search.
  Search(M* model, size_t memory_bytes)
      : model_(model), memory_bytes_(memory_bytes), seen_(memory_bytes / 2) {
    BuildEvents();
    state_ = model_->Initial();
    TakeReads();
    next_event_ = head_;
  }

  enum class Result { kYes, kNo, kRunning, kOutOfMemory };
  // Continues the search for up to `steps` configurations.
  Result Run(uint64_t steps) {
    while (steps-- > 0) {
      if (First() == kNoEvent) return Result::kYes;
      if (seen_.full() || model_->bytes() > memory_bytes_ / 2) return Result::kOutOfMemory;
      if (!Advance() && !Back()) return Result::kNo;
    }
    return Result::kRunning;
  }

  // After kNo: the first operation, by end, that fits into no order.
  size_t blocked() const { return blocked_; }

 private:
  static constexpr uint32_t kNoEvent = std::numeric_limits<uint32_t>::max();

  // Begins and ends of answered operations, in a linked list in order of time. The events of an
  // operation are removed while the operation is in the order being tried.
  struct Event {
    uint32_t op = 0;
    bool is_end = false;
    uint32_t previous = 0;
    uint32_t next = 0;
  };
  // A class of unanswered operations with equal effect.
  struct Pending {
    std::vector<size_t> ops;  // in order of begin
    size_t used = 0;
  };
  struct Frame {
    uint32_t state = 0;  // before the operation
    size_t op = 0;
    size_t pending = kNone;   // its class in pending_; kNone: it was answered
    size_t reads = 0;         // number of reads taken together with it
    uint32_t next_event = 0;  // where the search continues after this frame has failed
    size_t next_pending = 0;
  };

  void BuildEvents() {
    struct At {
      int64_t time;
      bool is_end;
      uint32_t op;
    };
    std::vector<At> order;
    std::map<uint64_t, size_t> classes;
    const size_t size = model_->size();
    previous_.assign(size, kNone);
    std::map<uint32_t, size_t> last;
    for (size_t op = 0; op < size; ++op) {
      const auto [it, fresh] = last.emplace(model_->process(op), op);
      if (!fresh) previous_[op] = std::exchange(it->second, op);
      if (model_->end(op) == history::kNever) {
        if (model_->IsReadOnly(op)) continue;
        const auto [at, is_new] = classes.emplace(model_->ClassOf(op), pending_.size());
        if (is_new) pending_.emplace_back();
        pending_[at->second].ops.push_back(op);
        continue;
      }
      order.push_back({model_->begin(op), false, static_cast<uint32_t>(op)});
      order.push_back({model_->end(op), true, static_cast<uint32_t>(op)});
    }
    // Operations that begin when another ends overlap it, so begins are sorted before ends.
    std::stable_sort(order.begin(), order.end(), [](const At& a, const At& b) {
      return a.time != b.time ? a.time < b.time : a.is_end < b.is_end;
    });
    begin_event_.assign(size, kNoEvent);
    end_event_.assign(size, kNoEvent);
    events_.resize(order.size() + 1);  // the last one ends the list
    for (uint32_t i = 0; i < order.size(); ++i) {
      events_[i] = {order[i].op, order[i].is_end, i == 0 ? kNoEvent : i - 1, i + 1};
      (order[i].is_end ? end_event_ : begin_event_)[order[i].op] = i;
    }
    last_event_ = static_cast<uint32_t>(order.size());
    events_[last_event_].previous = last_event_ == 0 ? kNoEvent : last_event_ - 1;
    head_ = 0;
    taken_.assign(size, false);
  }

  // The first remaining event; kNoEvent if every answered operation has its place.
  uint32_t First() const { return head_ == last_event_ ? kNoEvent : head_; }

  void Lift(size_t op) {
    taken_[op] = true;
    fingerprint_.Toggle(op);
    for (const uint32_t at : {begin_event_[op], end_event_[op]}) {
      if (at == kNoEvent) continue;
      const Event& event = events_[at];
      (event.previous == kNoEvent ? head_ : events_[event.previous].next) = event.next;
      events_[event.next].previous = event.previous;
    }
  }
  void Unlift(size_t op) {
    taken_[op] = false;
    fingerprint_.Toggle(op);
    for (const uint32_t at : {end_event_[op], begin_event_[op]}) {
      if (at == kNoEvent) continue;
      const Event& event = events_[at];
      (event.previous == kNoEvent ? head_ : events_[event.previous].next) = at;
      events_[event.next].previous = at;
    }
  }

  // Whether the same client's previous operation has its place. Matters only if both meet at one
  // instant.
  bool IsAfterOwn(size_t op) const {
    const size_t before = previous_[op];
    return before == kNone || taken_[before] || model_->end(before) == history::kNever;
  }

  // Takes every answered operation that is legal now and changes nothing.
  size_t TakeReads() {
    size_t count = 0;
    for (uint32_t at = head_; at != last_event_;) {
      const Event& event = events_[at];
      if (event.is_end) break;
      const size_t op = event.op;
      if (model_->IsReadOnly(op) && IsAfterOwn(op) && model_->Step(state_, op) == state_) {
        reads_.push_back(op);
        ++count;
        Lift(op);
        at = head_;  // its end no longer restricts the operations after it
        continue;
      }
      at = event.next;
    }
    return count;
  }

  // The end of the first answered operation that has no place yet.
  int64_t FirstEnd() const {
    uint32_t at = head_;
    while (!events_[at].is_end) at = events_[at].next;
    return model_->end(events_[at].op);
  }

  // Tries the next operation, starting at next_event_ and next_pending_. Returns false if there is
  // none.
  bool Advance() {
    for (; next_event_ != last_event_ && !events_[next_event_].is_end;) {
      const size_t op = events_[next_event_].op;
      next_event_ = events_[next_event_].next;
      if (!model_->IsReadOnly(op) && IsAfterOwn(op) && Take(op, kNone)) return true;
    }
    if (pending_.empty()) return false;
    const int64_t first_end = FirstEnd();
    while (next_pending_ < pending_.size()) {
      const size_t index = next_pending_++;
      const Pending& pending = pending_[index];
      if (pending.used == pending.ops.size()) continue;
      const size_t op = pending.ops[pending.used];
      if (model_->begin(op) <= first_end && Take(op, index)) return true;
    }
    return false;
  }

  bool Take(size_t op, size_t pending) {
    const uint32_t state = model_->Step(state_, op);
    // An unanswered operation that changes nothing need not have happened.
    if (state == kIllegal || (pending != kNone && state == state_)) return false;
    Frame frame{state_, op, pending, 0, next_event_, next_pending_};
    state_ = state;
    Lift(op);
    if (pending != kNone) ++pending_[pending].used;
    frame.reads = TakeReads();
    if (!seen_.Insert(fingerprint_, state_)) {
      Undo(frame);
      return false;
    }
    frames_.push_back(frame);
    next_event_ = head_;
    next_pending_ = 0;
    return true;
  }

  void Undo(const Frame& frame) {
    for (size_t i = 0; i < frame.reads; ++i) {
      Unlift(reads_.back());
      reads_.pop_back();
    }
    if (frame.pending != kNone) --pending_[frame.pending].used;
    Unlift(frame.op);
    state_ = frame.state;
    next_event_ = frame.next_event;
    next_pending_ = frame.next_pending;
  }

  bool Back() {
    NoteBlocked();
    if (frames_.empty()) return false;
    Undo(frames_.back());
    frames_.pop_back();
    return true;
  }

  void NoteBlocked() {
    uint32_t at = head_;
    while (!events_[at].is_end) at = events_[at].next;
    if (blocked_event_ != kNoEvent && at <= blocked_event_) return;
    blocked_event_ = at;
    blocked_ = events_[at].op;
  }

  M* const model_;
  const size_t memory_bytes_;
  std::vector<Event> events_;
  std::vector<uint32_t> begin_event_;  // by operation
  std::vector<uint32_t> end_event_;
  std::vector<size_t> previous_;  // by operation: the previous one of the same process
  std::vector<bool> taken_;
  std::vector<Pending> pending_;
  std::vector<size_t> reads_;
  std::vector<Frame> frames_;
  SeenConfigurations seen_;
  Fingerprint fingerprint_;
  uint32_t state_ = 0;
  uint32_t head_ = 0;
  uint32_t last_event_ = 0;
  uint32_t next_event_ = 0;
  size_t next_pending_ = 0;
  uint32_t blocked_event_ = kNoEvent;
  size_t blocked_ = 0;
};

}  // namespace replsim::judge
