#include "simulator/cluster/postgres/data_folder.h"

#include <poll.h>
#include <sys/ipc.h>
#include <sys/shm.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "common/base/status.h"
#include "simulator/cluster/foreign/programs.h"
#include "simulator/cluster/postgres/postgres_connection.h"
#include "simulator/cluster/postgres/wal_dump.h"
#include "simulator/cluster/postgres/wal_position.h"
#include "simulator/recording/file_bytes.h"

namespace replsim {
namespace {

namespace fs = std::filesystem;

constexpr int kOldestPostgres = 15;
constexpr int kEndPatienceMs = 5000;  // of each process

// Waits for the end of every process that works in `data`, as those of a server do. Returns whether
// they have ended.
bool AwaitProcessesIn(const std::string& data) {
  std::error_code error;
  for (const fs::directory_entry& process : fs::directory_iterator("/proc", error)) {
    pid_t pid = 0;
    std::error_code unreadable;
    if (!absl::SimpleAtoi(process.path().filename().string(), &pid) ||
        fs::read_symlink(process.path() / "cwd", unreadable) != data) {
      continue;
    }
    const int handle = static_cast<int>(syscall(SYS_pidfd_open, pid, 0));
    if (handle < 0) continue;  // it has ended
    struct pollfd end {
      handle, POLLIN, 0
    };
    const bool ended = poll(&end, 1, kEndPatienceMs) > 0;
    close(handle);
    if (!ended) return false;
  }
  return true;
}

std::string StandbySignal(const std::string& data) { return data + "/standby.signal"; }

// The value of a line "name:   value" of pg_controldata.
absl::string_view ControlValue(absl::string_view text, absl::string_view name) {
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    if (absl::ConsumePrefix(&line, name) && absl::ConsumePrefix(&line, ":")) {
      return absl::StripAsciiWhitespace(line);
    }
  }
  return "";
}

// The last segment file of a timeline, or of the last one if it is 0. Empty: there is none.
std::string LastSegment(const std::string& wal, uint32_t timeline) {
  std::string last;
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(wal, error)) {
    const std::string name = entry.path().filename().string();
    const std::optional<uint32_t> of = TimelineOfSegment(name);
    if (of && (timeline == 0 || *of == timeline)) last = std::max(last, name);
  }
  return last;
}

}  // namespace

std::string PostgresPrograms::Path(absl::string_view name) const {
  return absl::StrCat(folder, "/", name);
}

absl::StatusOr<PostgresPrograms> FindPostgres() {
  constexpr absl::string_view kRoot = "/usr/lib/postgresql";
  PostgresPrograms found;
  int newest = 0;
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(std::string(kRoot), error)) {
    int major = 0;
    const std::string bin = entry.path().string() + "/bin";
    if (!absl::SimpleAtoi(entry.path().filename().string(), &major) || major <= newest ||
        access((bin + "/postgres").c_str(), X_OK) != 0) {
      continue;
    }
    newest = major;
    found.folder = bin;
  }
  if (newest < kOldestPostgres) {
    return absl::NotFoundError(absl::StrCat("PostgreSQL ", kOldestPostgres,
                                            " or later is not installed in ", kRoot,
                                            "; expected: apt install postgresql"));
  }
  // "postgres (PostgreSQL) 15.18 (Debian …)"
  REPL_ASSIGN_OR_RETURN(const std::string text, OutputOf(found.Path("postgres"), {"--version"}));
  const std::vector<std::string> words = absl::StrSplit(text, ' ');
  found.version = words.size() > 2 ? words[2] : absl::StrCat(newest);
  absl::StripAsciiWhitespace(&found.version);
  return found;
}

DataFolders::DataFolders(PostgresPrograms programs, ServerUser user, PostgresSettings settings,
                         std::string password)
    : programs_(std::move(programs)),
      user_(std::move(user)),
      settings_(std::move(settings)),
      password_(std::move(password)) {}

DataFolders::~DataFolders() {
  std::error_code ignored;
  for (const std::string& folder : made_) {
    ForgetServer(folder).IgnoreError();
    fs::remove_all(folder, ignored);
  }
}

