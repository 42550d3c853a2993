#include "common/server/loop/log_device.h"

#include <utility>

#include "common/base/check.h"
#include "common/server/loop/log_thread.h"
#include "common/server/loop/uring_log.h"

namespace replsim {
namespace {

class BlockingLog final : public LogDevice {
 public:
  BlockingLog(Log& log, LogHooks hooks) : work_(log, std::move(hooks)) {}

  void AppendAndFlush(BatchPtr batch) override { work_.WriteAndFlush(std::move(batch)); }
  void Flush() override { work_.WriteAndFlush(nullptr); }
  void Drain() override {}
  void Truncated(Lsn last) override { work_.Truncated(last); }

 private:
  LogWork work_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<LogDevice>> MakeLogDevice(IoModel io, Log& log, LogHooks hooks) {
  switch (io) {
    case IoModel::kBlocking:
      return std::make_unique<BlockingLog>(log, std::move(hooks));
    case IoModel::kThread:
      return std::make_unique<LogThread>(log, std::move(hooks));
    case IoModel::kIoUring:
      return UringLog::Open(log, std::move(hooks));
  }
  REPL_CHECK(false, "no such io");
  return nullptr;
}

}  // namespace replsim
