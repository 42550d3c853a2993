#include "simulator/explore/workers.h"

#include <poll.h>

#include <map>
#include <optional>
#include <utility>

namespace replsim {
namespace {

// The trials of one Run, and which worker has which trial.
class Round {
 public:
  Round(uint64_t count, const std::function<proto::Scenario(uint64_t)>& scenario_of,
        const std::function<void(uint64_t, TrialEnd)>& take, size_t workers)
      : count_(count), scenario_of_(scenario_of), take_(take), at_(workers) {}

  bool done() const { return taken_ == (stopped_ ? next_ : count_); }
  void Stop() { stopped_ = true; }
  bool busy(size_t worker) const { return at_[worker].has_value(); }

  void Employ(size_t index, Worker& worker) {
    if (busy(index) || next_ == count_ || stopped_) return;
    at_[index] = next_++;
    worker.Send(scenario_of_(*at_[index]));
  }
  void Ended(size_t index, TrialEnd end) {
    ends_.emplace(*std::exchange(at_[index], std::nullopt), std::move(end));
    for (auto it = ends_.begin(); it != ends_.end() && it->first == taken_; ++taken_) {
      take_(it->first, std::move(it->second));
      it = ends_.erase(it);
    }
  }

 private:
  const uint64_t count_;
  const std::function<proto::Scenario(uint64_t)>& scenario_of_;
  const std::function<void(uint64_t, TrialEnd)>& take_;
  std::vector<std::optional<uint64_t>> at_;
  uint64_t next_ = 0;
  uint64_t taken_ = 0;
  bool stopped_ = false;
  std::map<uint64_t, TrialEnd> ends_;  // ends that wait for an earlier trial
};

void WaitForAny(const std::vector<std::unique_ptr<Worker>>& workers, std::vector<pollfd>* fds) {
  fds->clear();
  for (const auto& worker : workers) {
    fds->push_back({worker->answers(), POLLIN, 0});
    fds->push_back({worker->errors(), POLLIN, 0});  // poll ignores a closed descriptor (-1)
  }
  poll(fds->data(), fds->size(), -1);
}

}  // namespace

Workers::Workers(RunTrial trial, int jobs, Nanos patience)
    : trial_(std::move(trial)), patience_(patience) {
  for (int i = 0; i < jobs; ++i) {
    workers_.push_back(std::make_unique<Worker>(trial_, patience_));
  }
}

void Workers::Run(uint64_t count, const std::function<proto::Scenario(uint64_t)>& scenario_of,
                  const std::function<void(uint64_t, TrialEnd)>& take,
                  const std::function<bool()>& stops) {
  Round round(count, scenario_of, take, workers_.size());
  std::vector<pollfd> fds;
  while (true) {
    if (stops()) round.Stop();
    if (round.done()) return;
    for (size_t i = 0; i < workers_.size(); ++i) round.Employ(i, *workers_[i]);
    WaitForAny(workers_, &fds);
    for (size_t i = 0; i < workers_.size(); ++i) {
      if (fds[2 * i + 1].revents != 0) workers_[i]->ReadErrors();
      TrialEnd end;
      if (fds[2 * i].revents == 0 || !workers_[i]->TakeEnd(&end)) continue;
      if (workers_[i]->dead()) workers_[i] = std::make_unique<Worker>(trial_, patience_);
      // A worker that died while idle is only replaced.
      if (round.busy(i)) round.Ended(i, std::move(end));
    }
  }
}

TrialEnd Workers::RunOne(const proto::Scenario& scenario) {
  TrialEnd only;
  Run(
      1, [&](uint64_t) { return scenario; },
      [&](uint64_t, TrialEnd end) { only = std::move(end); });
  return only;
}

}  // namespace replsim