std::string DataFolders::DataOf(absl::string_view node_folder) {
  std::error_code error;
  return (fs::absolute(std::string(node_folder), error) / "data").string();
}

// The cluster of the template is the origin of all nodes, so a replica needs no base backup.
absl::Status DataFolders::MakeTemplate(const std::string& node_folder) {
  std::error_code error;
  const fs::path nodes = fs::absolute(node_folder, error).parent_path();
  const fs::path variant = nodes.parent_path();
  // Folders of the recording, which only replsim's own user can enter.
  for (const fs::path& above : {variant.parent_path(), variant, nodes}) {
    REPL_RETURN_IF_ERROR(user_.Enters(above.string()));
  }
  const std::string folder = (variant / "template").string();
  REPL_RETURN_IF_ERROR(user_.MakeFolder(folder));
  made_.push_back(folder);
  const std::string data = folder + "/data";
  const std::string password_file = folder + "/password";
  const std::string schema_file = folder + "/schema.sql";
  REPL_RETURN_IF_ERROR(user_.WriteFile(password_file, absl::StrCat(password_, "\n")));
  REPL_RETURN_IF_ERROR(user_.WriteFile(schema_file, absl::StrCat(kPostgresSchema, "\n")));
  REPL_RETURN_IF_ERROR(
      user_
          .Run(programs_.Path("initdb"),
               {"--no-sync", "--no-locale", "--encoding=UTF8", "--username=postgres",
                "--auth=password", "--pwfile=" + password_file, "--pgdata=" + data})
          .status());
  REPL_RETURN_IF_ERROR(
      user_
          .Run("/bin/sh", {"-c", "exec \"$0\" --single -F -D \"$1\" postgres < \"$2\"",
                           programs_.Path("postgres"), data, schema_file})
          .status());
  REPL_ASSIGN_OR_RETURN(const std::string control,
                        user_.Run(programs_.Path("pg_controldata"), {data}));
  const std::optional<uint64_t> position =
      ParseWalPosition(ControlValue(control, "Latest checkpoint's REDO location"));
  if (!position) return absl::InternalError("pg_controldata prints no REDO location");
  log_begins_ = *position;
  template_ = data;
  return absl::OkStatus();
}

absl::Status DataFolders::Prepare(const NodeStart& start) {
  const std::string data = DataOf(start.folder);
  if (start.life == 1) {
    if (template_.empty()) REPL_RETURN_IF_ERROR(MakeTemplate(start.folder));
    REPL_RETURN_IF_ERROR(user_.Enters(fs::path(data).parent_path().string()));
    REPL_RETURN_IF_ERROR(user_.MakeFolder(data));
    made_.push_back(data);
    REPL_RETURN_IF_ERROR(user_.Run("/bin/cp", {"-a", template_ + "/.", data}).status());
    if (start.as_primary) first_epoch_ = start.epoch.value();
  } else {
    REPL_RETURN_IF_ERROR(ForgetServer(data));
    const bool led = access(StandbySignal(data).c_str(), F_OK) != 0;
    if (led && !start.as_primary) REPL_RETURN_IF_ERROR(Rewind(start, data));
  }
  if (!start.as_primary) REPL_RETURN_IF_ERROR(user_.WriteFile(StandbySignal(data), ""));
  return WriteSettings(start, data);
}

// Removes from a former primary what the new one does not have. Without the checkpoint pg_rewind
// would read the timeline of the new primary before its promotion, and find nothing to do.
absl::Status DataFolders::Rewind(const NodeStart& start, const std::string& data) {
  REPL_RETURN_IF_ERROR(RunPostgresStatement(start.primary_direct_port, password_, "CHECKPOINT"));
  return user_
      .Run(programs_.Path("pg_rewind"),
           {"--no-sync", "--target-pgdata=" + data,
            "--source-server=" + PostgresConninfo(start.primary_direct_port, password_)})
      .status();
}

