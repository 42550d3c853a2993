#include "simulator/cluster/managed/primary_epochs.h"

#include <algorithm>

#include "common/base/mutant.h"

namespace replsim {

bool PrimaryEpochs::Starts(const NodeId& node) {
  if (node != NextPrimary()) return false;
  if (elects_ && highest_ > Epoch(0) && !Mutated(Mutant::kRestartLeads)) return false;
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

bool PrimaryEpochs::Elected(const NodeId& node, Epoch epoch) {
  highest_ = std::max(highest_, epoch);
  if (epoch < primary_epoch_) return false;
  primary_epoch_ = epoch;
  primary_ = node;
  return true;
}

}  // namespace replsim
