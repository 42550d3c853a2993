// A node that a failpoint kills after it has sent answers: the answers arrive.
#include <gtest/gtest.h>
#include <stdlib.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "grpcpp/create_channel.h"
#include "protos/control.grpc.pb.h"
#include "protos/health.grpc.pb.h"
#include "protos/kv.grpc.pb.h"
#include "tests/live/node_config.h"
#include "tests/live/node_process.h"

namespace replsim::confirmed_answer_test {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// Less than the limit after which the node does not wait any more (200 ms).
constexpr milliseconds kSilence(60);

class ConfirmedAnswer : public testing::Test {
 protected:
  ConfirmedAnswer() {
    std::string path = (std::filesystem::temp_directory_path() / "replsim-test-XXXXXX").string();
    folder_ = mkdtemp(path.data());
    proto::NodeConfig config = NodeConfigFor(folder_, "p", {"p"});
    config.set_role(proto::NodeConfig::PRIMARY);
    node_.emplace("replsim-primary", config);
    proto::ArmFailpointRequest arm;
    arm.set_point("after-primary.ack");
    arm.set_hit(1);
    EXPECT_TRUE(node_->Call(&proto::Control::Stub::ArmFailpoint, arm).ok());
    kv_ = proto::Kv::NewStub(
        grpc::CreateChannel(node_->address(), grpc::InsecureChannelCredentials()));
    session_ = kv_->Session(&context_);
  }
  ~ConfirmedAnswer() override {
    node_->AwaitKilled();
    session_->Finish();
    std::filesystem::remove_all(folder_);
  }

  void Put() {
    proto::SessionRequest request;
    proto::Operation* operation = request.add_operations();
    operation->set_id(7);
    operation->mutable_put()->set_client(1);
    operation->mutable_put()->set_sequence(1);
    operation->mutable_put()->set_key("k");
    operation->mutable_put()->set_value("v");
    ASSERT_TRUE(session_->Write(request));
  }
  // Reads until the node asks for the confirmation.
  void AwaitQuestion() {
    proto::SessionResponse response;
    int answers = 0;
    while (session_->Read(&response) && !response.results().empty()) {
      answers += response.results_size();
      EXPECT_EQ(response.results(0).write().outcome(), proto::COMMITTED);
    }
    EXPECT_EQ(answers, 1);
    EXPECT_EQ(response.results_size(), 0);
  }
  bool IsAlive() {
    grpc::ClientContext context;
    grpc::health::v1::HealthCheckResponse response;
    const auto channel = grpc::CreateChannel(node_->address(), grpc::InsecureChannelCredentials());
    return grpc::health::v1::Health::NewStub(channel)->Check(&context, {}, &response).ok();
  }

  std::string folder_;
  std::optional<NodeProcess> node_;
  std::unique_ptr<proto::Kv::Stub> kv_;
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReaderWriter<proto::SessionRequest, proto::SessionResponse>> session_;
};

TEST_F(ConfirmedAnswer, TheNodeDiesWhenItsClientHasConfirmed) {
  Put();
  AwaitQuestion();
  EXPECT_TRUE(IsAlive());
  ASSERT_TRUE(session_->Write(proto::SessionRequest()));
  proto::SessionResponse response;
  EXPECT_FALSE(session_->Read(&response));
}

TEST_F(ConfirmedAnswer, TheNodeDiesAfterALimitedTimeIfItsClientIsSilent) {
  Put();
  AwaitQuestion();
  const auto asked = steady_clock::now();
  proto::SessionResponse response;
  EXPECT_FALSE(session_->Read(&response));
  EXPECT_GE(steady_clock::now() - asked, kSilence);
}

}  // namespace
}  // namespace replsim::confirmed_answer_test
