// The replication streams of one node, dialled and accepted, and the addresses of its peers.
// Converts the core's messages to wire messages, and received messages and ends of streams to
// events.
//
// Thread-safe. Channels are kept until the end, because destroying one inside a gRPC reaction can
// deadlock.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/any_invocable.h"
#include "absl/synchronization/mutex.h"
#include "common/protocol/events.h"
#include "common/server/rpc/stream.h"
#include "grpcpp/channel.h"
#include "protos/replication.grpc.pb.h"

namespace replsim {

class PeerStreams {
 public:
  using Post = std::function<void(Event)>;
  // `token`: the access token of the run (access_token.h), sent with every call; empty: none.
  PeerStreams(Post post, std::string token) : post_(std::move(post)), token_(std::move(token)) {}

  void SetAddress(const NodeId& peer, std::string address);
  bool Knows(const NodeId& peer) const;  // whether the peer has an address

  // --- the core's effects ---
  void Dial(StreamId stream, const NodeId& primary);
  void Send(StreamId stream, const Message& message);
  void Close(StreamId stream);
  void Ask(const NodeId& peer, const NodeId& self, const PeerRequest& request);
  void FlushAll();  // begins to write the messages sent since the last call
  // Runs `then` when all messages so far are in the kernel's send buffers.
  void AfterSent(absl::AnyInvocable<void()> then);

  // Accepts a stream of a node that dialled this one.
  grpc::ServerBidiReactor<proto::FromReplica, proto::FromPrimary>* Accept();

  // Ends all streams and dials no more. Returns when no dialled stream and no request of this node
  // can call back any more. The gRPC server waits for accepted streams.
  void CloseAll();

 private:
  // Exactly one of the two is set.
  struct Entry {
    std::shared_ptr<ClientStream<proto::FromReplica, proto::FromPrimary>> dialled;
    std::shared_ptr<ServerStream<proto::FromReplica, proto::FromPrimary>> accepted;
  };
  template <class Wire>
  void Received(StreamId stream, Wire& wire);
  void Closed(StreamId stream);
  std::shared_ptr<grpc::Channel> ChannelTo(const NodeId& peer);
  template <class Request, class Response>
  struct Call;
  template <class Request, class Response, class Start, class ToAnswer>
  void Begin(const NodeId& peer, std::shared_ptr<Call<Request, Response>> call, Start start,
             ToAnswer to_answer);
  Entry Find(StreamId stream);

  const Post post_;
  const std::string token_;
  mutable absl::Mutex mutex_;
  std::map<NodeId, std::string> addresses_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, std::shared_ptr<grpc::Channel>> channels_ ABSL_GUARDED_BY(mutex_);
  std::map<StreamId, Entry> streams_ ABSL_GUARDED_BY(mutex_);
  std::set<grpc::ClientContext*> asking_ ABSL_GUARDED_BY(mutex_);
  std::vector<StreamId> to_flush_ ABSL_GUARDED_BY(mutex_);
  // Accepted streams have numbers from 2^63 on, above those that the core dials.
  uint64_t next_accepted_ ABSL_GUARDED_BY(mutex_) = uint64_t{1} << 63;
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace replsim
