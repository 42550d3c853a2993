#include "simulator/cluster/managed/primary_epochs.h"

namespace replsim {

bool PrimaryEpochs::Starts(const NodeId& node) {
  if (node != NextPrimary()) return false;
  primary_epoch_ = ++highest_;
  return true;
}

void PrimaryEpochs::Died(const NodeId& node) {
  if (promotion_ && promotion_->node == node) promotion_.reset();
}

Epoch PrimaryEpochs::BeginPromotion(const NodeId& node) {
  promotion_ = Promotion{node, ++highest_};
  return highest_;
}

bool PrimaryEpochs::EndPromotion(const NodeId& node, Epoch epoch, bool succeeded) {
  if (promotion_ && promotion_->epoch == epoch) promotion_.reset();
  if (!succeeded || epoch < primary_epoch_) return false;
  primary_epoch_ = epoch;
  primary_ = node;
  return true;
}

}  // namespace replsim
