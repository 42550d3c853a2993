// A node's client API over real sockets: tickets and requests that come again, through a restart.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <memory>
#include <string>

#include "common/base/time.h"
#include "common/rpc/node_server.h"
#include "grpcpp/create_channel.h"
#include "primary/config/primary_options.h"
#include "primary/core/primary_core.h"
#include "protos/control.grpc.pb.h"
#include "protos/kv.grpc.pb.h"

namespace replsim {
namespace {

class KvServiceTest : public testing::Test {
 protected:
  KvServiceTest() {
    std::string path = (std::filesystem::temp_directory_path() / "replsim-test-XXXXXX").string();
    folder_ = mkdtemp(path.data());
    Start();
  }
  ~KvServiceTest() override {
    Stop();
    std::filesystem::remove_all(folder_);
  }

  // A primary without replicas, which answers when it has flushed.
  void Start() {
    proto::NodeConfig config;
    config.set_id("p");
    config.add_nodes("p");
    config.set_primary("p");
    config.set_listen("127.0.0.1:0");
    config.set_data_dir(folder_ + "/p");
    proto::ReplicationSpec& knobs = *config.mutable_replication();
    knobs.set_ack_after(proto::FLUSH);
    knobs.set_visible_after(proto::FLUSH);
    knobs.mutable_sync_set()->set_kind(proto::SyncSetSpec::ANY_OF);
    knobs.mutable_sync_set()->set_count(1);
    knobs.set_order(proto::PRIMARY_FIRST);
    knobs.set_replica_apply(proto::ON_RECEIVE);
    knobs.set_on_timeout(proto::BLOCK);
    knobs.mutable_timeout()->set_ns(1'000'000'000);
    knobs.set_send_after(proto::WRITE);
    knobs.set_serialize_keys(false);
    config.mutable_failover()->set_drain(proto::APPLY_FIRST);
    config.mutable_failover()->set_take_over(proto::AT_ONCE);
    config.mutable_failover()->mutable_promotion_time()->set_ns(0);
    config.mutable_durability()->set_sync(proto::EVERY_BATCH);
    config.mutable_durability()->set_io(proto::THREAD);
    config.mutable_durability()->mutable_interval()->set_ns(200'000'000);
    config.mutable_heartbeat()->mutable_interval()->set_ns(100'000'000);
    config.mutable_heartbeat()->mutable_timeout()->set_ns(1'000'000'000);
    absl::StatusOr<PrimaryOptions> options = ToPrimaryOptions(config);
    ASSERT_TRUE(options.ok()) << options.status();
    absl::StatusOr<std::unique_ptr<NodeServer>> server = NodeServer::Open(config, false);
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    const CoreStart start = server_->start();
    testing::internal::CaptureStdout();
    const absl::Status served = server_->Serve(
        std::make_unique<PrimaryCore>(*std::move(options), start, start.epoch + 1, MonotonicNow()),
        /*leads=*/true, nullptr);
    std::string said = testing::internal::GetCapturedStdout();
    ASSERT_TRUE(served.ok()) << served;
    const std::string address =
        said.substr(said.find(' ') + 1, said.find('\n') - said.find(' ') - 1);
    const auto channel = grpc::CreateChannel(address, grpc::InsecureChannelCredentials());
    stub_ = proto::Kv::NewStub(channel);
    control_ = proto::Control::NewStub(channel);
  }
  void Stop() { server_.reset(); }

  static proto::PutRequest Request(uint64_t sequence) {
    proto::PutRequest put;
    put.set_client(1);
    put.set_sequence(sequence);
    put.set_key("k");
    put.set_value("v");
    return put;
  }
  using Method = grpc::Status (proto::Kv::Stub::*)(grpc::ClientContext*, const proto::PutRequest&,
                                                   proto::WriteResponse*);
  proto::WriteResponse Ask(Method method, uint64_t sequence) {
    grpc::ClientContext context;
    proto::WriteResponse response;
    const grpc::Status status = (stub_.get()->*method)(&context, Request(sequence), &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
  }
  using TicketMethod = grpc::Status (proto::Kv::Stub::*)(grpc::ClientContext*,
                                                         const proto::TicketRequest&,
                                                         proto::WriteResponse*);
  proto::WriteResponse Ask(TicketMethod method, uint64_t epoch, uint64_t lsn) {
    grpc::ClientContext context;
    proto::TicketRequest ticket;
    ticket.mutable_ticket()->set_epoch(epoch);
    ticket.mutable_ticket()->set_lsn(lsn);
    proto::WriteResponse response;
    const grpc::Status status = (stub_.get()->*method)(&context, ticket, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
  }

  std::string folder_;
  std::unique_ptr<NodeServer> server_;
  std::unique_ptr<proto::Kv::Stub> stub_;
  std::unique_ptr<proto::Control::Stub> control_;
};

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
  EXPECT_EQ(status.error_message(), "cannot promote: follower 'nobody' is no peer of this node");
  EXPECT_EQ(Ask(&proto::Kv::Stub::Put, 1).outcome(), proto::COMMITTED);
}

}  // namespace
}  // namespace replsim
