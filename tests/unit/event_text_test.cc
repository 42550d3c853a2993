#include "simulator/analysis/evidence/event_text.h"

#include <gtest/gtest.h>

#include "protos/types.pb.h"

namespace replsim {
namespace {

using proto::RunEvent;

RunEvent Event(RunEvent::Kind kind, const std::string& node = "", const std::string& peer = "",
               const std::string& detail = "") {
  RunEvent event;
  event.set_kind(kind);
  event.set_node(node);
  event.set_peer(peer);
  event.set_detail(detail);
  return event;
}

TEST(EventText, EveryKindHasWords) {
  for (int kind = RunEvent::Kind_MIN; kind <= RunEvent::Kind_MAX; ++kind) {
    if (!RunEvent::Kind_IsValid(kind) || kind == RunEvent::KIND_UNSPECIFIED) continue;
    const std::string text = EventText(Event(static_cast<RunEvent::Kind>(kind), "r1"));
    const std::string& name = RunEvent::Kind_Name(static_cast<RunEvent::Kind>(kind));
    EXPECT_NE(text, "an event of an unknown kind") << name;
    EXPECT_EQ(text.find(name), std::string::npos) << text;
    EXPECT_EQ(text.find('{'), std::string::npos) << text;
  }
}

TEST(EventText, NamesNodesLinksAndDetails) {
  EXPECT_EQ(EventText(Event(RunEvent::KILLED, "p")), "p was killed");
  EXPECT_EQ(EventText(Event(RunEvent::KILLED, "p", "", "at after-primary.ack, hit 3000")),
            "p was killed: at after-primary.ack, hit 3000");
  EXPECT_EQ(EventText(Event(RunEvent::LINK_PARTITIONED, "p", "r1")), "p → r1 was partitioned");
  EXPECT_EQ(EventText(Event(RunEvent::PROMOTE_BEGIN, "", "", "best")),
            "promotion of the most up-to-date replica began");
  EXPECT_EQ(EventText(Event(RunEvent::STARTED, "r1", "", "replica")), "r1 started as replica");
}

TEST(EventText, AnAnswerSaysWhyAndHow) {
  Operation write;
  write.outcome = proto::COMMITTED;
  EXPECT_EQ(AnswerText(write), "committed");
  write.unprotected = 1;
  write.attempts = 3;
  EXPECT_EQ(AnswerText(write), "committed, unprotected, at attempt 3");
  Operation refused;
  refused.outcome = proto::REJECTED;
  refused.reason = proto::FENCED;
  EXPECT_EQ(AnswerText(refused), "rejected (the node was fenced)");
  refused.reason = proto::NONE;
  EXPECT_EQ(AnswerText(refused), "rejected");
}

}  // namespace
}  // namespace replsim
