// The answer of a scenario in one sentence, and the verdict of each of its expectations.
#pragma once

#include <string>
#include <vector>

#include "protos/report.pb.h"

namespace replsim {

// `answer` is the scenario's own sentence: shown where all of it came true. `violations` has a line
// for each violated invariant.
std::string VerdictsHtml(const std::string& answer,
                         const std::vector<proto::ExpectationResult>& results,
                         const std::vector<std::string>& violations);

// The line of a consistency summary ("sequential held; NOT linearizable: …"), with what held and
// what did not in colors.
std::string GuaranteesHtml(const std::string& text);

}  // namespace replsim
