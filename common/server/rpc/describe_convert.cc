#include "common/server/rpc/describe_convert.h"

#include "common/base/epoch.h"
#include "common/base/status.h"
#include "common/server/rpc/wire_convert.h"

namespace replsim {

void ToWire(const CoreDescription& core, proto::NodeDescription* out) {
  out->set_is_primary(core.is_primary);
  out->set_fenced(core.fenced);
  out->set_unprotected(core.unprotected);
  out->set_failure(core.failure);
  out->set_disk_full(core.disk_full);
  out->set_unclean(core.unclean);
  out->set_epoch(core.epoch.value());
  ToWire(core.append, out->mutable_append());
  out->set_write(core.write.value());
  out->set_flush(core.flush.value());
  out->set_apply(core.apply.value());
  out->set_commit(core.commit.value());
  out->set_following(core.following.name());
  out->set_truncated_entries(core.truncated_entries);
  for (const CoreDescription::Peer& peer : core.peers) {
    proto::NodeDescription::Peer* p = out->add_peers();
    p->set_id(peer.id.name());
    p->set_streaming(peer.streaming);
    p->set_receive(peer.receive.value());
    p->set_write(peer.write.value());
    p->set_flush(peer.flush.value());
    p->set_apply(peer.apply.value());
  }
}

absl::StatusOr<CoreDescription> FromWire(const proto::NodeDescription& wire) {
  CoreDescription core;
  core.is_primary = wire.is_primary();
  core.fenced = wire.fenced();
  core.unprotected = wire.unprotected();
  core.failure = wire.failure();
  core.disk_full = wire.disk_full();
  core.unclean = wire.unclean();
  REPL_ASSIGN_OR_RETURN(core.epoch, ToEpoch(wire.epoch()));
  REPL_ASSIGN_OR_RETURN(core.append, FromWire(wire.append()));
  core.write = Lsn(wire.write());
  core.flush = Lsn(wire.flush());
  core.apply = Lsn(wire.apply());
  core.commit = Lsn(wire.commit());
  core.following = NodeId(wire.following());
  core.truncated_entries = wire.truncated_entries();
  for (const proto::NodeDescription::Peer& peer : wire.peers()) {
    core.peers.push_back({NodeId(peer.id()), peer.streaming(), Lsn(peer.receive()),
                          Lsn(peer.write()), Lsn(peer.flush()), Lsn(peer.apply())});
  }
  return core;
}

}  // namespace replsim