// postgresql.auto.conf overrides all other files. pg_rewind brings that of the other node.
absl::Status DataFolders::WriteSettings(const NodeStart& start, const std::string& data) {
  std::string text;
  const auto add = [&text](absl::string_view name, absl::string_view value) {
    absl::StrAppend(&text, name, " = ", PostgresQuoted(value), "\n");
  };
  for (const auto& [name, value] : settings_.settings) add(name, value);
  add("port", absl::StrCat(start.port));
  add("cluster_name", start.node.name());
  // A killed server leaves nothing of it outside its folder.
  add("dynamic_shared_memory_type", "mmap");
  if (!start.as_primary) add("primary_conninfo", PostgresConninfo(start.primary_port, password_));
  return user_.WriteFile(data + "/postgresql.auto.conf", text);
}

absl::StatusOr<NativeLog> DataFolders::ReadLog(const std::string& node_folder) {
  const std::string wal = DataOf(node_folder) + "/pg_wal";
  const uint32_t timeline = TimelineOfSegment(LastSegment(wal, 0)).value_or(1);
  std::string history;
  if (timeline > 1) {
    REPL_ASSIGN_OR_RETURN(history,
                          ReadFileBytes(absl::StrFormat("%s/%08X.history", wal, timeline)));
  }
  REPL_ASSIGN_OR_RETURN(const std::vector<WalPart> parts,
                        WalPartsOf(timeline, history, log_begins_));
  const Nanos wall_ahead(absl::GetCurrentTimeNanos() - ToNanos(MonotonicNow()));
  WalDumpReader reader(first_epoch_, wall_ahead);
  for (const WalPart& part : parts) {
    std::vector<std::string> args = {
        "-c",
        // The end of the WAL is an error to pg_waldump.
        "TZ=UTC LC_ALL=C \"$0\" \"$@\" 2>&1; exit 0", programs_.Path("pg_waldump"), "--path=" + wal,
        absl::StrCat("--timeline=", part.timeline), "--start=" + WalPositionText(part.begin),
        "--rmgr=LogicalMessage", "--rmgr=Transaction"};
    const bool whole = part.end == UINT64_MAX;
    if (!whole) args.push_back("--end=" + WalPositionText(part.end));
    // Without the names of segments pg_waldump reads the header of any, also of an empty one.
    args.push_back(WalSegmentName(part.timeline, part.begin));
    args.push_back(whole ? LastSegment(wal, part.timeline)
                         : WalSegmentName(part.timeline, part.end - 1));
    REPL_ASSIGN_OR_RETURN(const std::string output, user_.Run("/bin/sh", args));
    REPL_RETURN_IF_ERROR(reader.Read(output, part.end));
  }
  NativeLog log;
  log.entries = std::move(reader.entries());
  return log;
}

// postmaster.pid, line 7: the key and the id of the memory.
absl::Status ForgetServer(const std::string& data) {
  const std::string path = data + "/postmaster.pid";
  const absl::StatusOr<std::string> text = ReadFileBytes(path);
  if (!text.ok()) return absl::OkStatus();  // ended in order, or never started
  const std::vector<std::string> lines = absl::StrSplit(*text, '\n');
  constexpr size_t kMemoryLine = 6;
  std::vector<std::string> numbers;
  if (lines.size() > kMemoryLine) {
    numbers = absl::StrSplit(lines[kMemoryLine], ' ', absl::SkipWhitespace());
  }
  int key = 0;
  int id = 0;
  if (numbers.size() == 2 && absl::SimpleAtoi(numbers[0], &key) &&
      absl::SimpleAtoi(numbers[1], &id)) {
    struct shmid_ds memory {};
    if (shmctl(id, IPC_STAT, &memory) == 0 && memory.shm_perm.__key == key) {
      if (!AwaitProcessesIn(data)) {
        return absl::DeadlineExceededError(
            absl::StrCat(data, ": processes of the killed server have not ended"));
      }
      shmctl(id, IPC_RMID, nullptr);
    }
  }
  std::error_code ignored;
  fs::remove(path, ignored);
  return absl::OkStatus();
}

}  // namespace replsim
