#include "simulator/analysis/evidence/event_text.h"

#include "absl/strings/str_cat.h"
#include "protos/types.pb.h"

namespace replsim {
namespace {

using proto::RunEvent;

// "{" is replaced by the node or the link. `detail`: whether the event's own text is appended.
struct EventWords {
  RunEvent::Kind kind;
  const char* text;
  bool detail = false;
};

constexpr EventWords kEventWords[] = {
    {RunEvent::LOAD_BEGIN, "the load began"},
    {RunEvent::LOAD_END, "the load ended"},
    {RunEvent::FAULT_ARMED, "a failpoint was armed on {", true},
    {RunEvent::KILLED, "{ was killed", true},
    {RunEvent::EXITED, "{ exited", true},
    {RunEvent::PAUSED, "{ was paused"},
    {RunEvent::RESUMED, "{ continued"},
    {RunEvent::RESTARTED, "{ was restarted"},
    {RunEvent::PROMOTED, "{ was promoted"},
    {RunEvent::LINK_SET, "the link { was changed", true},
    {RunEvent::LINK_PARTITIONED, "{ was partitioned"},
    {RunEvent::LINK_HEALED, "{ was healed"},
    {RunEvent::APPLY_SLOWED, "apply on { was slowed", true},
    {RunEvent::HEAL_BEGIN, "healing of all faults began"},
    {RunEvent::CONVERGED, "all nodes had converged", true},
    {RunEvent::NOT_CONVERGED, "the nodes did not converge", true},
    {RunEvent::RUN_END, "the run ended"},
    {RunEvent::POWER_LOST, "{ lost power", true},
    {RunEvent::FAILED, "{ stopped after a disk error", true},
    {RunEvent::DISK_BROKEN, "a disk fault began on {", true},
    {RunEvent::DISK_HEALED, "the disk of { was healed"},
    {RunEvent::BIT_FLIPPED, "a bit was flipped on {", true},
    {RunEvent::LINK_RESET, "the connection { was reset"},
    {RunEvent::NODE_SLOWED, "{ was slowed", true},
    {RunEvent::CLOCK_SKEWED, "the clock of { was skewed", true},
    {RunEvent::FLAPPING, "{ began to flap", true},
    {RunEvent::FLAP_ENDED, "{ stopped flapping"},
    {RunEvent::ELECTED, "{ was elected and leads"},
    {RunEvent::STEPPED_DOWN, "{ stepped down"},
    {RunEvent::DEMOTED, "{ was demoted"},
};

const char* ReasonWords(uint8_t reason) {
  switch (reason) {
    case proto::FENCED:
      return "the node was fenced";
    case proto::NOT_PRIMARY:
      return "the node was not the primary";
    case proto::SYNC_SET_MISSING:
      return "the sync set was incomplete";
    case proto::GATE_TIMEOUT:
      return "the gate timed out";
    case proto::OVERLOADED:
      return "a queue was full";
    case proto::DEADLINE:
      return "deadline exceeded";
    case proto::DISCONNECTED:
      return "the connection broke";
    case proto::UNREACHABLE:
      return "no connection before the deadline";
    case proto::NODE_STOPPED:
      return "the node stopped";
    case proto::DIVERGED:
      return "the position is not in the node's log";
    case proto::NO_SPACE:
      return "no space on the disk";
    case proto::SUPERSEDED:
      return "a later request of this client is in the log";
    default:
      return "";
  }
}

const char* OutcomeWords(uint8_t outcome) {
  switch (outcome) {
    case proto::COMMITTED:
      return "committed";
    case proto::REJECTED:
      return "rejected";
    case proto::LOST:
      return "lost";
    case proto::PENDING:
      return "pending";
    default:
      return "unknown";
  }
}

std::string Subject(const RunEvent& event) {
  return event.peer().empty() ? event.node() : absl::StrCat(event.node(), " → ", event.peer());
}

}  // namespace

std::string EventText(const RunEvent& event) {
  if (event.kind() == RunEvent::STARTED) {
    return absl::StrCat(event.node(), " started as ",
                        event.detail().empty() ? "a node" : event.detail());
  }
  if (event.kind() == RunEvent::PROMOTE_BEGIN) {
    return absl::StrCat("promotion of ",
                        event.node().empty() ? "the most up-to-date replica" : event.node(),
                        " began");
  }
  if (event.kind() == RunEvent::PRIMARY_FOUND) {
    return absl::StrCat(event.peer().empty() ? "the clients" : event.peer(), " found that ",
                        event.node(), " leads");
  }
  for (const EventWords& words : kEventWords) {
    if (words.kind != event.kind()) continue;
    std::string text = words.text;
    const size_t at = text.find('{');
    if (at != std::string::npos) text.replace(at, 1, Subject(event));
    if (words.detail && !event.detail().empty()) absl::StrAppend(&text, ": ", event.detail());
    return text;
  }
  return "an event of an unknown kind";
}

std::string AnswerText(const Operation& operation) {
  std::string text = OutcomeWords(operation.outcome);
  if (operation.outcome != proto::COMMITTED) {
    const char* reason = ReasonWords(operation.reason);
    if (*reason != '\0') absl::StrAppend(&text, " (", reason, ")");
  }
  if (operation.unprotected) text += ", unprotected";
  if (operation.attempts > 1) absl::StrAppend(&text, ", at attempt ", operation.attempts);
  return text;
}

}  // namespace replsim
