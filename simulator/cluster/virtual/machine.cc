#include "simulator/cluster/virtual/machine.h"

namespace replsim {
namespace {

DelaySampler Sampler(bool given, const proto::Delay& delay, Nanos otherwise) {
  return DelaySampler(given ? delay : ConstantDelay(otherwise));
}

}  // namespace

Machine::Machine(const proto::Machine& given)
    : hop(Sampler(given.has_hop(), given.hop(), Micros(150))),
      flush(Sampler(given.has_flush(), given.flush(), Micros(300))),
      write(Sampler(given.has_write(), given.write(), Micros(5))),
      wake(given.has_wake() ? Nanos(given.wake().ns()) : Micros(50)),
      work(given.has_work() ? Nanos(given.work().ns()) : Micros(4)) {}

}  // namespace replsim
