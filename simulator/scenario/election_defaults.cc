#include "simulator/scenario/election_defaults.h"

#include <algorithm>
#include <cstdint>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/suggest.h"
#include "simulator/scenario/election_presets.h"
#include "simulator/scenario/presets.h"
#include "simulator/scenario/scale_time.h"

namespace replsim {
namespace {

// Heartbeats that must be lost in a row before a node counts as silent, if their interval is left
// open.
constexpr int64_t kHeartbeatsPerSilence = 5;

proto::Failover ScaledElections(const Places& places, const std::string& name, double scale,
                                Mistakes* mistakes) {
  if (name.empty()) {
    if (places.Has("failover.preset")) {
      mistakes->Add(places.Find("failover.preset"),
                    "failover.preset is empty; expected the name of one, e.g. raft");
    }
    return {};
  }
  const ElectionPreset* const preset = FindElectionPreset(name);
  if (preset == nullptr) {
    const bool replicates = FindPreset(name) != nullptr;
    mistakes->Add(places.Find("failover.preset"),
                  absl::StrCat("unknown preset '", name, "'",
                               replicates ? "; it is one of replication.preset"
                                          : Suggest(name, ElectionPresetNames())));
    return {};
  }
  proto::Failover knobs = preset->knobs;
  if (!knobs.has_suspect_after()) return knobs;
  ScaleTime(scale, knobs.mutable_suspect_after());
  ScaleTime(scale, knobs.mutable_stand_delay()->mutable_uniform()->mutable_max());
  if (knobs.has_quiet_period()) ScaleTime(scale, knobs.mutable_quiet_period());
  if (knobs.has_promotion_time()) ScaleTime(scale, knobs.mutable_promotion_time());
  if (knobs.has_lose_lead()) ScaleTime(scale, knobs.mutable_lose_lead()->mutable_for_());
  if (knobs.has_lease()) {
    ScaleTime(scale, knobs.mutable_lease());
    ScaleTime(scale, knobs.mutable_lease_margin());
    ScaleTime(scale, knobs.mutable_lease_renew());
  }
  return knobs;
}

// MergeFrom alone would mix two distributions, or the kind of one set with the count of another,
// and would ignore a time or a size of 0.
void MergeOwnElections(const proto::Failover& own, proto::Failover* knobs) {
  if (own.has_quiet_period()) knobs->clear_quiet_period();
  if (own.has_promotion_time()) knobs->clear_promotion_time();
  if (own.has_stand_delay()) knobs->clear_stand_delay();
  if (own.has_lag_max()) knobs->clear_lag_max();
  if (own.has_unclean_after()) knobs->clear_unclean_after();
  if (own.has_suspect_together()) knobs->clear_suspect_together();
  if (own.has_granted_by()) knobs->clear_granted_by();
  if (own.lose_lead().has_without() && knobs->has_lose_lead()) {
    knobs->mutable_lose_lead()->clear_without();
  }
  knobs->MergeFrom(own);
}

}  // namespace

void FillElections(const Places& places, double scale, proto::Failover* failover,
                   Mistakes* mistakes) {
  proto::Failover knobs = ScaledElections(places, failover->preset(), scale, mistakes);
  MergeOwnElections(*failover, &knobs);
  *failover = knobs;
  const bool elects = failover->has_suspect_after();
  if (failover->rejoin() == proto::REJOIN_UNSPECIFIED) {
    failover->set_rejoin(elects ? proto::FOLLOW : proto::WAIT_FOR_RESTART);
  }
  if (!elects) return;
  if (!failover->has_stand_delay()) {
    proto::Delay::Uniform* delay = failover->mutable_stand_delay()->mutable_uniform();
    delay->mutable_min()->set_ns(0);
    *delay->mutable_max() = failover->suspect_after();
  }
  if (!failover->has_pre_vote()) failover->set_pre_vote(true);
  if (failover->has_suspect_together() && failover->observers() == proto::OBSERVERS_UNSPECIFIED) {
    failover->set_observers(proto::ALL_OBSERVERS);
  }
  if (failover->initiator() == proto::INITIATOR_UNSPECIFIED) {
    failover->set_initiator(proto::BY_CANDIDATE);
  }
  if (failover->voters() == proto::VOTERS_UNSPECIFIED) failover->set_voters(proto::ALL_NODES);
  if (!failover->has_granted_by()) {
    failover->mutable_granted_by()->set_kind(proto::SyncSetSpec::MAJORITY);
  }
  if (failover->grant_rule() == proto::GRANT_UNSPECIFIED) {
    failover->set_grant_rule(proto::NOT_BEHIND);
  }
  if (failover->unclean_restart() == proto::UNCLEAN_RESTART_UNSPECIFIED) {
    failover->set_unclean_restart(proto::ELIGIBLE);
  }
  if (failover->has_lease() && !failover->has_lease_margin()) {
    failover->mutable_lease_margin()->set_ns(failover->lease().ns() / 10);
  }
}

void FitToElections(const proto::Failover& failover, double scale, bool own_interval,
                    bool own_timeout, proto::Heartbeat* heartbeat) {
  const int64_t suspect_after_ns = failover.suspect_after().ns();
  if (suspect_after_ns <= 0) return;
  // An own interval that is too long is a mistake of the interval, not of the timeout.
  const bool fits = !own_interval || heartbeat->interval().ns() < suspect_after_ns;
  if (!own_timeout && fits && heartbeat->timeout().ns() > suspect_after_ns) {
    heartbeat->mutable_timeout()->set_ns(suspect_after_ns);
  }
  if (own_interval) return;
  int64_t silence_ns = suspect_after_ns;
  const int64_t lose_lead_ns = failover.lose_lead().for_().ns();
  if (lose_lead_ns > 0) silence_ns = std::min(silence_ns, lose_lead_ns);
  const int64_t lease_ns = failover.lease().ns() - failover.lease_margin().ns();
  if (lease_ns > 0) silence_ns = std::min(silence_ns, lease_ns);
  int64_t most_ns = std::max<int64_t>(1, silence_ns / kHeartbeatsPerSilence);
  const ElectionPreset* const preset = FindElectionPreset(failover.preset());
  if (preset != nullptr && preset->heartbeat > Nanos(0)) {
    proto::Duration implied;
    implied.set_ns(preset->heartbeat.count());
    ScaleTime(scale, &implied);
    most_ns = std::min(most_ns, implied.ns());
  }
  if (heartbeat->interval().ns() > most_ns) heartbeat->mutable_interval()->set_ns(most_ns);
}

}  // namespace replsim
