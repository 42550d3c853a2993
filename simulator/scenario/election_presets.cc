#include "simulator/scenario/election_presets.h"

#include "common/base/time.h"

namespace replsim {
namespace {

constexpr Nanos kNeverSuspect{0};

struct ElectionRow {
  const char* name;
  const char* description;
  const char* source;
  const char* simplified;
  Nanos suspect_after;  // kNeverSuspect: the row ends here
  Nanos longest_stand_delay{0};
  bool pre_vote = true;
  proto::GrantRule grant_rule = proto::NOT_BEHIND;
  proto::SyncSetSpec::Kind granted_by = proto::SyncSetSpec::MAJORITY;
  Nanos lose_lead_for{0};  // without a majority
  proto::Rejoin rejoin = proto::FOLLOW;
};

const ElectionRow kElectionRows[] = {
    {"manual", "no elections: only a promote fault makes a replica the primary",
     "None: the preset has no times.", "", kNeverSuspect},
    {"raft",
     "Raft as in etcd 3.5: pre-vote, a majority votes, no vote for a shorter log; the leader stops "
     "if it does not hear a majority (check quorum)",
     "etcd: election-timeout 1 s. A follower stands after one to two election timeouts, drawn "
     "anew each time; the leader counts the followers it hears once per election timeout.",
     "No transfer of leadership, no learners, no changes of membership.", Millis(1000),
     Millis(1000), true, proto::NOT_BEHIND, proto::SyncSetSpec::MAJORITY, Millis(1000),
     proto::FOLLOW},
    {"mongodb",
     "MongoDB 6.0: a dry run before each election, a majority votes, no vote for an older log; the "
     "primary steps down if it does not see a majority",
     "electionTimeoutMillis 10 s; a random wait of up to 15 % of it "
     "(replElectionTimeoutOffsetLimitFraction) before a secondary stands.",
     "No priorities and no takeover by a better node, no catch-up phase before the new primary "
     "accepts writes, no limit of the rollback. An arbiter is a witness (cluster.witnesses).",
     Millis(10'000), Millis(1500), true, proto::NOT_BEHIND, proto::SyncSetSpec::MAJORITY,
     Millis(10'000), proto::FOLLOW},
};

ElectionPreset MakeElectionPreset(const ElectionRow& row) {
  ElectionPreset preset{row.name, row.description, row.source, row.simplified, {}};
  proto::Failover& knobs = preset.knobs;
  knobs.set_preset(row.name);
  if (row.suspect_after == kNeverSuspect) return preset;
  knobs.mutable_suspect_after()->set_ns(row.suspect_after.count());
  proto::Delay::Uniform* delay = knobs.mutable_stand_delay()->mutable_uniform();
  delay->mutable_min()->set_ns(0);
  delay->mutable_max()->set_ns(row.longest_stand_delay.count());
  knobs.set_pre_vote(row.pre_vote);
  knobs.mutable_granted_by()->set_kind(row.granted_by);
  knobs.set_grant_rule(row.grant_rule);
  knobs.mutable_lose_lead()->mutable_without()->set_kind(proto::SyncSetSpec::MAJORITY);
  knobs.mutable_lose_lead()->mutable_for_()->set_ns(row.lose_lead_for.count());
  knobs.set_rejoin(row.rejoin);
  return preset;
}

}  // namespace

const std::vector<ElectionPreset>& ElectionPresets() {
  static const std::vector<ElectionPreset>* const presets = [] {
    auto* made = new std::vector<ElectionPreset>();
    for (const ElectionRow& row : kElectionRows) made->push_back(MakeElectionPreset(row));
    return made;
  }();
  return *presets;
}

const ElectionPreset* FindElectionPreset(absl::string_view name) {
  for (const ElectionPreset& preset : ElectionPresets()) {
    if (preset.name == name) return &preset;
  }
  return nullptr;
}

std::vector<std::string> ElectionPresetNames() {
  std::vector<std::string> names;
  for (const ElectionPreset& preset : ElectionPresets()) names.push_back(preset.name);
  return names;
}

}  // namespace replsim
