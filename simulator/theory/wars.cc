#include "simulator/theory/wars.h"

#include <algorithm>
#include <array>

#include "common/base/check.h"

namespace replsim {
namespace {

struct Answer {
  double at_ms;
  size_t replica;
};

bool Earlier(const Answer& a, const Answer& b) { return a.at_ms < b.at_ms; }

void CheckQuorum(const Quorum& quorum) {
  REPL_CHECK(quorum.n <= kWarsReplicasMax, "n=", quorum.n);
  REPL_CHECK(1 <= quorum.r && quorum.r <= quorum.n, "r=", quorum.r, " n=", quorum.n);
  REPL_CHECK(1 <= quorum.w && quorum.w <= quorum.n, "w=", quorum.w, " n=", quorum.n);
}

}  // namespace

Trial TrialOf(std::span<const ReplicaDelays> replicas, const Quorum& quorum) {
  CheckQuorum(quorum);
  REPL_CHECK(replicas.size() == static_cast<size_t>(quorum.n), "replicas=", replicas.size());
  std::array<double, kWarsReplicasMax> acks;
  std::array<Answer, kWarsReplicasMax> answers;
  for (size_t i = 0; i < replicas.size(); ++i) {
    acks[i] = replicas[i].w_ms + replicas[i].a_ms;
    answers[i] = {replicas[i].r_ms + replicas[i].s_ms, i};
  }
  std::sort(acks.begin(), acks.begin() + quorum.n);
  std::sort(answers.begin(), answers.begin() + quorum.n, Earlier);
  Trial trial;
  trial.write_ms = acks[static_cast<size_t>(quorum.w) - 1];
  trial.read_ms = answers[static_cast<size_t>(quorum.r) - 1].at_ms;
  const auto fresh_after = [&](const Answer& answer) {
    const ReplicaDelays& replica = replicas[answer.replica];
    return replica.w_ms - trial.write_ms - replica.r_ms;
  };
  trial.fresh_after_ms = fresh_after(answers[0]);
  for (size_t i = 1; i < static_cast<size_t>(quorum.r); ++i) {
    trial.fresh_after_ms = std::min(trial.fresh_after_ms, fresh_after(answers[i]));
  }
  trial.fresh_after_ms = std::max(trial.fresh_after_ms, 0.0);
  return trial;
}

TrialSource ModelTrials(const WarsModel& model, const Quorum& quorum) {
  CheckQuorum(quorum);
  return [model, quorum](Rng& rng) {
    const auto n = static_cast<size_t>(quorum.n);
    std::array<ReplicaDelays, kWarsReplicasMax> delays;
    for (ReplicaDelays& replica : std::span(delays).first(n)) {
      replica = {DrawMs(model.write, rng), DrawMs(model.rest, rng), DrawMs(model.rest, rng),
                 DrawMs(model.rest, rng)};
    }
    if (model.remote_ms > 0) {
      const uint64_t writer = rng.Below(n);
      const uint64_t reader = rng.Below(n);
      for (size_t i = 0; i < n; ++i) {
        const double write = i == writer ? 0 : model.remote_ms;
        const double read = i == reader ? 0 : model.remote_ms;
        delays[i].w_ms += write;
        delays[i].a_ms += write;
        delays[i].r_ms += read;
        delays[i].s_ms += read;
      }
    }
    return TrialOf(std::span(delays).first(n), quorum);
  };
}

}  // namespace replsim
