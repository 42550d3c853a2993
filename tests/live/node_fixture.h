// Fixture with a node in this process, over real sockets: a primary without replicas.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <memory>
#include <string>
#include <utility>

#include "common/base/time.h"
#include "common/server/rpc/node_server.h"
#include "grpcpp/create_channel.h"
#include "primary/config/primary_options.h"
#include "primary/core/primary_core.h"
#include "protos/control.grpc.pb.h"
#include "protos/kv.grpc.pb.h"
#include "tests/live/node_config.h"

namespace replsim {

class NodeTest : public testing::Test {
 protected:
  // The node demands `token` in every call.
  explicit NodeTest(std::string token = "") : token_(std::move(token)) {
    std::string path = (std::filesystem::temp_directory_path() / "replsim-test-XXXXXX").string();
    folder_ = mkdtemp(path.data());
    Start();
  }
  ~NodeTest() override {
    Stop();
    std::filesystem::remove_all(folder_);
  }

  // Returns the configuration of a primary without replicas that acknowledges at its flush.
  proto::NodeConfig Config() const {
    proto::NodeConfig config = NodeConfigFor(folder_, "p", {"p"});
    config.set_token(token_);
    return config;
  }

  // Starts the node and connects without a token.
  void Start() {
    const proto::NodeConfig config = Config();
    absl::StatusOr<PrimaryOptions> options = ToPrimaryOptions(config);
    ASSERT_TRUE(options.ok()) << options.status();
    absl::StatusOr<std::unique_ptr<NodeServer>> server = NodeServer::Open(config, false);
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    const CoreStart start = server_->start();
    testing::internal::CaptureStdout();
    const absl::Status served = server_->Serve(
        std::make_unique<PrimaryCore>(*std::move(options), start, start.epoch + 1, MonotonicNow()),
        /*leads=*/true, {});
    std::string said = testing::internal::GetCapturedStdout();
    ASSERT_TRUE(served.ok()) << served;
    address_ = said.substr(said.find(' ') + 1, said.find('\n') - said.find(' ') - 1);
    Connect(grpc::CreateChannel(address_, grpc::InsecureChannelCredentials()));
  }
  void Connect(const std::shared_ptr<grpc::Channel>& channel) {
    channel_ = channel;
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

  const std::string token_;
  std::string folder_;
  std::string address_;
  std::unique_ptr<NodeServer> server_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<proto::Kv::Stub> stub_;
  std::unique_ptr<proto::Control::Stub> control_;
};

}  // namespace replsim
