// The guarantees that a report judges, from the strongest to the weakest, and the summary of a run:
// the strongest guarantee that held, and the strongest that did not.
//
//   linearizable ─► sequential ─► consistent prefix ─► monotonic reads
//                       ├───────► read your writes
//                       ├───────► monotonic writes
//                       └───────► writes follow reads
//
// An arrow means "implies". The order of the table respects the arrows; guarantees without an arrow
// between them are ordered by how much applications miss them. `linearizable` is judged by values
// and times (simulator/judge/zones.h), the others by positions in the log (log_order.h,
// consistency.h). The two may disagree: a run can be linearizable for its clients although the log
// has another order.
#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "protos/report.pb.h"

namespace replsim {

struct Guarantee {
  const char* name;   // as in expectations: "consistent_prefix"
  const char* label;  // for people: "consistent prefix"
  std::vector<absl::string_view> implies;
};

// Strongest first.
const std::vector<Guarantee>& GuaranteesByStrength();
// The label of a guarantee; `name` itself if no guarantee has that name.
std::string LabelOfGuarantee(absl::string_view name);

// The guarantees of `names` that no other of `names` implies, strongest first.
std::vector<std::string> StrongestOf(const std::vector<std::string>& names);

// The labels of StrongestOf(): "read your writes and monotonic writes".
std::string LabelsOfStrongest(const std::vector<std::string>& names);

// The guarantees of `names` that imply no other of `names`, strongest first.
std::vector<std::string> WeakestOf(const std::vector<std::string>& names);

// Sets `summary` from the other fields. A guarantee that no operation could have violated is not
// judged; without an answered read, no guarantee is judged.
void SummarizeConsistency(proto::RunReport::Consistency* consistency);

}  // namespace replsim
