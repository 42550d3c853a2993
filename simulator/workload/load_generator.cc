#include "simulator/workload/load_generator.h"

#include <utility>

#include "common/base/check.h"

namespace replsim {

LoadGenerator::LoadGenerator(const proto::Workload& workload, Cluster* cluster,
                             Scheduler* scheduler, const Rng& rng, OperationIssuer::Sink sink)
    : scheduler_(scheduler), issuer_(workload, cluster, scheduler, rng, std::move(sink)) {
  REPL_CHECK(workload.clients() > 0, "workload.clients must be at least 1");
  if (workload.arrival().has_closed()) {
    arrivals_ = MakeClosedLoop(workload, scheduler, &issuer_);
  } else {
    arrivals_ = MakeOpenLoop(workload, scheduler, &issuer_, rng.Fork("arrivals"));
  }
  issuer_.OnEnded([this](uint32_t client, uint32_t tag, proto::Outcome outcome) {
    OnEnded(client, tag, outcome);
  });
}

void LoadGenerator::OnCommitted(OperationIssuer::Committed committed) {
  issuer_.OnCommitted(std::move(committed));
}

void LoadGenerator::Begin() { arrivals_->Begin(); }

void LoadGenerator::Stop(Scheduler::Callback done) {
  REPL_CHECK(!stopped_, "Stop was called twice");
  stopped_ = std::move(done);
  arrivals_->Stop();
  issuer_.StopRetrying();
  FinishIfIdle();
}

void LoadGenerator::OnEnded(uint32_t client, uint32_t tag, proto::Outcome outcome) {
  arrivals_->OnEnded(client, tag, outcome);
  FinishIfIdle();
}

void LoadGenerator::FinishIfIdle() {
  if (!stopped_ || pending() > 0) return;
  scheduler_->At(scheduler_->Now(), std::exchange(stopped_, nullptr));
}

}  // namespace replsim
