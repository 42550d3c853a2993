#include <cmath>
#include <deque>
#include <utility>
#include <vector>

#include "common/base/check.h"
#include "simulator/workload/arrivals.h"

namespace replsim {
namespace {

// In styles future and ticket an operation starts at its intended time, whatever the client has in
// flight. In blocking style it waits behind the client's operation in flight and keeps its intended
// start.
class OpenLoop : public Arrivals {
 public:
  OpenLoop(const proto::Workload& workload, Scheduler* scheduler, OperationIssuer* issuer, Rng rng)
      : scheduler_(scheduler),
        issuer_(issuer),
        rng_(rng),
        blocking_(workload.style() != proto::FUTURE && workload.style() != proto::TICKET),
        mean_gap_ns_(1e9 / workload.arrival().rate().per_second()) {
    REPL_CHECK(workload.arrival().rate().per_second() > 0, "workload.arrival.rate must be > 0");
    if (blocking_) queues_.resize(issuer->clients());
  }

  void Begin() override {
    next_ = scheduler_->Now();
    DrawNext();
    Wake();
  }

  void Stop() override {
    const Instant now = scheduler_->Now();
    while (next_ <= now) Arrive();
    stopped_ = true;
  }

  void OnEnded(uint32_t client, uint32_t, proto::Outcome) override {
    if (!blocking_) return;
    queues_[client].busy = false;
    Serve(client);
  }

  uint64_t waiting() const override { return waiting_; }

 private:
  struct Queue {
    bool busy = false;
    std::deque<Intent> intents;
  };

  // Each arrival is drawn from the previous intended one, not from the time of the timer, so late
  // timers (typically 60 µs) never lower the rate.
  void DrawNext() { next_ += Nanos(std::llround(rng_.Exponential(mean_gap_ns_))); }

  void Wake() {
    scheduler_->At(next_, [weak = weak_from_this(), this] {
      if (const auto alive = weak.lock()) OnTimer();
    });
  }

  // Handles everything due, up to a limit: after a stall, answers must be handled in between.
  void OnTimer() {
    if (stopped_) return;
    constexpr int kMostPerWakeUp = 512;
    const Instant now = scheduler_->Now();
    for (int i = 0; i < kMostPerWakeUp && next_ <= now; ++i) Arrive();
    Wake();
  }

  void Arrive() {
    const uint32_t client = next_client_;
    next_client_ = (next_client_ + 1) % issuer_->clients();
    const Intent intent = issuer_->Draw(client, next_);
    DrawNext();
    if (waiting_ + issuer_->in_flight() >= kMaxPending) {
      issuer_->Refuse(client, intent, proto::OVERLOADED);
    } else if (!blocking_) {
      issuer_->Issue(client, intent, 0);
    } else {
      queues_[client].intents.push_back(intent);
      ++waiting_;
      if (!queues_[client].busy) Serve(client);
    }
  }

  // Sends the client's oldest waiting operation. Operations whose deadline has passed are never
  // sent.
  void Serve(uint32_t client) {
    Queue& queue = queues_[client];
    while (!queue.busy && !queue.intents.empty()) {
      const Intent intent = queue.intents.front();
      queue.intents.pop_front();
      --waiting_;
      if (scheduler_->Now() >= intent.intended + issuer_->deadline()) {
        issuer_->Refuse(client, intent, proto::DEADLINE);
      } else {
        queue.busy = true;
        issuer_->Issue(client, intent, 0);
      }
    }
  }

  Scheduler* scheduler_;
  OperationIssuer* issuer_;
  Rng rng_;
  bool blocking_;
  double mean_gap_ns_;
  Instant next_;  // intended start of the next arrival
  uint32_t next_client_ = 0;
  std::vector<Queue> queues_;  // for blocking style, per client
  uint64_t waiting_ = 0;
  bool stopped_ = false;
};

}  // namespace

std::shared_ptr<Arrivals> MakeOpenLoop(const proto::Workload& workload, Scheduler* scheduler,
                                       OperationIssuer* issuer, Rng rng) {
  return std::make_shared<OpenLoop>(workload, scheduler, issuer, rng);
}

}  // namespace replsim
