#include "simulator/scenario/presets_text.h"

#include <google/protobuf/generated_enum_reflection.h>

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/suggest.h"
#include "simulator/scenario/enum_words.h"
#include "simulator/scenario/presets.h"
#include "simulator/scenario/text_table.h"
#include "simulator/scenario/units.h"

namespace replsim {
namespace {

constexpr size_t kPresetsWidth = 80;
constexpr char kScenarios[] = "the scenario's";  // the preset leaves it open
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
                      TextTable(meanings, "", kPresetsWidth),
                      "\nreplsim presets NAME prints every setting that a preset implies.\n");
}

absl::StatusOr<std::string> PresetText(absl::string_view name) {
  const Preset* const preset = FindPreset(name);
  if (preset == nullptr) {
    return absl::InvalidArgumentError(
        absl::StrCat("unknown preset '", name, "'", Suggest(name, PresetNames())));
  }
  PresetRows rows = KnobRows(preset->knobs);
  for (auto& row : SystemRows(*preset)) rows.push_back(std::move(row));
  return absl::StrCat(
      preset->name, "\n", TextTable({{preset->description}}, "  ", kPresetsWidth), "\n",
      TextTable(rows, "  ", kPresetsWidth), "\nSource of the times\n",
      TextTable({{preset->source}}, "  ", kPresetsWidth),
      "\nA setting that the scenario contains overrides the preset. --scale-times 1/100 (or\n"
      "replication.scale_times) multiplies the times of the preset.\n");
}

}  // namespace replsim
