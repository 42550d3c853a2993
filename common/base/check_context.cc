#include "common/base/check_context.h"

#include <utility>

namespace replsim {
namespace {

thread_local CheckContext* innermost = nullptr;

}  // namespace

CheckContext::CheckContext(std::function<std::string()> describe)
    : describe_(std::move(describe)), outer_(std::exchange(innermost, this)) {}

CheckContext::~CheckContext() { innermost = outer_; }

std::string CheckContext::Describe() {
  return innermost == nullptr ? "" : innermost->describe_();
}

}  // namespace replsim
