// A node refuses calls without the run's token, and epochs out of range.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <memory>
#include <string>

#include "common/base/epoch.h"
#include "common/server/rpc/access_token.h"
#include "common/server/rpc/channel_args.h"
#include "common/storage/log/metadata.h"
#include "protos/health.grpc.pb.h"
#include "protos/replication.grpc.pb.h"
#include "replica/server/run_node.h"
#include "tests/live/node_fixture.h"

namespace replsim::access_test {
namespace {

using testing::HasSubstr;

class TokenTest : public NodeTest {
 protected:
  TokenTest() : NodeTest("0123456789abcdef0123456789abcdef") {}

  grpc::Status Put() {
    grpc::ClientContext context;
    proto::WriteResponse response;
    return stub_->Put(&context, Request(1), &response);
  }
  grpc::Status Describe() {
    grpc::ClientContext context;
    proto::NodeDescription response;
    return control_->Describe(&context, {}, &response);
  }
  grpc::Status Shutdown() {
    grpc::ClientContext context;
    proto::ShutdownResponse response;
    return control_->Shutdown(&context, {}, &response);
  }
  // Returns how a stream ends after a replica has sent its Hello.
  grpc::Status Hello() {
    grpc::ClientContext context;
    const auto stub = proto::Replication::NewStub(channel_);
    const auto stream = stub->Stream(&context);
    proto::FromReplica hello;
    hello.mutable_hello()->set_id("r1");
    stream->Write(hello);
    proto::FromPrimary answer;
    while (stream->Read(&answer)) {
    }
    return stream->Finish();
  }
  grpc::Status Health() {
    grpc::ClientContext context;
    grpc::health::v1::HealthCheckResponse response;
    return grpc::health::v1::Health::NewStub(channel_)->Check(&context, {}, &response);
  }
};

TEST_F(TokenTest, WithoutTheTokenNothingIsAnsweredButTheHealthCheck) {
  for (const grpc::Status& status : {Put(), Describe(), Shutdown(), Hello()}) {
    EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAUTHENTICATED);
    EXPECT_THAT(status.error_message(), HasSubstr("has no access token"));
  }
  EXPECT_TRUE(Health().ok());
}

TEST_F(TokenTest, AWrongTokenIsRefused) {
  for (const std::string& wrong : {token_.substr(1), token_ + "0", "1" + token_.substr(1)}) {
    Connect(MakeChannel(address_, wrong));
    for (const grpc::Status& status : {Put(), Describe(), Shutdown(), Hello()}) {
      EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAUTHENTICATED) << wrong;
      EXPECT_THAT(status.error_message(), HasSubstr("does not match"));
    }
    EXPECT_TRUE(Health().ok());
  }
}

TEST_F(TokenTest, WithTheTokenTheNodeServes) {
  Connect(MakeChannel(address_, token_));
  EXPECT_TRUE(Put().ok()) << Put().error_message();
  EXPECT_TRUE(Describe().ok());
  EXPECT_TRUE(Hello().ok()) << "r1 is no replica of this node: the stream is closed";
  EXPECT_TRUE(Health().ok());
}

TEST(AccessToken, EveryRunHasAnother) {
  const std::string token = NewAccessToken();
  EXPECT_EQ(token.size(), 32u);
  EXPECT_TRUE(CheckAccessToken(token).ok());
  EXPECT_NE(token, NewAccessToken());
}

TEST(AccessToken, OneThatCannotBeSentIsRefused) {
  for (const std::string wrong : {"with space", "line\n", "\xff", "tab\t"}) {
    EXPECT_TRUE(absl::IsInvalidArgument(CheckAccessToken(wrong))) << wrong;
  }
  EXPECT_TRUE(absl::IsInvalidArgument(CheckAccessToken(std::string(257, 'x'))));
}

TEST(AccessToken, OnlyTheWholeTokenIsTheSame) {
  EXPECT_TRUE(SameToken("abc", "abc"));
  for (const std::string wrong : {"", "ab", "abcd", "abd", "xbc"}) {
    EXPECT_FALSE(SameToken("abc", wrong)) << wrong;
  }
}

