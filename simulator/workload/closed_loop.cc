#include <algorithm>
#include <vector>

#include "simulator/workload/arrivals.h"

namespace replsim {
namespace {

class ClosedLoop : public Arrivals {
 public:
  ClosedLoop(const proto::Workload& workload, Scheduler* scheduler, OperationIssuer* issuer)
      : scheduler_(scheduler), issuer_(issuer), think_(workload.arrival().closed().think().ns()) {
    const bool many = workload.style() == proto::FUTURE || workload.style() == proto::TICKET;
    const uint32_t depth = many ? std::max(1u, workload.depth()) : 1;
    for (uint32_t i = 0; i < depth; ++i) {
      for (uint32_t client = 0; client < issuer->clients(); ++client) {
        lanes_.push_back({client, Nanos(0)});
      }
    }
  }

  // Starts are spread over one think time; otherwise all clients would stay in step.
  void Begin() override {
    const auto count = static_cast<int64_t>(lanes_.size());
    for (uint32_t lane = 0; lane < lanes_.size(); ++lane) {
      const Nanos wait = think_ / count * lane;
      StartAfter(wait, lane);
    }
  }

  void Stop() override { stopped_ = true; }

  void OnEnded(uint32_t, uint32_t lane, proto::Outcome outcome) override {
    if (stopped_) return;
    Nanos& back_off = lanes_[lane].back_off;
    if (outcome == proto::REJECTED) {
      back_off = std::clamp(2 * back_off, kFirstBackOff, kLongestBackOff);
    } else {
      back_off = Nanos(0);
    }
    StartAfter(std::max(think_, back_off), lane);
  }

  uint64_t waiting() const override { return 0; }

 private:
  // One operation in flight of one client.
  struct Lane {
    uint32_t client;
    Nanos back_off;  // 0 unless the last operation was rejected
  };

  void StartAfter(Nanos wait, uint32_t lane) {
    if (wait == Nanos(0)) return Start(lane);
    scheduler_->At(scheduler_->Now() + wait, [weak = weak_from_this(), this, lane] {
      if (const auto alive = weak.lock()) Start(lane);
    });
  }

  void Start(uint32_t lane) {
    if (stopped_) return;
    const uint32_t client = lanes_[lane].client;
    issuer_->Issue(client, issuer_->Draw(client, scheduler_->Now()), lane);
  }

  Scheduler* scheduler_;
  OperationIssuer* issuer_;
  Nanos think_;
  std::vector<Lane> lanes_;
  bool stopped_ = false;
};

}  // namespace

std::shared_ptr<Arrivals> MakeClosedLoop(const proto::Workload& workload, Scheduler* scheduler,
                                         OperationIssuer* issuer) {
  return std::make_shared<ClosedLoop>(workload, scheduler, issuer);
}

}  // namespace replsim
