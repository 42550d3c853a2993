#include "simulator/cluster/postgres/postgres_system.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/status.h"
#include "common/server/rpc/access_token.h"
#include "simulator/cluster/postgres/data_folder.h"
#include "simulator/cluster/postgres/postgres_connection.h"
#include "simulator/cluster/postgres/replication_tap.h"

namespace replsim {
namespace {

class PostgresSystem final : public ForeignSystem {
 public:
  explicit PostgresSystem(const proto::Scenario& scenario)
      : settings_(PostgresSettingsOf(scenario)) {}

  std::string name() const override { return "postgres"; }

  // Receive is the arrival of the WAL. A standby reports its other stages itself, immediately after
  // it has reached them.
  proto::Manifest::Evidence::Node StagesOf(const NodeId& node) const override {
    proto::Manifest::Evidence::Node stages;
    stages.set_node(node.name());
    stages.set_receive(proto::EXACT);
    stages.set_write(proto::REPORTED);
    stages.set_flush(proto::REPORTED);
    stages.set_apply(proto::REPORTED);
    return stages;
  }

  absl::StatusOr<std::string> Prepare() override {
    if (!kHasLibpq) {
      return absl::FailedPreconditionError(
          "this replsim was built without libpq; expected: apt install libpq-dev, and a new build");
    }
    REPL_ASSIGN_OR_RETURN(PostgresPrograms programs, FindPostgres());
    REPL_ASSIGN_OR_RETURN(ServerUser user, ServerUser::Find());
    server_ = programs.Path("postgres");
    user_ = user;
    const std::string version = programs.version;
    folders_ =
        std::make_unique<DataFolders>(std::move(programs), std::move(user), settings_, password_);
    return version;
  }

  absl::StatusOr<Launch> PrepareStart(const NodeStart& start) override {
    REPL_RETURN_IF_ERROR(folders_->Prepare(start));
    return user_.Command(server_, {"-D", DataFolders::DataOf(start.folder)});
  }

  absl::StatusOr<NativeLog> ReadLog(const NodeId& node, const std::string& folder) override {
    absl::StatusOr<NativeLog> log = folders_->ReadLog(folder);
    if (log.ok()) return log;
    return Annotate(log.status(), absl::StrCat("the log of ", node.name()));
  }

  std::unique_ptr<ForeignConnection> Connect(asio::io_context* io) override {
    return NewPostgresConnection(io, password_);
  }

  std::unique_ptr<PipeTap> NewTap(const NodeId& dialler, const NodeId& listener,
                                  Relay::Direction direction, StepSink sink) override {
    return NewReplicationTap(dialler, listener, direction, std::move(sink));
  }

 private:
  const PostgresSettings settings_;
  const std::string password_ = NewAccessToken();
  ServerUser user_;
  std::string server_;
  std::unique_ptr<DataFolders> folders_;
};

}  // namespace

std::unique_ptr<ForeignSystem> NewPostgresSystem(const proto::Scenario& scenario) {
  return std::make_unique<PostgresSystem>(scenario);
}

}  // namespace replsim
