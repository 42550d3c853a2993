#include "simulator/scenario/help_text.h"

#include <map>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "common/base/suggest.h"
#include "common/protocol/failpoint_names.h"
#include "simulator/metrics/group_metrics.h"
#include "simulator/metrics/metrics.h"
#include "simulator/metrics/worst_replica.h"
#include "simulator/scenario/enum_words.h"
#include "simulator/scenario/presets.h"
#include "simulator/scenario/schema_comments.h"
#include "simulator/scenario/text_table.h"
#include "simulator/scenario/units.h"

namespace replsim {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;
constexpr char kOneOf[] = "one of";
using Rows = std::vector<std::vector<std::string>>;

std::string Comment(absl::string_view full_name) {
  static const auto* const comments =
      new std::map<std::string, std::string>(CommentsOf(kScenarioProto));
  absl::ConsumePrefix(&full_name, "replsim.proto.");
  const auto it = comments->find(std::string(full_name));
  return it == comments->end() ? "" : it->second;
}

bool IsSpelled(const FieldDescriptor& field) {
  const Descriptor* type = field.message_type();
  return type == proto::Duration::descriptor() || type == proto::Size::descriptor() ||
         type == proto::Rate::descriptor() || type == proto::SyncSetSpec::descriptor() ||
         type == proto::Delay::descriptor() || type == proto::Bandwidth::descriptor() ||
         type == proto::ReadFrom::descriptor() || type == proto::Group::descriptor() ||
         type == proto::NodeSpec::descriptor();
}

std::string KindOf(const FieldDescriptor& field) {
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_MESSAGE:
      if (field.message_type() == proto::Duration::descriptor()) return "duration";
      if (field.message_type() == proto::Size::descriptor()) return "size";
      if (field.message_type() == proto::Rate::descriptor()) return "rate";
      if (field.message_type() == proto::SyncSetSpec::descriptor()) return "sync set";
      if (field.message_type() == proto::Delay::descriptor()) return "delay";
      if (field.message_type() == proto::Bandwidth::descriptor()) return "bandwidth";
      if (field.message_type() == proto::ReadFrom::descriptor()) return "word or map";
      if (field.message_type() == proto::Group::descriptor()) return "map of lists";
      if (field.message_type() == proto::NodeSpec::descriptor()) return "map of maps";
      return field.is_repeated() ? "list" : "map";
    case FieldDescriptor::CPPTYPE_ENUM: {
      const std::string words = absl::StrJoin(WordsOf(*field.enum_type()), " | ");
      constexpr size_t kWidest = 40;
      return words.size() <= kWidest ? words : kOneOf;
    }
    case FieldDescriptor::CPPTYPE_BOOL:
      return "true | false";
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return "number";
    case FieldDescriptor::CPPTYPE_STRING:
      return field.is_repeated() ? "word or list" : "text";
    default:
      return "whole number";
  }
}

// The words of an enum that have more to say than themselves, or that are told nowhere else.
void AddWords(const EnumDescriptor& type, bool told_nowhere, Rows* rows) {
  for (int i = 0; i < type.value_count(); ++i) {
    const auto& value = *type.value(i);
    const std::string comment = Comment(absl::StrCat(type.full_name(), ".", value.name()));
    if (value.number() == 0 || (comment.empty() && !told_nowhere)) continue;
    rows->push_back({"", "  " + WordOf(value), comment});
  }
}

// What a value that has a spelling may be instead.
void AddKeys(const Descriptor& type, Rows* rows) {
  for (int i = 0; i < type.field_count(); ++i) {
    rows->push_back({"", "  " + type.field(i)->name(), Comment(type.field(i)->full_name())});
  }
}

void AddFields(const Descriptor& type, const std::string& prefix, Rows* rows);

void AddField(const FieldDescriptor& field, const std::string& prefix, Rows* rows) {
  const std::string path = prefix + field.name();
  const bool map = field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE && !IsSpelled(field);
  std::string comment = Comment(field.full_name());
  if (map && comment.empty()) comment = Comment(field.message_type()->full_name());
  if (!map || !comment.empty()) rows->push_back({path, KindOf(field), comment});
  if (map) AddFields(*field.message_type(), path + ".", rows);
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_ENUM)
    AddWords(*field.enum_type(), KindOf(field) == kOneOf, rows);
  const bool or_map = field.message_type() == proto::Delay::descriptor() ||
                      field.message_type() == proto::ReadFrom::descriptor();
  if (or_map) AddKeys(*field.message_type(), rows);
}

void AddFields(const Descriptor& type, const std::string& prefix, Rows* rows) {
  for (int i = 0; i < type.field_count(); ++i) AddField(*type.field(i), prefix, rows);
}

bool IsPart(const FieldDescriptor& field) {
  return field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE && !IsSpelled(field);
}

std::string OwnKeysText() {
  Rows rows;
  const Descriptor& type = *proto::Scenario::descriptor();
  for (int i = 0; i < type.field_count(); ++i) {
    if (!IsPart(*type.field(i))) AddField(*type.field(i), "", &rows);
  }
  return Table(rows, "  ");
}

std::string VaryText() {
  return Table(
      {{"vary.PATH", "list",
        Comment("Scenario.vary") + " --set takes a path: replication.preset, network[0].delay."}},
      "  ");
}

