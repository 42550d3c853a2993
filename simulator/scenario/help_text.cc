#include "simulator/scenario/help_text.h"

#include <map>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "common/base/suggest.h"
#include "common/protocol/failpoint_names.h"
#include "protos/scenario.pb.h"
#include "simulator/metrics/group_metrics.h"
#include "simulator/metrics/metrics.h"
#include "simulator/metrics/worst_replica.h"
#include "simulator/scenario/enum_words.h"
#include "simulator/scenario/node_set.h"
#include "simulator/scenario/schema_comments.h"
#include "simulator/scenario/text_table.h"

namespace replsim {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
constexpr char kOneOf[] = "one of";
using Rows = std::vector<std::vector<std::string>>;

std::string Comment(absl::string_view full_name) {
  static const auto* const comments = new std::map<std::string, std::string>(ScenarioComments());
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
      if (IsNodeSet(field)) return "node set";
      if (field.message_type() == proto::SyncSetSpec::descriptor()) return "sync set";
      if (field.message_type() == proto::Delay::descriptor()) return "delay";
      if (field.message_type() == proto::Bandwidth::descriptor()) return "bandwidth";
      if (field.message_type() == proto::ReadFrom::descriptor()) return "word, list or map";
      if (field.message_type() == proto::Group::descriptor()) return "map of lists";
      if (field.message_type() == proto::NodeSpec::descriptor()) return "map of maps";
      return field.is_repeated() ? "list" : "map";
    case FieldDescriptor::CPPTYPE_ENUM: {
      const std::string words = absl::StrJoin(WordsOf(field), " | ");
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

// Adds the words of an enum that have a description. `list_all_words`: all words, because they
// appear nowhere else.
void AddWords(const FieldDescriptor& field, bool list_all_words, Rows* rows) {
  for (const google::protobuf::EnumValueDescriptor* value : ValuesOf(field)) {
    const std::string comment =
        Comment(absl::StrCat(field.enum_type()->full_name(), ".", value->name()));
    if (comment.empty() && !list_all_words) continue;
    rows->push_back({"", "  " + WordOf(*value), comment});
  }
}

// The keys of a schema. The forms of a value type are listed only once, under the first key that
// has it: a delay has seven lines, and ten keys are delays.
struct SchemaKeys {
  Rows rows;
  std::map<const Descriptor*, std::string> forms;
};

// Adds the keys that a value may have instead of its short spelling.
void AddForms(const Descriptor& type, Rows* rows) {
  for (int i = 0; i < type.field_count(); ++i) {
    rows->push_back({"", "  " + type.field(i)->name(), Comment(type.field(i)->full_name())});
  }
}

void AddFields(const Descriptor& type, const std::string& prefix, SchemaKeys* keys);

void AddField(const FieldDescriptor& field, const std::string& prefix, SchemaKeys* keys) {
  const std::string path = prefix + field.name();
  const Descriptor* const type = field.message_type();
  const bool map = type != nullptr && !IsSpelled(field);
  const bool or_map = type == proto::Delay::descriptor() || type == proto::ReadFrom::descriptor();
  const auto [form, is_new] =
      or_map ? keys->forms.emplace(type, path) : std::pair(keys->forms.end(), false);
  std::string comment = Comment(field.full_name());
  if (map && comment.empty()) comment = Comment(type->full_name());
  if (or_map && !is_new) absl::StrAppend(&comment, " Forms: see ", form->second, ".");
  if (!map || !comment.empty()) keys->rows.push_back({path, KindOf(field), comment});
  if (map) AddFields(*type, path + ".", keys);
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_ENUM)
    AddWords(field, KindOf(field) == kOneOf, &keys->rows);
  if (is_new) AddForms(*type, &keys->rows);
}

void AddFields(const Descriptor& type, const std::string& prefix, SchemaKeys* keys) {
  for (int i = 0; i < type.field_count(); ++i) AddField(*type.field(i), prefix, keys);
}

bool IsPart(const FieldDescriptor& field) {
  return field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE && !IsSpelled(field);
}

void AddOwnKeys(SchemaKeys* keys) {
  const Descriptor& type = *proto::Scenario::descriptor();
  for (int i = 0; i < type.field_count(); ++i) {
    if (!IsPart(*type.field(i))) AddField(*type.field(i), "", keys);
  }
}

void AddVary(Rows* rows) {
  rows->push_back({"vary.PATH", "list",
                   Comment("Scenario.vary") +
                       " A path is what --set takes: replication.preset, network[0].delay."});
}

void AddExpect(Rows* rows) {
  rows->push_back({"expect[].variant", "word or list", Comment("Expect.variant")});
  rows->push_back({"expect[].METRIC", "test",
                   "\"== 0\", \"> 0\", \"<= 10ms\", \"> 5%\", \"> 2 * sync\" (of that variant). "
                   "A number is at most 1000000000000000. Metrics:"});
  for (const auto* metrics : {&RunMetrics(), &ReplicaMetrics()}) {
    for (const Metric& metric : *metrics) {
      rows->push_back(
          {"", absl::StrCat("  ", metric.name, metric.of_replica ? ".NODE" : ""), metric.meaning});
    }
  }
  for (const WorstReplicaForm& form : WorstReplicaForms()) {
    rows->push_back({"", absl::StrCat("  ", form.path), form.meaning});
  }
  for (const GroupMetricForm& form : GroupMetricForms()) {
    rows->push_back({"", absl::StrCat("  ", form.path), form.meaning});
  }
  rows->push_back(
      {"", "resolution",
       "Percentiles (p50, p90, p99) of lag, ack delays, exposed_ and unreplicated_ are "
       "at most 0.4 % off, and exact below 256 entries or bytes: they break a bound only "
       "beyond that. All other metrics are exact, times to a microsecond."});
}

void AddPart(const std::string& part, SchemaKeys* keys) {
  if (part == "scenario") return AddOwnKeys(keys);
  if (part == "vary") return AddVary(&keys->rows);
  if (part == "expect") return AddExpect(&keys->rows);
  const FieldDescriptor& field = *proto::Scenario::descriptor()->FindFieldByName(part);
  AddFields(*field.message_type(), part + (field.is_repeated() ? "[]." : "."), keys);
}

// Returns the text of one part. `keys` carries over the forms that earlier parts have listed.
std::string PartText(const std::string& part, SchemaKeys* keys) {
  keys->rows.clear();
  AddPart(part, keys);
  std::string text = part + "\n";
  const bool generated = part == "scenario" || part == "vary" || part == "expect";
  const std::string comment = generated ? "" : Comment("Scenario." + part);
  if (!comment.empty()) absl::StrAppend(&text, "  ", comment, "\n");
  return text + TextTable(keys->rows, "  ");
}

// Converts "faults[].do" to the form of a query: "faults.do".
std::string WithoutBrackets(const std::string& path) {
  return absl::StrReplaceAll(path, {{"[]", ""}});
}

// Returns whether `path` names `word`, a value of `key`: "faults.do.kill" or "faults.kill" for
// "faults[].do", "expect.acked_lost" for "expect[].METRIC".
bool NamesWord(absl::string_view path, const std::string& key, absl::string_view word) {
  const std::string plain = WithoutBrackets(key);
  absl::ConsumeSuffix(&word, ".NODE");
  return path == absl::StrCat(plain, ".", word) ||
         path == absl::StrCat(plain.substr(0, plain.rfind('.')), ".", word);
}

// Returns the keys of `part` that `path` names, with everything below them, or a single value of a
// key.
Rows SelectKeys(const std::string& part, absl::string_view path) {
  SchemaKeys keys;
  AddPart(part, &keys);
  Rows selected;
  std::string key;
  bool inside = false;
  for (const auto& row : keys.rows) {
    if (!row[0].empty()) {
      key = row[0];
      const std::string plain = WithoutBrackets(key);
      inside = plain == path || absl::StartsWith(plain, absl::StrCat(path, "."));
    }
    const absl::string_view word = absl::StripAsciiWhitespace(row[1]);
    if (inside) {
      selected.push_back(row);
    } else if (row[0].empty() && NamesWord(path, key, word)) {
      selected.push_back({key, std::string(word), row[2]});
    }
  }
  return selected;
}

// Returns every path that SelectKeys accepts, without values.
std::vector<std::string> SchemaPaths() {
  std::vector<std::string> paths = SchemaParts();
  for (const std::string& part : SchemaParts()) {
    SchemaKeys keys;
    AddPart(part, &keys);
    for (const auto& row : keys.rows) {
      if (!row[0].empty()) paths.push_back(WithoutBrackets(row[0]));
    }
  }
  return paths;
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

absl::StatusOr<std::string> SchemaText(absl::string_view path) {
  std::vector<std::string> texts;
  SchemaKeys keys;
  for (const std::string& part : SchemaParts()) {
    if (path.empty() || path == part) texts.push_back(PartText(part, &keys));
  }
  if (!texts.empty()) return absl::StrJoin(texts, "\n");
  const std::string plain = WithoutBrackets(std::string(path));
  for (const std::string& part : SchemaParts()) {
    const Rows rows = SelectKeys(part, plain);
    if (!rows.empty()) return TextTable(rows, "");
  }
  const std::string near = DidYouMean(plain, SchemaPaths());
  return absl::InvalidArgumentError(absl::StrCat(
      "a scenario has no '", path, "'", near.empty() ? Suggest(path, SchemaParts()) : near));
}

std::string FaultsText() {
  SchemaKeys keys;
  AddFields(*proto::Fault::descriptor(), "", &keys);
  Rows points;
  for (const Point point : kAllPoints) {
    points.push_back({absl::StrCat("before-", Name(point)), absl::StrCat("after-", Name(point)),
                      Describe(point)});
  }
  return absl::StrCat("faults[]\n", TextTable(keys.rows, "  "),
                      "\npoints in the life of a write: the node dies (kill) or stops (pause) just "
                      "before or just after\n",
                      TextTable(points, "  "));
}

}  // namespace replsim
