#include "simulator/scenario/scenario.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/file/input_file.h"
#include "simulator/metrics/comparison.h"
#include "simulator/metrics/metrics.h"
#include "simulator/scenario/check.h"
#include "simulator/scenario/defaults.h"
#include "simulator/scenario/links.h"
#include "simulator/scenario/overrides.h"
#include "simulator/scenario/warnings.h"
#include "simulator/scenario/write_yaml.h"
#include "simulator/scenario/yaml_reader.h"
#include "simulator/scenario/yaml_text.h"
#include "simulator/scenario/yaml_tree.h"

namespace replsim {
namespace {

constexpr size_t kMaxVariants = 64;

struct ReadResult {
  proto::Scenario scenario;
  Places places;
};

ReadResult Read(const YamlNode& tree, const std::string& source, Mistakes* mistakes) {
  ReadResult read;
  ReadMessage(tree, &read.scenario, &read.places, mistakes);
  if (read.scenario.name().empty()) {
    read.scenario.set_name(std::filesystem::path(source).stem().string());
  }
  return read;
}

std::string NameOf(const std::vector<Override>& combination, const proto::Scenario& scenario) {
  if (combination.empty()) {
    return scenario.replication().preset().empty() ? "run" : scenario.replication().preset();
  }
  return absl::StrJoin(combination, "/", [](std::string* out, const Override& given) {
    constexpr size_t kLongest = 40;
    out->append(given.value.size() <= kLongest ? given.value
                                               : given.value.substr(0, kLongest - 3) + "...");
  });
}

// A mistake of one or more variants, with the variants that have it.
struct Shared {
  Mistake mistake;
  std::vector<std::string> variants;
};
std::vector<Shared> Merge(const std::vector<std::pair<std::string, std::vector<Mistake>>>& found) {
  std::vector<Shared> all;
  for (const auto& [name, mistakes] : found) {
    for (const Mistake& mistake : mistakes) {
      const auto known = std::find_if(all.begin(), all.end(), [&m = mistake](const Shared& other) {
        return other.mistake == m;
      });
      Shared& shared = known != all.end() ? *known : all.emplace_back(Shared{mistake, {}});
      shared.variants.push_back(name);
    }
  }
  return all;
}

// " (variant 'async')", " (variants 'async', 'sync' and 6 more)"; empty if all `count` variants
// have the mistake.
std::string InVariants(const std::vector<std::string>& variants, size_t count) {
  if (variants.size() == count) return "";
  constexpr size_t kMostNamed = 2;
  std::string text = variants.size() == 1 ? " (variant '" : " (variants '";
  absl::StrAppend(&text,
                  absl::StrJoin(variants.begin(),
                                variants.begin() + static_cast<std::ptrdiff_t>(
                                                       std::min(variants.size(), kMostNamed)),
                                "', '"),
                  "'");
  if (variants.size() > kMostNamed) {
    absl::StrAppend(&text, " and ", variants.size() - kMostNamed, " more");
  }
  return text + ")";
}

// Returns the `vary` of the file with a value at that place; null if there is none.
const VaryList* VaryAt(const Place& place, const std::vector<VaryList>& varies) {
  const auto has_it = [&](const VaryList& vary) {
    return std::any_of(vary.values.begin(), vary.values.end(),
                       [&](const Override& value) { return value.place == place; });
  };
  const auto found = std::find_if(varies.begin(), varies.end(), has_it);
  return place.line == 0 || found == varies.end() ? nullptr : &*found;
}

// Reports the mistakes of all variants, each once. The place of a mistake at a `vary` value shows
// which variants it concerns. A mistake at all values of a `vary` is reported at its path.
void Tell(const std::vector<Variant>& variants, const std::vector<Mistakes>& found,
          const std::vector<VaryList>& varies, Mistakes* mistakes) {
  std::vector<std::pair<std::string, std::vector<Mistake>>> named;
  for (size_t i = 0; i < found.size(); ++i) named.emplace_back(variants[i].name, found[i].all());
  const std::vector<Shared> all = Merge(named);
  for (const Shared& shared : all) {
    const Mistake& mistake = shared.mistake;
    const VaryList* vary = VaryAt(mistake.place, varies);
    if (vary == nullptr) {
      mistakes->Add(mistake.place,
                    absl::StrCat(mistake.text, InVariants(shared.variants, found.size())));
      continue;
    }
    const bool at_every_value =
        std::all_of(vary->values.begin(), vary->values.end(), [&](const Override& value) {
          return std::any_of(all.begin(), all.end(), [&](const Shared& other) {
            return other.mistake == Mistake{value.place, mistake.text};
          });
        });
    mistakes->Add(at_every_value ? vary->values.front().path_place : mistake.place, mistake.text);
  }
}

// Refuses to vary what must be the same in every run of a file.
void CheckVaries(const std::vector<VaryList>& varies, Mistakes* mistakes) {
  size_t count = 1;
  for (const VaryList& vary : varies) {
    for (const char* fixed : {"name", "question", "answer", "vary", "expect"}) {
      if (vary.path == fixed)
        mistakes->Add(vary.values[0].place,
                      absl::StrCat("'", fixed, "' applies to the whole file and cannot vary"));
    }
    count *= vary.values.size();
    if (count > kMaxVariants) {
      mistakes->Add(vary.values[0].place,
                    absl::StrCat("more than ", kMaxVariants, " combinations; vary fewer values"));
      return;
    }
  }
}

std::vector<Variant> MakeVariants(const YamlNode& base, const std::vector<VaryList>& varies,
                                  const std::string& source, const ClusterKind* cluster,
                                  Mistakes* mistakes) {
  std::vector<Variant> variants;
  std::vector<Mistakes> found;
  std::set<std::string> names;
  YamlNode plain = base;
  SetVaries({}, &plain);
  for (const std::vector<Override>& combination : Combinations(varies)) {
    Mistakes own;
    YamlNode tree = plain;
    for (const Override& given : combination) Apply(given, &tree, &own);
    ReadResult read = Read(tree, source, &own);
    FillDefaults(read.places, &read.scenario, &own);
    CheckScenario(read.scenario, read.places, &own);
    if (cluster != nullptr) CheckCapabilities(read.scenario, read.places, *cluster, &own);
    CheckSystem(read.scenario, read.places, &own);
    const std::string name = NameOf(combination, read.scenario);
    if (!names.insert(name).second) {
      mistakes->Add(combination.back().place,
                    absl::StrCat("two variants have the name '", name, "'"));
    }
    std::vector<Mistake> warnings;
    if (own.empty()) warnings = FindWarnings(read.scenario, read.places);
    ExpandLinks(&read.scenario);
    variants.push_back({name, std::move(read.scenario), std::move(warnings)});
    found.push_back(std::move(own));
  }
  Tell(variants, found, varies, mistakes);
  return variants;
}

// Returns the variant that a condition compares with; empty if it compares with none.
std::string ComparedWith(const proto::Condition& condition) {
  const absl::StatusOr<Metric> metric = FindMetric(condition.metric());
  if (!metric.ok()) return "";
  const absl::StatusOr<Comparison> test = ParseComparison(condition.test(), metric->unit);
  return test.ok() ? test->variant : "";
}

// Drops the expectations of variants that are not run.
void KeepExpectationsOf(const std::vector<std::string>& names, proto::Scenario* scenario) {
  const auto is_run = [&](const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  google::protobuf::RepeatedPtrField<proto::Expect> kept;
  for (const proto::Expect& expect : scenario->expect()) {
    proto::Expect left;
    for (const std::string& name : expect.variant()) {
      if (is_run(name)) left.add_variant(name);
    }
    for (const proto::Condition& condition : expect.condition()) {
      const std::string other = ComparedWith(condition);
      if (other.empty() || is_run(other)) *left.add_condition() = condition;
    }
    if (left.variant().empty() == expect.variant().empty() && !left.condition().empty())
      *kept.Add() = left;
  }
  scenario->mutable_expect()->Swap(&kept);
}

}  // namespace

absl::StatusOr<LoadedScenario> LoadScenarioText(const std::string& text, const std::string& source,
                                                const std::vector<std::string>& sets,
                                                const std::vector<std::string>& varies,
                                                size_t most_told, const ClusterKind* cluster) {
  Mistakes mistakes;
  const std::vector<Override> set = ParseSets(sets, &mistakes);
  const std::vector<VaryList> flags = ParseVaries(varies, &mistakes);
  std::optional<YamlNode> tree = ParseYaml(text, source, &mistakes);
  if (!tree.has_value()) return mistakes.ToStatus(most_told);

  const bool is_map = tree->kind == YamlNode::Kind::kMap;
  for (const Override& given : set) {
    if (is_map) Apply(given, &*tree, &mistakes);
  }
  // Reads the file's own `vary` first; the final one replaces it afterwards.
  Mistakes of_file = mistakes;
  ReadResult base = Read(*tree, source, &of_file);
  const std::vector<VaryList> all = Combine(VariesOf(*tree), flags, set);
  SetVaries(all, &*tree);
  base = Read(*tree, source, &mistakes);
  for (const Mistake& mistake : of_file.all()) mistakes.Add(mistake.place, mistake.text);
  CheckVaries(all, &mistakes);
  if (!is_map || (!mistakes.empty() && !all.empty())) return mistakes.ToStatus(most_told);

  LoadedScenario loaded;
  loaded.as_written = base.scenario;
  loaded.scenario = base.scenario;
  FillDefaults(base.places, &loaded.scenario, &mistakes);
  ExpandLinks(&loaded.scenario);
  loaded.variants = MakeVariants(*tree, all, source, cluster, &mistakes);

  std::vector<std::string> names;
  for (const Variant& variant : loaded.variants) names.push_back(variant.name);
  const bool flagged = !sets.empty() || !varies.empty();
  CheckExpectations(loaded.scenario, flagged ? std::nullopt : std::optional(names), base.places,
                    &mistakes);
  if (!mistakes.empty()) return mistakes.ToStatus(most_told);
  if (flagged) {
    KeepExpectationsOf(names, &loaded.as_written);
    KeepExpectationsOf(names, &loaded.scenario);
    for (Variant& variant : loaded.variants) KeepExpectationsOf(names, &variant.scenario);
  }
  return loaded;
}

absl::StatusOr<LoadedScenario> LoadScenario(const std::string& path,
                                            const std::vector<std::string>& sets,
                                            const std::vector<std::string>& varies,
                                            size_t most_told, const ClusterKind* cluster) {
  const bool from_stdin = path == "-";
  const absl::StatusOr<std::string> text =
      ReadInputFile(from_stdin ? "/dev/stdin" : path, kScenarioBytesMax);
  if (!text.ok()) {
    return absl::Status(
        text.status().code(),
        absl::StrCat(text.status().message(),
                     "; expected a scenario file such as scenarios/quickstart.yaml"));
  }
  return LoadScenarioText(*text, from_stdin ? "stdin" : path, sets, varies, most_told, cluster);
}

std::string WarningsText(const LoadedScenario& loaded) {
  std::vector<std::pair<std::string, std::vector<Mistake>>> named;
  for (const Variant& variant : loaded.variants) named.emplace_back(variant.name, variant.warnings);
  std::string text;
  for (const Shared& shared : Merge(named)) {
    absl::StrAppend(&text, ToString(shared.mistake.place), ": warning: ", shared.mistake.text,
                    InVariants(shared.variants, loaded.variants.size()), "\n");
  }
  return text;
}

std::string ToYaml(const LoadedScenario& loaded) {
  return WriteYaml(loaded.as_written.vary().empty() ? loaded.scenario : loaded.as_written);
}

std::string ToYaml(const Variant& variant) {
  // A comparison with another variant cannot be judged in a run of this one alone.
  proto::Scenario kept = variant.scenario;
  KeepExpectationsOf({variant.name}, &kept);
  proto::Scenario own = kept;
  own.clear_expect();
  for (proto::Expect expect : kept.expect()) {
    expect.clear_variant();
    *own.add_expect() = std::move(expect);
  }
  return ToYaml(LoadedScenario{own, {{variant.name, own, {}}}, own});
}

}  // namespace replsim
