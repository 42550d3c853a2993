// A node's client API over real sockets: tickets and repeated requests, across a restart.
#include <gtest/gtest.h>

#include "tests/live/node_fixture.h"

namespace replsim::kv_service_test {
namespace {

using KvServiceTest = NodeTest;

TEST_F(KvServiceTest, ATicketIsPendingAndThenDone) {
  const proto::WriteResponse ticket = Ask(&proto::Kv::Stub::Submit, 1);
  EXPECT_EQ(ticket.outcome(), proto::PENDING);
  EXPECT_EQ(ticket.position().epoch(), 1u);
  EXPECT_EQ(ticket.position().lsn(), 1u);
  EXPECT_EQ(Ask(&proto::Kv::Stub::Watch, 1, 1).outcome(), proto::COMMITTED);
  EXPECT_EQ(Ask(&proto::Kv::Stub::Poll, 1, 1).outcome(), proto::COMMITTED);
  EXPECT_EQ(Ask(&proto::Kv::Stub::Poll, 1, 99).outcome(), proto::UNKNOWN) << "never given";
}

TEST_F(KvServiceTest, ARequestThatComesAgainIsAnsweredWithThePositionOfTheFirst) {
  for (int i = 0; i < 3; ++i) {
    const proto::WriteResponse answer = Ask(&proto::Kv::Stub::Put, 1);
    EXPECT_EQ(answer.outcome(), proto::COMMITTED);
    EXPECT_EQ(answer.position().lsn(), 1u);
  }
  EXPECT_EQ(Ask(&proto::Kv::Stub::Put, 2).position().lsn(), 2u);
  const proto::WriteResponse old = Ask(&proto::Kv::Stub::Put, 1);
  EXPECT_EQ(old.outcome(), proto::UNKNOWN);
  EXPECT_EQ(old.reason(), proto::SUPERSEDED);
}

TEST_F(KvServiceTest, ARestartForgetsNeither) {
  Ask(&proto::Kv::Stub::Submit, 1);
  Ask(&proto::Kv::Stub::Watch, 1, 1);
  Stop();
  Start();
  EXPECT_EQ(Ask(&proto::Kv::Stub::Poll, 1, 1).outcome(), proto::COMMITTED);
  EXPECT_EQ(Ask(&proto::Kv::Stub::Watch, 1, 2).outcome(), proto::LOST) << "epoch 1 ended before it";
  const proto::WriteResponse again = Ask(&proto::Kv::Stub::Put, 1);
  EXPECT_EQ(again.outcome(), proto::COMMITTED);
  EXPECT_EQ(again.position().epoch(), 1u);
  EXPECT_EQ(again.position().lsn(), 1u);
}

TEST_F(KvServiceTest, ARequestWithoutAKeyIsRefused) {
  grpc::ClientContext context;
  proto::PutRequest put = Request(1);
  put.clear_key();
  proto::WriteResponse response;
  EXPECT_EQ(stub_->Submit(&context, put, &response).error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_F(KvServiceTest, AFollowerThatIsNoPeerIsRefusedAndTheNodeGoesOn) {
  grpc::ClientContext context;
  proto::PromoteRequest promote;
  promote.set_epoch(2);
  promote.add_followers("nobody");
  proto::PromoteResponse response;
  const grpc::Status status = control_->Promote(&context, promote, &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(status.error_message(), "cannot promote: follower 'nobody' is not a peer of this node");
  EXPECT_EQ(Ask(&proto::Kv::Stub::Put, 1).outcome(), proto::COMMITTED);
}

}  // namespace
}  // namespace replsim::kv_service_test