class EpochTest : public NodeTest, public testing::WithParamInterface<uint64_t> {
 protected:
  template <class Stub, class Request, class Response>
  void ExpectInvalid(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                     const Request& request, Stub& stub) {
    grpc::ClientContext context;
    Response response;
    const grpc::Status status = (stub.*method)(&context, request, &response);
    EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT) << request.GetTypeName();
    EXPECT_THAT(status.error_message(), HasSubstr("is out of range; expected at most 2147483647"));
  }
  void ExpectClosed(const proto::FromReplica& message) {
    grpc::ClientContext context;
    const auto stub = proto::Replication::NewStub(channel_);
    const auto stream = stub->Stream(&context);
    stream->Write(message);
    proto::FromPrimary answer;
    EXPECT_FALSE(stream->Read(&answer)) << message.ShortDebugString();
    EXPECT_TRUE(stream->Finish().ok());
  }
  proto::NodeDescription Describe() {
    grpc::ClientContext context;
    proto::NodeDescription description;
    EXPECT_TRUE(control_->Describe(&context, {}, &description).ok());
    return description;
  }
};

INSTANTIATE_TEST_SUITE_P(OutOfRange, EpochTest,
                         testing::Values(kEpochMax + 1, (uint64_t{1} << 32) + 1,
                                         std::numeric_limits<uint64_t>::max()));

TEST_P(EpochTest, FencesNobodyAndIsNotSaved) {
  proto::FromReplica message;
  message.mutable_refusal()->set_epoch(GetParam());
  ExpectClosed(message);
  message.mutable_hello()->set_epoch(GetParam());
  ExpectClosed(message);
  message.mutable_ack()->set_epoch(GetParam());
  ExpectClosed(message);

  proto::AnnounceRequest announce;
  announce.set_primary("r1");
  announce.set_epoch(GetParam());
  ExpectInvalid(&proto::Replication::Stub::Announce, announce,
                *proto::Replication::NewStub(channel_));
  proto::FollowRequest follow;
  follow.set_primary("r1");
  follow.set_epoch(GetParam());
  ExpectInvalid(&proto::Control::Stub::Follow, follow, *control_);
  proto::PromoteRequest promote;
  promote.set_epoch(GetParam());
  ExpectInvalid(&proto::Control::Stub::Promote, promote, *control_);

  EXPECT_FALSE(Describe().fenced());
  EXPECT_EQ(Ask(&proto::Kv::Stub::Put, 1).outcome(), proto::COMMITTED);
  Stop();
  Start();
  EXPECT_EQ(Describe().epoch(), 2u);
  EXPECT_EQ(Ask(&proto::Kv::Stub::Put, 2).outcome(), proto::COMMITTED);
}

TEST_P(EpochTest, IsRefusedOfAClient) {
  proto::PutRequest put = Request(1);
  put.set_known_epoch(GetParam());
  ExpectInvalid(&proto::Kv::Stub::Put, put, *stub_);
  ExpectInvalid(&proto::Kv::Stub::Submit, put, *stub_);
  proto::DeleteRequest del;
  del.set_client(1);
  del.set_sequence(1);
  del.set_key("k");
  del.set_known_epoch(GetParam());
  ExpectInvalid(&proto::Kv::Stub::Delete, del, *stub_);
  proto::TicketRequest ticket;
  ticket.mutable_ticket()->set_epoch(GetParam());
  ExpectInvalid(&proto::Kv::Stub::Poll, ticket, *stub_);
  ticket.mutable_ticket()->set_epoch(1);
  ticket.set_known_epoch(GetParam());
  ExpectInvalid(&proto::Kv::Stub::Watch, ticket, *stub_);
  proto::GetRequest get;
  get.set_key("k");
  get.mutable_position()->set_epoch(GetParam());
  ExpectInvalid(&proto::Kv::Stub::Get, get, *stub_);

  grpc::ClientContext context;
  const auto session = stub_->Session(&context);
  proto::SessionRequest request;
  *request.add_operations()->mutable_put() = put;
  session->Write(request);
  proto::SessionResponse response;
  EXPECT_FALSE(session->Read(&response));
  session->Finish();

  EXPECT_FALSE(Describe().fenced());
}

TEST_F(NodeTest, WithoutAnEpochLeftAPrimaryDoesNotStartAndSaysWhy) {
  Stop();
  const proto::NodeConfig config = Config();
  ASSERT_TRUE(
      SaveMetadata(PosixFileSystem(), config.data_dir(), Metadata{Epoch(kEpochMax), EpochHistory()})
          .ok());
  const absl::Status status = RunNode(config, proto::NodeConfig::PRIMARY);
  EXPECT_TRUE(absl::IsFailedPrecondition(status)) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("is the highest possible"));
}

TEST_F(NodeTest, AnEpochFloorOutOfRangeIsAMistakeInTheConfiguration) {
  Stop();
  proto::NodeConfig config = Config();
  config.set_epoch_floor(kEpochMax + 1);
  EXPECT_TRUE(absl::IsInvalidArgument(RunNode(config, proto::NodeConfig::PRIMARY)));
}

}  // namespace
}  // namespace replsim::access_test
