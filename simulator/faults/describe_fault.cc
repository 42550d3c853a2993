#include "simulator/faults/describe_fault.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "simulator/fault_kinds/fault_kind.h"
#include "simulator/faults/link_text.h"

namespace replsim {
namespace {

std::string EndsText(const proto::Fault& fault) {
  return absl::StrCat(absl::StrJoin(fault.from(), ", "), " → ", absl::StrJoin(fault.to(), ", "));
}

std::string SlowDiskText(const proto::Fault& fault) {
  const std::string stall = absl::StrCat("stalled for ", DurationText(Nanos(fault.stall().ns())));
  if (!fault.has_delay()) return stall;
  return absl::StrCat(DelayText(fault.delay()), " more per flush",
                      fault.has_stall() ? absl::StrCat(", ", stall) : "");
}

}  // namespace

std::string DurationText(Nanos duration) {
  const int64_t ns = duration.count();
  if (ns % 1'000'000'000 == 0) return absl::StrCat(ns / 1'000'000'000, "s");
  if (ns % 1'000'000 == 0) return absl::StrCat(ns / 1'000'000, "ms");
  if (ns % 1'000 == 0) return absl::StrCat(ns / 1'000, "us");
  return absl::StrCat(ns, "ns");
}

std::string DescribeAction(const proto::Fault& fault) {
  const std::string name = NameOf(fault.do_());
  switch (fault.do_()) {
    case proto::PARTITION:
    case proto::HEAL:
      if (!fault.node().empty()) return absl::StrCat(name, " the disk of ", fault.node());
      return absl::StrCat(name, " ", EndsText(fault), fault.one_way() ? " (one way)" : "");
    case proto::SET_LINK:
      return absl::StrCat(name, " ", EndsText(fault), ": ", LinkText(LinkSpecOf(fault)));
    case proto::SLOW_DISK:
      return absl::StrCat(name, " ", fault.node(), ": ", SlowDiskText(fault));
    case proto::FSYNC_ERROR:
      return absl::StrCat(name, " ", fault.node(), ": the next ", fault.flushes(), " flushes");
    case proto::DISK_FULL:
      return absl::StrCat(name, " ", fault.node(), ": after ", fault.bytes().bytes(),
                          " more bytes");
    case proto::POWER_LOSS:
      return absl::StrCat(name, " ", fault.node(), fault.torn() ? " (torn)" : "");
    case proto::SLOW_APPLY:
      return absl::StrCat(name, " ", fault.node(), ": ",
                          DurationText(Nanos(fault.apply_delay().ns())), " per entry");
    case proto::RESET:
      return absl::StrCat(name, " ", EndsText(fault));
    case proto::FLAP:
      return absl::StrCat(name, " ", EndsText(fault), fault.one_way() ? " (one way)" : "", ": ",
                          fault.share(), " of every ", DurationText(Nanos(fault.period().ns())));
    case proto::SLOW_NODE:
      return absl::StrCat(name, " ", fault.node(), ": ", fault.share(), " of a processor");
    case proto::CLOCK_SKEW:
      return absl::StrCat(name, " ", fault.node(), ": ",
                          SkewText(Nanos(fault.offset().ns()), fault.drift()));
    default:
      return absl::StrCat(name, " ", fault.node());
  }
}

std::string DescribeRepetition(const proto::Fault& fault) {
  std::string text;
  if (fault.has_every()) {
    absl::StrAppend(&text, " every ", DurationText(Nanos(fault.every().ns())));
    if (fault.has_times()) absl::StrAppend(&text, ", ", fault.times(), " times");
    if (fault.has_for_()) absl::StrAppend(&text, ", each");
  }
  if (fault.has_for_()) {
    absl::StrAppend(&text, " for ", DurationText(Nanos(fault.for_().ns())));
  }
  return text;
}

std::string SkewText(Nanos ahead, double drift) {
  std::string text = ahead == Nanos(0) ? "correct" : absl::StrCat(DurationText(ahead), " ahead");
  if (drift != 0) absl::StrAppend(&text, ", drifting by ", drift, " s per second");
  return text;
}

std::string DescribeTrigger(const proto::When& when) {
  if (!when.point().empty()) {
    return when.lsn() > 0 ? absl::StrCat("at ", when.point(), ", LSN ", when.lsn())
                          : absl::StrCat("at ", when.point(), ", hit ", when.hit());
  }
  if (when.has_after_previous()) {
    return absl::StrCat(DurationText(Nanos(when.after_previous().ns())),
                        " after the previous fault");
  }
  if (when.committed() > 0) return absl::StrCat("after ", when.committed(), " committed writes");
  return absl::StrCat("at ", DurationText(Nanos(when.at().ns())));
}

}  // namespace replsim
