#include "common/protocol/knobs.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace replsim {

const char* Name(Stage stage) {
  switch (stage) {
    case Stage::kAppend:
      return "append";
    case Stage::kWrite:
      return "write";
    case Stage::kFlush:
      return "flush";
    case Stage::kReplicaReceive:
      return "replica-receive";
    case Stage::kReplicaWrite:
      return "replica-write";
    case Stage::kReplicaFlush:
      return "replica-flush";
    case Stage::kReplicaApply:
      return "replica-apply";
  }
  return "?";
}

const char* Name(Order order) {
  return order == Order::kPrimaryFirst ? "primary-first" : "replicas-first";
}

const char* Name(ReplicaApply apply) {
  switch (apply) {
    case ReplicaApply::kOnReceive:
      return "on-receive";
    case ReplicaApply::kOnFlush:
      return "on-flush";
    case ReplicaApply::kOnCommit:
      return "on-commit";
  }
  return "?";
}

const char* Name(OnTimeout policy) {
  switch (policy) {
    case OnTimeout::kBlock:
      return "block";
    case OnTimeout::kReject:
      return "reject";
    case OnTimeout::kUnknown:
      return "unknown";
    case OnTimeout::kDegrade:
      return "degrade";
  }
  return "?";
}

const char* Name(TakeOver take_over) {
  return take_over == TakeOver::kAtOnce ? "at-once" : "own-record";
}

size_t NodesNeeded(const SyncSet& set, size_t nodes) {
  switch (set.kind) {
    case SyncSet::Kind::kMajority:
      return nodes / 2 + 1;
    case SyncSet::Kind::kAll:
      return nodes;
    case SyncSet::Kind::kAny:
    case SyncSet::Kind::kFirst:
      return set.count;
    case SyncSet::Kind::kInSync:
      break;  // counts no nodes
  }
  return nodes;
}

const char* Name(Sync sync) {
  switch (sync) {
    case Sync::kEveryWrite:
      return "every-write";
    case Sync::kEveryBatch:
      return "every-batch";
    case Sync::kInterval:
      return "interval";
    case Sync::kOs:
      return "os";
  }
  return "?";
}

std::string ToString(const SyncSet& set) {
  const auto id_name = [](std::string* out, const NodeId& id) { out->append(id.name()); };
  switch (set.kind) {
    case SyncSet::Kind::kAny:
      return absl::StrCat("any ", set.count);
    case SyncSet::Kind::kFirst:
      return absl::StrCat(
          "first ", set.count, set.ids.empty() ? "" : " ",
          set.ids.empty() ? "" : absl::StrCat("[", absl::StrJoin(set.ids, ", ", id_name), "]"));
    case SyncSet::Kind::kMajority:
      return "majority";
    case SyncSet::Kind::kAll:
      return "all";
    case SyncSet::Kind::kInSync:
      return "in-sync";
  }
  return "?";
}

}  // namespace replsim
