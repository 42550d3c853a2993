// The Kv service (protos/kv.proto): turns calls into events for the event loop, and registers the
// destination of each answer. Called from gRPC's threads. Has no state of its own. An invalid unary
// call ends as INVALID_ARGUMENT; an invalid operation in a session ends the session.
#pragma once

#include "common/server/loop/node_loop.h"
#include "common/server/rpc/client_requests.h"
#include "grpcpp/grpcpp.h"
#include "protos/kv.grpc.pb.h"

namespace replsim {

class KvService final : public proto::Kv::CallbackService {
 public:
  // Both must outlive the service.
  KvService(NodeLoop& loop, ClientRequests& requests) : loop_(loop), requests_(requests) {}

  grpc::ServerUnaryReactor* Put(grpc::CallbackServerContext* context,
                                const proto::PutRequest* request,
                                proto::WriteResponse* response) override;
  grpc::ServerUnaryReactor* Delete(grpc::CallbackServerContext* context,
                                   const proto::DeleteRequest* request,
                                   proto::WriteResponse* response) override;
  grpc::ServerUnaryReactor* Append(grpc::CallbackServerContext* context,
                                   const proto::PutRequest* request,
                                   proto::WriteResponse* response) override;
  grpc::ServerUnaryReactor* CompareAndSet(grpc::CallbackServerContext* context,
                                          const proto::CompareAndSetRequest* request,
                                          proto::WriteResponse* response) override;
  grpc::ServerUnaryReactor* Transact(grpc::CallbackServerContext* context,
                                     const proto::TransactionRequest* request,
                                     proto::WriteResponse* response) override;
  grpc::ServerUnaryReactor* Submit(grpc::CallbackServerContext* context,
                                   const proto::PutRequest* request,
                                   proto::WriteResponse* response) override;
  grpc::ServerUnaryReactor* Poll(grpc::CallbackServerContext* context,
                                 const proto::TicketRequest* request,
                                 proto::WriteResponse* response) override;
  grpc::ServerUnaryReactor* Watch(grpc::CallbackServerContext* context,
                                  const proto::TicketRequest* request,
                                  proto::WriteResponse* response) override;
  grpc::ServerUnaryReactor* Get(grpc::CallbackServerContext* context,
                                const proto::GetRequest* request,
                                proto::GetResponse* response) override;
  grpc::ServerBidiReactor<proto::SessionRequest, proto::SessionResponse>* Session(
      grpc::CallbackServerContext* context) override;
  grpc::ServerWriteReactor<proto::ScanResponse>* Scan(grpc::CallbackServerContext* context,
                                                      const proto::ScanRequest* request) override;

 private:
  void Received(const std::shared_ptr<SessionStream>& session, proto::SessionRequest& request);

  NodeLoop& loop_;
  ClientRequests& requests_;
};

}  // namespace replsim
