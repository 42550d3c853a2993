#include "simulator/choose/failures.h"

#include "absl/strings/str_cat.h"

namespace replsim {
namespace {

std::vector<std::string> ThenPromote(std::string fault, const FailureTry& a_try) {
  std::vector<std::string> faults = {std::move(fault)};
  if (!a_try.promote_after.empty()) {
    faults.push_back(absl::StrCat("{when: {after_previous: ", a_try.promote_after,
                                  "}, do: promote, node: best}"));
  }
  return faults;
}

std::vector<std::string> PrimaryDies(const FailureTry& a_try) {
  return ThenPromote(absl::StrCat("{when: {", a_try.when, "}, do: kill, node: primary}"), a_try);
}

std::vector<std::string> PrimaryLosesPower(const FailureTry& a_try) {
  return ThenPromote(absl::StrCat("{when: {", a_try.when, "}, do: power-loss, node: primary}"),
                     a_try);
}

std::vector<std::string> ReplicaDies(const FailureTry& a_try) {
  return {absl::StrCat("{when: {", a_try.when, "}, do: kill, node: ", a_try.replica, "}")};
}

std::vector<std::string> ReplicaHangs(const FailureTry& a_try) {
  return {absl::StrCat("{when: {", a_try.when, "}, do: pause, node: ", a_try.replica,
                       ", for: ", a_try.outage, "}")};
}

std::vector<std::string> Partition(const FailureTry& a_try) {
  return ThenPromote(absl::StrCat("{when: {", a_try.when, "}, do: partition, from: p, to: [",
                                  a_try.others, "], for: ", a_try.outage, "}"),
                     a_try);
}

constexpr TriedFailure kFailures[] = {
    {"primary-dies", "primary dies", "the primary dies", true, true, PrimaryDies},
    {"primary-loses-power", "primary loses power", "the primary loses power", true, true,
     PrimaryLosesPower},
    {"replica-dies", "replica dies", "a replica dies", false, false, ReplicaDies},
    {"replica-hangs", "replica hangs", "a replica hangs", false, false, ReplicaHangs},
    {"partition", "primary partitioned", "the primary is partitioned", true, false, Partition},
};

}  // namespace

absl::Span<const TriedFailure> AllFailures() { return kFailures; }

const TriedFailure* FindFailure(absl::string_view name) {
  for (const TriedFailure& failure : kFailures) {
    if (name == failure.name) return &failure;
  }
  return nullptr;
}

std::vector<std::string> FailureNames() {
  std::vector<std::string> names;
  for (const TriedFailure& failure : kFailures) names.emplace_back(failure.name);
  return names;
}

}  // namespace replsim
