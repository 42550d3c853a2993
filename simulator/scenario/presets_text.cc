#include "simulator/scenario/presets_text.h"

#include <google/protobuf/generated_enum_reflection.h>

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/suggest.h"
#include "simulator/scenario/election_presets.h"
#include "simulator/scenario/enum_words.h"
#include "simulator/scenario/presets.h"
#include "simulator/scenario/text_table.h"
#include "simulator/scenario/units.h"

namespace replsim {
namespace {

constexpr size_t kPresetsWidth = 80;
constexpr char kScenarios[] = "the scenario's";  // the preset leaves it open
constexpr char kNoElections[] = "no elections";
using PresetRows = std::vector<std::vector<std::string>>;

template <class Enum>
std::string WordFor(Enum value) {
  return WordOf(*google::protobuf::GetEnumDescriptor<Enum>()->FindValueByNumber(value));
}

template <class Durability>
std::string SyncWords(const Durability& durability) {
  if (durability.sync() == proto::SYNC_UNSPECIFIED) return kScenarios;
  const std::string word = WordFor(durability.sync());
  return durability.has_interval() ? absl::StrCat(word, " ", ToText(durability.interval())) : word;
}

// "degrade 10s"; the timeout has no effect on a gate that blocks.
std::string TimeoutWords(const proto::ReplicationSpec& knobs) {
  const std::string word = WordFor(knobs.on_timeout());
  return knobs.on_timeout() == proto::BLOCK ? word
                                            : absl::StrCat(word, " ", ToText(knobs.timeout()));
}

PresetRows KnobRows(const proto::ReplicationSpec& knobs) {
  return {{"replication.ack_after", WordFor(knobs.ack_after())},
          {"replication.sync_set", ToText(knobs.sync_set())},
          {"replication.visible_after", WordFor(knobs.visible_after())},
          {"replication.order", WordFor(knobs.order())},
          {"replication.send_after", WordFor(knobs.send_after())},
          {"replication.replica_apply", WordFor(knobs.replica_apply())},
          {"replication.on_timeout", WordFor(knobs.on_timeout())},
          {"replication.timeout", ToText(knobs.timeout())},
          {"replication.serialize_keys", knobs.serialize_keys() ? "true" : "false"}};
}

PresetRows SystemRows(const Preset& preset) {
  const proto::Durability& durability = preset.durability;
  return {{"cluster.durability.sync", SyncWords(durability)},
          {"cluster.durability.replica.sync",
           durability.has_replica() ? SyncWords(durability.replica()) : "as the primary"},
          {"cluster.heartbeat.interval",
           preset.heartbeat.has_interval() ? ToText(preset.heartbeat.interval()) : kScenarios},
          {"cluster.heartbeat.timeout",
           preset.heartbeat.has_timeout() ? ToText(preset.heartbeat.timeout()) : kScenarios},
          {"failover.promotion_time",
           preset.failover.has_promotion_time() ? ToText(preset.failover.promotion_time()) : "0s"},
          {"failover.take_over", WordFor(preset.failover.take_over())}};
}

constexpr char kOverrides[] =
    "\nA setting that the scenario contains overrides the preset. --scale-times 1/100 (or\n"
    "replication.scale_times: 0.01) multiplies the times of the preset.\n";

std::string NamedText(const std::string& name, const std::string& description,
                      const PresetRows& rows, const std::string& source) {
  return absl::StrCat(name, "\n", TextTable({{description}}, "  ", kPresetsWidth), "\n",
                      TextTable(rows, "  ", kPresetsWidth), "\nSource of the times\n",
                      TextTable({{source}}, "  ", kPresetsWidth));
}

// "0s to 1500ms"
std::string StandDelayWords(const proto::Failover& knobs) {
  const proto::Delay::Uniform& delay = knobs.stand_delay().uniform();
  return absl::StrCat(ToText(delay.min()), " to ", ToText(delay.max()));
}

// What ends the lead: "no majority for 1s", "lease of 30s ends"
std::string LoseLeadWords(const proto::Failover& knobs) {
  if (!knobs.has_lease() && !knobs.has_lose_lead()) return "never";
  if (knobs.has_lease()) return absl::StrCat("lease of ", ToText(knobs.lease()), " ends");
  return absl::StrCat("no ", ToText(knobs.lose_lead().without()), " for ",
                      ToText(knobs.lose_lead().for_()));
}

PresetRows ElectionRows(const proto::Failover& knobs) {
  if (!knobs.has_suspect_after()) return {{"failover.suspect_after", kNoElections}};
  const proto::Delay::Uniform& delay = knobs.stand_delay().uniform();
  PresetRows rows = {
      {"failover.initiator", WordFor(knobs.initiator())},
      {"failover.suspect_after", ToText(knobs.suspect_after())},
      {"failover.stand_delay",
       absl::StrCat("{uniform: {min: ", ToText(delay.min()), ", max: ", ToText(delay.max()), "}}")},
      {"failover.pre_vote", knobs.pre_vote() ? "true" : "false"},
      {"failover.suspect_together",
       knobs.has_suspect_together() ? ToText(knobs.suspect_together()) : "none may hear it"},
      {"failover.voters", WordFor(knobs.voters())},
      {"failover.granted_by", ToText(knobs.granted_by())},
      {"failover.grant_rule", WordFor(knobs.grant_rule())},
      {"failover.unclean_restart", WordFor(knobs.unclean_restart())},
      {"failover.rejoin", WordFor(knobs.rejoin())}};
  if (knobs.has_suspect_together()) {
    rows.push_back({"failover.observers", WordFor(knobs.observers())});
  }
  if (knobs.has_quiet_period()) {
    rows.push_back({"failover.quiet_period", ToText(knobs.quiet_period())});
  }
  if (knobs.has_promotion_time()) {
    rows.push_back({"failover.promotion_time", ToText(knobs.promotion_time())});
  }
  if (knobs.has_lag_max()) rows.push_back({"failover.lag_max", ToText(knobs.lag_max())});
  if (knobs.has_lose_lead()) {
    rows.push_back({"failover.lose_lead.without", ToText(knobs.lose_lead().without())});
    rows.push_back({"failover.lose_lead.for", ToText(knobs.lose_lead().for_())});
  }
  if (knobs.has_lease()) {
    rows.push_back({"failover.lease", ToText(knobs.lease())});
    rows.push_back({"failover.lease_margin", ToText(knobs.lease_margin())});
    rows.push_back({"failover.lease_renew", ToText(knobs.lease_renew())});
  }
  return rows;
}

PresetRows SetRows(const proto::ReplicationSpec& replication) {
  if (!replication.has_sync_set()) return {};
  const proto::InSync& set = replication.in_sync();
  PresetRows rows = {
      {"replication.sync_set", ToText(replication.sync_set())},
      {"replication.in_sync.size", set.has_size() ? absl::StrCat(set.size()) : "every replica"},
      {"replication.in_sync.leave_after", ToText(set.leave_after())},
      {"replication.in_sync.min", absl::StrCat(set.min())}};
  if (set.has_acks()) rows.push_back({"replication.in_sync.acks", absl::StrCat(set.acks())});
  return rows;
}

// The election presets, as in the table of the replication presets above them.
std::string ElectionsText() {
  PresetRows rows = {
      {"failover.preset", "suspect_after", "stand_delay", "granted_by", "lose_lead"}};
  PresetRows meanings;
  for (const ElectionPreset& preset : ElectionPresets()) {
    const proto::Failover& knobs = preset.knobs;
    rows.push_back(knobs.has_suspect_after()
                       ? std::vector<std::string>{preset.name, ToText(knobs.suspect_after()),
                                                  StandDelayWords(knobs),
                                                  ToText(knobs.granted_by()), LoseLeadWords(knobs)}
                       : std::vector<std::string>{preset.name, kNoElections});
    meanings.push_back({preset.name, preset.description});
  }
  return absl::StrCat(TextTable(rows, "", kPresetsWidth), "\n",
                      TextTable(meanings, "", kPresetsWidth));
}

}  // namespace

std::string PresetsText() {
  PresetRows rows = {{"preset", "ack_after", "sync_set", "visible_after", "on_timeout"}};
  PresetRows meanings;
  for (const Preset& preset : Presets()) {
    const proto::ReplicationSpec& knobs = preset.knobs;
    rows.push_back({preset.name, WordFor(knobs.ack_after()), ToText(knobs.sync_set()),
                    WordFor(knobs.visible_after()), TimeoutWords(knobs)});
    meanings.push_back({preset.name, preset.description});
  }
  return absl::StrCat(TextTable(rows, "", kPresetsWidth), "\n",
                      TextTable(meanings, "", kPresetsWidth), "\n", ElectionsText(),
                      "\nreplsim presets NAME prints every setting that a preset implies.\n");
}

absl::StatusOr<std::string> PresetText(absl::string_view name) {
  if (const ElectionPreset* const elections = FindElectionPreset(name)) {
    PresetRows settings = ElectionRows(elections->knobs);
    for (auto& row : SetRows(elections->replication)) settings.push_back(std::move(row));
    if (elections->heartbeat > Nanos(0)) {
      proto::Duration heartbeat;
      heartbeat.set_ns(elections->heartbeat.count());
      settings.push_back({"cluster.heartbeat.interval", ToText(heartbeat)});
    }
    if (elections->witnesses > 0) {
      settings.push_back({"cluster.witnesses", absl::StrCat(elections->witnesses)});
    }
    const std::string text =
        NamedText(elections->name, elections->description, settings, elections->source);
    if (elections->simplified.empty()) return text;
    return absl::StrCat(text, "\nNot modelled\n",
                        TextTable({{elections->simplified}}, "  ", kPresetsWidth), kOverrides);
  }
  const Preset* const preset = FindPreset(name);
  if (preset == nullptr) {
    std::vector<std::string> names = PresetNames();
    for (std::string& election : ElectionPresetNames()) names.push_back(std::move(election));
    return absl::InvalidArgumentError(
        absl::StrCat("unknown preset '", name, "'", Suggest(name, names)));
  }
  PresetRows rows = KnobRows(preset->knobs);
  for (auto& row : SystemRows(*preset)) rows.push_back(std::move(row));
  return absl::StrCat(NamedText(preset->name, preset->description, rows, preset->source),
                      kOverrides);
}

}  // namespace replsim
