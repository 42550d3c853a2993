#include "simulator/cluster/virtual/machine.h"

namespace replsim {
namespace {

DelaySampler Sampler(bool given, const proto::Delay& delay, const DelaySampler& otherwise) {
  return given ? DelaySampler(delay) : otherwise;
}
DelaySampler Sampler(bool given, const proto::Delay& delay, Nanos otherwise) {
  return Sampler(given, delay, DelaySampler(ConstantDelay(otherwise)));
}

}  // namespace

Machine::Machine(const proto::Machine& given)
    : hop(Sampler(given.has_hop(), given.hop(), Micros(150))),
      request(Sampler(given.hops().has_request(), given.hops().request(), hop)),
      answer(Sampler(given.hops().has_answer(), given.hops().answer(), hop)),
      records(Sampler(given.hops().has_records(), given.hops().records(), hop)),
      ack(Sampler(given.hops().has_ack(), given.hops().ack(), hop)),
      flush(Sampler(given.has_flush(), given.flush(), Micros(300))),
      replica_flush(Sampler(given.has_replica_flush(), given.replica_flush(), flush)),
      write(Sampler(given.has_write(), given.write(), Micros(5))),
      wake(given.has_wake() ? Nanos(given.wake().ns()) : Micros(50)),
      work(given.has_work() ? Nanos(given.work().ns()) : Micros(4)) {}

}  // namespace replsim
