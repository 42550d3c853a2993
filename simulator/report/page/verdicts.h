// The answer of a scenario in one sentence, and the verdict of each of its expectations.
#pragma once

#include <string>
#include <vector>

#include "protos/report.pb.h"

namespace replsim {

// `answer` is the scenario's answer, shown only if every expectation held. `violations` has one
// line per violated invariant.
std::string VerdictsHtml(const std::string& answer,
                         const std::vector<proto::ExpectationResult>& results,
                         const std::vector<std::string>& violations);

// A line of a consistency summary ("sequential held; NOT linearizable: …"), with the guarantees
// that held and did not hold in colors.
std::string GuaranteesHtml(const std::string& text);

}  // namespace replsim