std::string ExpectText() {
  Rows rows = {{"expect[].variant", "word or list", Comment("Expect.variant")},
               {"expect[].METRIC", "test",
                "\"== 0\", \"> 0\", \"<= 10ms\", \"> 5%\", \"> 2 * sync\" (twice the value of "
                "variant sync). A number is at most 1000000000000000. Metrics:"}};
  for (const auto* metrics : {&RunMetrics(), &ReplicaMetrics()}) {
    for (const Metric& metric : *metrics) {
      rows.push_back(
          {"", absl::StrCat("  ", metric.name, metric.of_replica ? ".NODE" : ""), metric.meaning});
    }
  }
  for (const WorstReplicaForm& form : WorstReplicaForms()) {
    rows.push_back({"", absl::StrCat("  ", form.path), form.meaning});
  }
  for (const GroupMetricForm& form : GroupMetricForms()) {
    rows.push_back({"", absl::StrCat("  ", form.path), form.meaning});
  }
  rows.push_back(
      {"", "resolution",
       "Percentiles (p50, p90, p99) of lag, ack delays, exposed_ and unreplicated_ have an error "
       "of at most 0.4 % and are exact below 256 entries or bytes; a bound fails only beyond that "
       "error. All other metrics are exact; times to one microsecond."});
  return Table(rows, "  ");
}

std::string PartText(const std::string& part) {
  std::string text = part + "\n";
  if (part == "scenario") return text + OwnKeysText();
  if (part == "vary") return text + VaryText();
  if (part == "expect") return text + ExpectText();
  const FieldDescriptor& field = *proto::Scenario::descriptor()->FindFieldByName(part);
  Rows rows;
  const std::string comment = Comment(field.full_name());
  if (!comment.empty()) text += absl::StrCat("  ", comment, "\n");
  AddFields(*field.message_type(), part + (field.is_repeated() ? "[]." : "."), &rows);
  return text + Table(rows, "  ");
}

// What a preset implies besides when a write is acknowledged and seen.
std::string PresetTimesText() {
  Rows rows = {{"preset", "send_after", "serialize_keys", "replicas sync", "heartbeat timeout",
                "promotion_time", "take_over"}};
  for (const Preset& preset : Presets()) {
    const auto& durability = preset.durability;
    rows.push_back(
        {preset.name,
         WordOf(*proto::AckStage_descriptor()->FindValueByNumber(preset.knobs.send_after())),
         preset.knobs.serialize_keys() ? "true" : "false",
         durability.has_replica() ? WordOf(*proto::SyncPolicy_descriptor()->FindValueByNumber(
                                        durability.replica().sync()))
                                  : "as the primary",
         preset.heartbeat.has_timeout() ? ToText(preset.heartbeat.timeout()) : "the scenario's",
         preset.failover.has_promotion_time() ? ToText(preset.failover.promotion_time()) : "0s",
         WordOf(*proto::TakeOver_descriptor()->FindValueByNumber(preset.failover.take_over()))});
  }
  return Table(rows, "");
}

}  // namespace

std::vector<std::string> SchemaParts() {
  std::vector<std::string> parts = {"scenario"};
  const Descriptor& type = *proto::Scenario::descriptor();
  for (int i = 0; i < type.field_count(); ++i) {
    if (IsPart(*type.field(i))) parts.push_back(type.field(i)->name());
  }
  return parts;
}

absl::StatusOr<std::string> SchemaText(absl::string_view part) {
  std::vector<std::string> texts;
  for (const std::string& known : SchemaParts()) {
    if (part.empty() || part == known) texts.push_back(PartText(known));
  }
  if (texts.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("unknown part '", part, "'", Suggest(part, SchemaParts())));
  }
  return absl::StrJoin(texts, "\n");
}

std::string PresetsText() {
  const auto stage = [](proto::AckStage value) {
    return WordOf(*proto::AckStage_descriptor()->FindValueByNumber(value));
  };
  Rows rows = {
      {"preset", "ack_after", "sync_set", "visible_after", "replica_apply", "on_timeout", "sync"}};
  Rows meanings;
  for (const Preset& preset : Presets()) {
    const proto::ReplicationSpec& knobs = preset.knobs;
    const std::string policy =
        WordOf(*proto::TimeoutPolicy_descriptor()->FindValueByNumber(knobs.on_timeout()));
    std::string sync =
        preset.durability.sync() == 0
            ? "the scenario's"
            : WordOf(*proto::SyncPolicy_descriptor()->FindValueByNumber(preset.durability.sync()));
    if (preset.durability.has_interval())
      absl::StrAppend(&sync, " ", ToText(preset.durability.interval()));
    rows.push_back(
        {preset.name, stage(knobs.ack_after()), ToText(knobs.sync_set()),
         stage(knobs.visible_after()),
         WordOf(*proto::ApplyWhen_descriptor()->FindValueByNumber(knobs.replica_apply())),
         knobs.on_timeout() == proto::BLOCK ? policy
                                            : absl::StrCat(policy, " ", ToText(knobs.timeout())),
         sync});
    meanings.push_back({preset.name, preset.description});
  }
  return absl::StrCat(Table(rows, ""), "\n", PresetTimesText(),
                      "\nAll presets use order: primary-first. Knobs, durability and times set in "
                      "the scenario override the preset. scale_times (--scale-times 1/100) "
                      "multiplies the times of a preset.\n\n",
                      Table(meanings, ""));
}

std::string FaultsText() {
  Rows keys;
  AddFields(*proto::Fault::descriptor(), "", &keys);
  Rows points;
  for (const Point point : kAllPoints) {
    points.push_back({absl::StrCat("before-", Name(point)), absl::StrCat("after-", Name(point)),
                      Describe(point)});
  }
  return absl::StrCat(
      "faults[]\n", Table(keys, "  "),
      "\npoints in the life of a write (the node is killed or paused just before or just after)\n",
      Table(points, "  "));
}

}  // namespace replsim
