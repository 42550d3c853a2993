// A program of a node as a child process, and the calls to it.
#pragma once

#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "grpcpp/create_channel.h"
#include "protos/control.grpc.pb.h"
#include "protos/kv.grpc.pb.h"
#include "tests/live/node_config.h"

namespace replsim {

// Ends the process in its destructor, by Control.Shutdown.
class NodeProcess {
 public:
  // Runs `program` of REPLSIM_BIN, which must begin to listen.
  NodeProcess(const std::string& program, proto::NodeConfig config) : id_(config.id()) {
    std::filesystem::create_directories(config.data_dir());
    config.set_parent_pid(static_cast<uint32_t>(getpid()));
    std::string text;
    EXPECT_TRUE(google::protobuf::TextFormat::PrintToString(config, &text));
    const std::string path = config.data_dir() + "/config";
    std::ofstream(path) << text;
    // exec: the program takes the place of the shell, so that this process is its parent.
    output_ = popen(
        absl::StrCat("echo $$; exec ", REPLSIM_BIN, "/", program, " --config ", path).c_str(), "r");
    char line[256] = "";
    EXPECT_NE(std::fgets(line, sizeof line, output_), nullptr);
    EXPECT_TRUE(absl::SimpleAtoi(line, &pid_)) << line;
    EXPECT_NE(std::fgets(line, sizeof line, output_), nullptr) << program << " does not listen";
    const std::string said(line);
    address_ = said.substr(said.find(' ') + 1, said.find('\n') - said.find(' ') - 1);
    const auto channel = grpc::CreateChannel(address_, grpc::InsecureChannelCredentials());
    control_ = proto::Control::NewStub(channel);
    kv_ = proto::Kv::NewStub(channel);
  }
  ~NodeProcess() {
    if (output_ == nullptr) return;
    Call(&proto::Control::Stub::Shutdown, proto::ShutdownRequest());
    EXPECT_EQ(pclose(output_), 0) << id_;
  }
  NodeProcess(const NodeProcess&) = delete;
  NodeProcess& operator=(const NodeProcess&) = delete;

  const std::string& address() const { return address_; }
  void Signal(int signal) const { EXPECT_EQ(kill(pid_, signal), 0); }
  // Waits until the process is gone; it must have ended by itself, without an error.
  void AwaitExit() { EXPECT_EQ(pclose(std::exchange(output_, nullptr)), 0) << id_; }
  // Waits until the process is gone; SIGKILL must have ended it.
  void AwaitKilled() {
    const int status = pclose(std::exchange(output_, nullptr));
    EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) << id_ << " " << status;
  }

  template <class Request, class Response>
  grpc::Status Call(grpc::Status (proto::Control::Stub::*method)(grpc::ClientContext*,
                                                                 const Request&, Response*),
                    const Request& request, std::type_identity_t<Response>* response = nullptr) {
    grpc::ClientContext context;
    Response unused;
    return (control_.get()->*method)(&context, request, response == nullptr ? &unused : response);
  }
  proto::NodeDescription Describe() {
    proto::NodeDescription description;
    Call(&proto::Control::Stub::Describe, proto::DescribeRequest(), &description);
    return description;
  }
  void SetPeer(const std::string& peer, const std::string& address) {
    proto::SetOptionsRequest options;
    (*options.mutable_peers())[peer] = address;
    Call(&proto::Control::Stub::SetOptions, options);
  }
  grpc::Status Promote(uint64_t epoch, const std::string& follower) {
    proto::PromoteRequest request;
    request.set_epoch(epoch);
    request.add_followers(follower);
    return Call(&proto::Control::Stub::Promote, request);
  }
  grpc::Status Demote(const std::string& primary) {
    proto::DemoteRequest request;
    request.set_primary(primary);
    return Call(&proto::Control::Stub::Demote, request);
  }
  proto::WriteResponse Put(uint64_t client) {
    proto::PutRequest put;
    put.set_client(client);
    put.set_sequence(1);
    put.set_key(absl::StrCat("k", client));
    put.set_value("v");
    grpc::ClientContext context;
    proto::WriteResponse response;
    EXPECT_TRUE(kv_->Put(&context, put, &response).ok());
    return response;
  }

 private:
  const std::string id_;
  FILE* output_ = nullptr;
  pid_t pid_ = 0;
  std::string address_;
  std::unique_ptr<proto::Control::Stub> control_;
  std::unique_ptr<proto::Kv::Stub> kv_;
};

}  // namespace replsim
