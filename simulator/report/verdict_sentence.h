// The result of one run in a few words, for somebody who sees it for the first time.
#pragma once

#include <string>

#include "protos/report.pb.h"

namespace replsim {

// "12 acknowledged writes were lost, which this setting does not exclude. No write was committed
// for 540 ms. A write took 0.4 ms (p50) while all was well." Leaves out what is unknown.
std::string VerdictSentence(const proto::RunReport& run);

}  // namespace replsim
