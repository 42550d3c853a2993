// Tracks which node leads a managed cluster and assigns every epoch: one to each primary that
// starts and one to each promotion. No epoch is assigned twice, even if its node dies, and no node
// has to be asked for one.
//
// Pure and single-threaded: the caller reports every event.
#pragma once

#include <optional>
#include <utility>

#include "common/base/ids.h"

namespace replsim {

class PrimaryEpochs {
 public:
  // `first` is the primary at the start. It gets its epoch from Starts. `elects`: the nodes elect
  // later primaries, so a primary that starts again is a replica until it is elected.
  PrimaryEpochs(NodeId first, bool elects) : elects_(elects), primary_(std::move(first)) {}

  // The node that became the primary last.
  const NodeId& primary() const { return primary_; }
  // The primary to configure in a node that starts now: the node under promotion, if there is one.
  // A node that started as the primary during a promotion would get a higher epoch and fence the
  // promoted one.
  const NodeId& NextPrimary() const { return promotion_ ? promotion_->node : primary_; }
  // The highest epoch assigned so far; no primary may start with a lower one.
  Epoch highest() const { return highest_; }

  // `node` starts. Returns true if it starts as the primary, with the new epoch highest(). With
  // elections, only the first start of the first primary does: no other node can have epoch 1.
  bool Starts(const NodeId& node);
  // `node` died: ends a promotion of it.
  void Died(const NodeId& node);

  // Begins the promotion of `node` and returns its epoch.
  Epoch BeginPromotion(const NodeId& node);
  // The promotion to `epoch` has succeeded or failed. Returns true if `node` leads now. Returns
  // false if the promotion failed, or if a promotion or a start with a higher epoch completed
  // first: the higher epoch leads, in whatever order they complete.
  bool EndPromotion(const NodeId& node, Epoch epoch, bool succeeded);

  // The nodes have elected `node`. Returns false if a higher epoch leads already.
  bool Elected(const NodeId& node, Epoch epoch);

 private:
  struct Promotion {
    NodeId node;
    Epoch epoch;
  };

  const bool elects_;
  NodeId primary_;
  Epoch primary_epoch_;
  Epoch highest_;
  std::optional<Promotion> promotion_;  // the newest one in progress
};

}  // namespace replsim
