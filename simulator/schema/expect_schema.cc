#include "simulator/schema/expect_schema.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "simulator/metrics/group_metrics.h"
#include "simulator/metrics/metrics.h"
#include "simulator/schema/proto_comments.h"

namespace replsim {
namespace {

Json Test(const std::string& meaning) {
  Json test = Json::Object();
  test.Set("type", "string").Set("pattern", R"(^\s*(==|!=|<=|>=|<|>)\s*\S)");
  if (!meaning.empty()) test.Set("description", meaning);
  return test;
}

// "wall_lag.NODE" becomes "^wall_lag\.(.+)$".
std::string AnyAfter(absl::string_view name) {
  return absl::StrCat("^", absl::StrReplaceAll(name, {{".", "\\."}}), "\\..+$");
}

Json VariantType() {
  Json word = Json::Object().Set("type", Json::Array().Add("string").Add("number").Add("boolean"));
  Json list = Json::Object().Set("type", "array").Set("items", word);
  return Json::Object()
      .Set("anyOf", Json::Array().Add(std::move(word)).Add(std::move(list)))
      .Set("description", ProtoComment("Expect.variant"));
}

}  // namespace

Json ExpectSchema() {
  Json properties = Json::Object();
  Json patterns = Json::Object();
  properties.Set("variant", VariantType());
  for (const Metric& metric : RunMetrics()) properties.Set(metric.name, Test(metric.meaning));
  for (const Metric& metric : WorstReplicaMetrics()) {
    properties.Set(metric.name, Test(metric.meaning));
  }
  for (const Metric& metric : ReplicaMetrics()) {
    patterns.Set(AnyAfter(metric.name), Test(metric.meaning));
  }
  for (const GroupMetricForm& form : GroupMetricForms()) {
    const absl::string_view path = form.path;
    patterns.Set(AnyAfter(path.substr(0, path.rfind('.'))), Test(form.meaning));
  }
  return Json::Object()
      .Set("type", "object")
      .Set("properties", std::move(properties))
      .Set("patternProperties", std::move(patterns))
      .Set("additionalProperties", false);
}

}  // namespace replsim
