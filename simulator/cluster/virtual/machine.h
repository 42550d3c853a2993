// The machine that virtual time pretends (proto::Machine has what each part means), with defaults
// filled in.
#pragma once

#include "common/base/time.h"
#include "common/config/delay.h"
#include "protos/scenario.pb.h"

namespace replsim {

struct Machine {
  explicit Machine(const proto::Machine& given = {});

  DelaySampler hop;  // of what is none of the four below
  DelaySampler request;
  DelaySampler answer;
  DelaySampler records;
  DelaySampler ack;
  DelaySampler flush;
  DelaySampler replica_flush;
  DelaySampler write;
  Nanos wake{0};
  Nanos work{0};
};

}  // namespace replsim
