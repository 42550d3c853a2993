#include "common/base/failure_context.h"

#include <utility>

namespace replsim {
namespace {

thread_local FailureContext* innermost = nullptr;

}  // namespace

FailureContext::FailureContext(std::function<std::string()> describe)
    : describe_(std::move(describe)), outer_(std::exchange(innermost, this)) {}

FailureContext::~FailureContext() { innermost = outer_; }

std::string FailureContext::Describe() {
  return innermost == nullptr ? "" : innermost->describe_();
}

}  // namespace replsim
