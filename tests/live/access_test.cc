// What a node refuses: calls without the run's token.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "common/rpc/access_token.h"
#include "common/rpc/channel_args.h"
#include "protos/health.grpc.pb.h"
#include "protos/replication.grpc.pb.h"
#include "tests/live/node_fixture.h"

namespace replsim {
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
  // How a stream ends on which a replica introduces itself.
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
      EXPECT_THAT(status.error_message(), HasSubstr("is not this node's"));
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

}  // namespace
}  // namespace replsim
