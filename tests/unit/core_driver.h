// Drives one core by hand: feeds an event, returns the resulting effects, and checks invariants.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "common/protocol/core.h"

namespace replsim {

constexpr Instant AtMs(int64_t ms) { return FromNanos(ms * 1'000'000); }

class CoreDriver {
 public:
  explicit CoreDriver(std::unique_ptr<Core> core) : core_(std::move(core)) { Take(); }

  // Steps all events together, as if they had arrived while the node was busy.
  template <class... Events>
  void Do(Events... events) {
    (core_->Step(now_, std::move(events)), ...);
    Take();
  }
  void Wait(Nanos span) {
    now_ += span;
    Do(TimerFired{});
  }

  // Returns the effects of one type of the last call, in order.
  template <class E>
  std::vector<E> All() const {
    std::vector<E> out;
    for (const Effect& effect : effects_) {
      if (const auto* e = std::get_if<E>(&effect)) out.push_back(*e);
    }
    return out;
  }
  // Returns the messages sent on `stream` in the last call.
  template <class M>
  std::vector<M> Sent(StreamId stream) const {
    std::vector<M> out;
    for (const Send& send : All<Send>()) {
      const auto* message = std::get_if<M>(&send.message);
      if (send.stream == stream && message != nullptr) out.push_back(*message);
    }
    return out;
  }
  // Returns whether an effect of type A came before one of type B.
  template <class A, class B>
  bool Before() const {
    size_t a = effects_.size(), b = effects_.size();
    for (size_t i = effects_.size(); i-- > 0;) {
      if (std::holds_alternative<A>(effects_[i])) a = i;
      if (std::holds_alternative<B>(effects_[i])) b = i;
    }
    return a < b;
  }

  Core& core() { return *core_; }
  Instant now() const { return now_; }

 private:
  void Take() {
    core_->CheckInvariants();
    effects_ = core_->TakeEffects();
    core_->CheckInvariants();
  }

  std::unique_ptr<Core> core_;
  Instant now_ = AtMs(1000);
  Effects effects_;
};

}  // namespace replsim
