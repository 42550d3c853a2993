// Text of a recording's events and answers, for people.
#pragma once

#include <string>

#include "protos/recording.pb.h"
#include "simulator/recording/history.h"

namespace replsim {

// "p was killed", "promotion of the most up-to-date replica began"
std::string EventText(const proto::RunEvent& event);
// The answer to the client: "committed", "rejected (the primary was fenced)".
std::string AnswerText(const Operation& operation);

}  // namespace replsim
