#include "common/election/picker.h"

#include <algorithm>
#include <utility>

#include "common/base/mutant.h"

namespace replsim {

void Picker::Begin(Epoch epoch, const NodeId& suspected, Instant now) {
  state_ = State{epoch, suspected, now, /*ask_again=*/now, {}};
}

void Picker::HandleAnswer(const NodeId& from, const PickAnswer& answer) {
  if (!state_ || answer.request.epoch != state_->epoch) return;
  if (answer.request.lead) {
    if (from == state_->picked) state_->accepted = answer.granted;
  } else {
    state_->ends[from] = answer.granted ? std::optional(answer.end) : std::nullopt;
  }
}

bool Picker::HaveAllAnswered() const {
  return std::all_of(options_.candidates.begin(), options_.candidates.end(),
                     [this](const NodeId& node) {
                       return node == state_->suspected || state_->ends.contains(node);
                     });
}

// The place of the node in failover.priority; those that it does not name come last.
size_t Picker::RankOf(const NodeId& node) const {
  const auto& priority = options_.priority;
  return static_cast<size_t>(std::find(priority.begin(), priority.end(), node) - priority.begin());
}

bool Picker::IsBetter(const NodeId& one, const Position& end, const NodeId& than,
                      const Position& its_end) const {
  if (RankOf(one) != RankOf(than)) return RankOf(one) < RankOf(than);
  if (!options_.compares_logs || end == its_end) return false;  // the lower id was first
  return Mutated(Mutant::kPickShorterLog) ? end < its_end : its_end < end;
}

NodeId Picker::Best() const {
  NodeId best;
  Position its_end;
  for (const auto& [node, end] : state_->ends) {
    if (!end || (!best.empty() && !IsBetter(node, *end, best, its_end))) continue;
    best = node;
    its_end = *end;
  }
  return best;
}

Picker::Action Picker::NextOfPoll(Instant now) {
  if (HaveAllAnswered() || now >= state_->since + options_.patience) {
    const NodeId best = Best();
    if (!best.empty()) {
      state_->picked = best;
      state_->since = now;
      state_->ask_again = now;
      return NextOfAppointment(now);
    }
  }
  if (now >= state_->since + options_.limit) {
    state_.reset();
    return Action::kGiveUp;
  }
  if (now < state_->ask_again) return Action::kNothing;
  state_->ask_again = now + options_.patience;
  return Action::kPoll;
}

Picker::Action Picker::NextOfAppointment(Instant now) {
  if (state_->accepted || now >= state_->since + options_.limit) {
    const bool leads = state_->accepted.value_or(false);
    state_.reset();
    return leads ? Action::kDone : Action::kGiveUp;
  }
  if (now < state_->ask_again) return Action::kNothing;
  state_->ask_again = now + options_.patience;
  return Action::kAppoint;
}

Picker::Action Picker::Next(Instant now) {
  if (!state_) return Action::kNothing;
  return state_->picked.empty() ? NextOfPoll(now) : NextOfAppointment(now);
}

Instant Picker::NextTimer() const {
  if (!state_) return kNever;
  const Instant limit = state_->since + options_.limit;
  return std::min(state_->ask_again, limit);
}

}  // namespace replsim
