// The latencies of the machine that virtual time models, with defaults filled in. proto::Machine
// documents each field, its unit and its default.
#pragma once

#include "common/base/time.h"
#include "common/config/delay.h"
#include "protos/scenario.pb.h"

namespace replsim {

struct Machine {
  explicit Machine(const proto::Machine& given = {});

  DelaySampler hop;  // messages without a delay of their own below
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
