// Who leads a cluster, and with which epoch: the simulator hands out every epoch, to a primary that
// starts and to a replica that is promoted, and none of them twice. So no epoch has to be asked of
// a node, and an epoch is never handed out again, whatever becomes of the node that has it.
//
// Pure: the caller reports what happens, and this only answers. Single-threaded.
#pragma once

#include <optional>
#include <utility>

#include "common/base/ids.h"

namespace replsim {

class PrimaryEpochs {
 public:
  // `first` is the primary with which the cluster starts. It gets its epoch when it starts.
  explicit PrimaryEpochs(NodeId first) : primary_(std::move(first)) {}

  // The node that became the primary last.
  const NodeId& primary() const { return primary_; }
  // The primary of a node that starts now: the node that is being promoted, if there is one. A node
  // that started as the primary during a promotion would get an epoch above the promoted one's, and
  // fence it.
  const NodeId& NextPrimary() const { return promotion_ ? promotion_->node : primary_; }
  // The highest epoch that was handed out; no primary may start with a lower one.
  Epoch highest() const { return highest_; }

  // `node` starts. True: as the primary, with an epoch of its own, which is highest() now.
  bool Starts(const NodeId& node);
  // `node` is gone: a promotion of it is not under way any more.
  void Died(const NodeId& node);

  // `node` is to become the primary, with the epoch that is returned.
  Epoch BeginPromotion(const NodeId& node);
  // The promotion to `epoch` has succeeded or failed. True: `node` leads now. False for one that
  // failed, and for one that a promotion or a start with a higher epoch has overtaken: of two that
  // were under way the higher epoch leads, whichever is ready first.
  bool EndPromotion(const NodeId& node, Epoch epoch, bool succeeded);

 private:
  struct Promotion {
    NodeId node;
    Epoch epoch;
  };

  NodeId primary_;
  Epoch primary_epoch_;
  Epoch highest_;
  std::optional<Promotion> promotion_;  // the newest that is under way
};

}  // namespace replsim
