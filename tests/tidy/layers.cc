// Checks which folder may include which. On Debian the headers of all libraries lie in one folder,
// so the build alone would not detect a violation.
#include "tests/tidy/include.h"
#include "tests/tidy/rules.h"

namespace replsim::tidy {
namespace {

struct Layer {
  const char* folder;       // files in it and below it, unless a longer row applies
  const char* may_include;  // besides itself: folders (without subfolders), files, or X/*
};

// Two names stand for generated headers: `protos` for messages (*.pb.h), `services` for gRPC
// (*.grpc.pb.h). `*` means everything.
#define CORE_MAY_INCLUDE                                                                        \
  "common/base common/protocol common/storage/log/record.h common/storage/log/epoch_history.h " \
  "common/storage/store/request_table.h common/storage/store/command.h common/feed "            \
  "common/election"
#define STORAGE "common/storage/file common/storage/disk common/storage/log common/storage/store"
#define COMMON_LIVE                                                            \
  "common/base common/file common/stats " STORAGE                              \
  " common/protocol common/config common/node common/server/loop common/http " \
  "common/server/metrics "                                                     \
  "common/server/rpc"

#define FOR_ANALYSIS                                                                  \
  "common/base common/stats common/storage/log common/storage/store common/protocol " \
  "simulator/fault_kinds simulator/recording simulator/metrics simulator/oracle "     \
  "simulator/promise protos"

const Layer kLayers[] = {
    {"common/base", ""},
    {"common/file", "common/base"},
    {"common/stats", "common/base"},
    {"common/storage/file", "common/base"},
    {"common/storage/log", "common/base common/storage/file"},
    {"common/storage/disk", "common/base common/storage/file common/storage/log/segment.h"},
    {"common/storage/store", "common/base common/storage/log/record.h"},
    {"common/protocol",
     "common/base common/storage/log/record.h common/storage/log/epoch_history.h "
     "common/storage/log/published_set.h common/storage/store/request_table.h"},
    {"common/feed", "common/base common/protocol common/storage/log/record.h"},
    {"common/election", "common/base common/protocol"},
    {"common/node",
     "common/base common/storage/file common/storage/log common/storage/store common/protocol"},
    {"common/server/loop", "common/base common/stats " STORAGE " common/protocol common/node"},
    {"common/http", "common/base"},
    {"common/server/metrics",
     "common/base common/stats common/storage/log common/protocol common/node common/server/loop "
     "common/http"},
    {"common/config", "common/base common/storage/log common/storage/disk common/protocol protos"},
    {"common/server/rpc", COMMON_LIVE " protos services"},

    // The cores include neither each other nor the code that runs them.
    {"primary/core", CORE_MAY_INCLUDE},
    {"replica/core", CORE_MAY_INCLUDE},
    {"primary/config", "primary/core common/base common/protocol common/config protos"},
    {"replica/config", "replica/core common/base common/protocol common/config protos"},
    // Both programs run a node in either role, so run_node.h includes both cores.
    {"primary", "primary/core primary/config replica/server " COMMON_LIVE " protos services"},
    {"replica",
     "replica/core replica/config replica/server primary/core primary/config "
     "common/election " COMMON_LIVE " protos services"},

    {"simulator/metrics", "common/base protos"},
    // The promises and limits of a resolved scenario's settings and faults, before a run.
    {"simulator/promise", "common/base common/config/ack_stage.h simulator/fault_kinds protos"},
    // The table of fault kinds, for all code that handles faults.
    {"simulator/fault_kinds", "common/base simulator/cluster/seam/capabilities.h protos"},
    {"simulator/scenario",
     "common/base common/file common/protocol common/config/ack_stage.h "
     "simulator/metrics simulator/promise simulator/fault_kinds "
     "simulator/cluster/seam/capabilities.h simulator/cluster/seam/scenario_needs.h "
     "simulator/cluster/systems protos"},
    // Tables and checks of the real systems; only cluster/foreign starts their servers.
    {"simulator/cluster/systems", "simulator/cluster/seam common/base protos"},
    // The interface that every cluster implements. The load and the faults see no other part of a
    // cluster.
    {"simulator/cluster/seam",
     "common/base common/protocol common/storage/store/command.h simulator/fault_kinds "
     "simulator/recording protos"},
    {"simulator/cluster/managed",
     "simulator/cluster/seam common/base common/storage/disk common/protocol common/config "
     "simulator/promise simulator/recording protos"},
    {"simulator/workload",
     "common/base common/storage/store/command.h simulator/cluster/seam simulator/recording "
     "protos"},
    {"simulator/faults",
     "common/base simulator/cluster/seam simulator/fault_kinds simulator/recording protos"},
    {"simulator/cluster/live",
     "simulator/cluster/managed simulator/cluster/seam simulator/workload simulator/faults "
     "simulator/recording " COMMON_LIVE " protos services"},
    // A cluster of real servers, and one folder for each system.
    {"simulator/cluster/foreign",
     "simulator/cluster/live simulator/cluster/managed simulator/cluster/seam "
     "simulator/cluster/systems simulator/recording common/base common/file "
     "common/protocol common/storage/file protos"},
    {"simulator/cluster/postgres",
     "simulator/cluster/foreign simulator/cluster/live simulator/cluster/managed/unanswered.h "
     "simulator/cluster/seam simulator/cluster/systems "
     "simulator/recording common/base common/server/rpc/access_token.h protos"},
    {"simulator/cluster/redis",
     "simulator/cluster/foreign simulator/cluster/live simulator/cluster/managed/unanswered.h "
     "simulator/cluster/seam simulator/cluster/systems "
     "simulator/recording common/base common/server/rpc/access_token.h protos"},
    {"simulator/cluster/virtual",
     "simulator/cluster/managed simulator/cluster/seam simulator/recording primary/core "
     "primary/config "
     "replica/core replica/config common/election common/base common/stats " STORAGE
     " common/protocol common/config common/node protos"},
    {"simulator/tour", "common/base simulator/report simulator/scenario/text_table.h protos"},
    {"simulator/play",
     "simulator/analysis/run_report.h simulator/report simulator/report/page simulator/scenario "
     "protos"},
    {"simulator/serve", "common/base common/http common/server/metrics/prometheus_text.h"},
    {"simulator/run",
     "common/base simulator/cluster/seam simulator/cluster/managed/convergence.h "
     "simulator/workload "
     "simulator/faults simulator/recording protos"},

    // A report can be rebuilt without a cluster, so these include recordings only.
    {"simulator/recording",
     "common/base common/file common/protocol common/storage/file common/storage/log "
     "common/storage/store protos"},
    {"simulator/oracle",
     "common/config/ack_stage.h simulator/promise common/protocol simulator/recording protos"},
    {"simulator/analysis/evidence", FOR_ANALYSIS},
    {"simulator/analysis/availability", FOR_ANALYSIS " simulator/analysis/evidence"},
    {"simulator/analysis/writes",
     FOR_ANALYSIS " simulator/analysis/evidence simulator/analysis/availability"},
    {"simulator/analysis/lag", FOR_ANALYSIS " simulator/analysis/evidence"},
    {"simulator/analysis/reads", FOR_ANALYSIS
     " simulator/analysis/evidence simulator/analysis/writes simulator/history simulator/judge"},
    {"simulator/analysis/durability",
     FOR_ANALYSIS " simulator/analysis/evidence simulator/analysis/writes simulator/analysis/lag"},
    {"simulator/analysis/timeline", FOR_ANALYSIS
     " simulator/analysis/evidence simulator/analysis/availability simulator/analysis/writes "
     "simulator/analysis/lag simulator/analysis/durability"},
    {"simulator/analysis/compare", FOR_ANALYSIS},
    {"simulator/analysis", FOR_ANALYSIS " simulator/analysis/*"},
    // Histories of any system and their judges include no cluster and no clock.
    {"simulator/history", "common/base"},
    {"simulator/judge", "simulator/history common/base"},
    {"simulator/report",
     "common/base common/stats simulator/recording simulator/analysis/* simulator/metrics protos"},
    {"simulator/schema",
     "common/base common/protocol simulator/scenario simulator/metrics "
     "simulator/report/message_json.h protos"},
    // Reference numbers for the simulator must not come from it.
    {"simulator/theory", "common/base"},
    // The caller provides the trial, so this includes no cluster.
    {"simulator/explore",
     "common/base common/protocol simulator/promise simulator/fault_kinds simulator/scenario "
     "simulator/recording simulator/analysis/* simulator/metrics simulator/report protos"},
    // Configurations of real databases.
    {"simulator/choose/config", "common/base simulator/scenario protos"},
    // It shares the trials and their verdicts with exploring.
    {"simulator/choose",
     "common/base simulator/promise simulator/scenario simulator/recording simulator/analysis/* "
     "simulator/metrics simulator/report simulator/report/page simulator/explore protos"},
    // A machine is fitted to a recording alone.
    {"simulator/calibrate",
     "common/base common/protocol simulator/scenario simulator/recording protos"},
    {"simulator/command",
     "simulator/* common/base common/file common/stats common/protocol "
     "common/server/metrics/prometheus_text.h protos"},
    {"simulator", "simulator/command common/base"},

    {"tests", "*"},
};

#undef CORE_MAY_INCLUDE
#undef STORAGE
#undef COMMON_LIVE
#undef FOR_ANALYSIS

const char* const kOurFolders[] = {"common",    "primary", "replica",     "simulator",
                                   "scenarios", "protos",  "third_party", "tests"};

const Layer* LayerOf(const std::string& path) {
  const Layer* best = nullptr;
  for (const Layer& layer : kLayers) {
    if (!IsWithin(path, layer.folder)) continue;
    if (best == nullptr || std::string(layer.folder).size() > std::string(best->folder).size()) {
      best = &layer;
    }
  }
  return best;
}

std::string FolderOf(const std::string& path) {
  const size_t slash = path.rfind('/');
  if (StartsWith(path, "protos/")) return EndsWith(path, ".grpc.pb.h") ? "services" : "protos";
  return slash == std::string::npos ? "" : path.substr(0, slash);
}

bool Allows(const Layer& layer, const std::string& path) {
  if (LayerOf(path) == &layer) return true;
  const std::string folder = FolderOf(path);
  for (const std::string& allowed : SplitWords(layer.may_include)) {
    if (allowed == "*" || allowed == path || allowed == folder) return true;
    if (EndsWith(allowed, "/*") && IsWithin(path, allowed.substr(0, allowed.size() - 2))) {
      return true;
    }
  }
  return false;
}

bool IsOurs(const std::string& path) {
  for (const char* folder : kOurFolders) {
    if (StartsWith(path, std::string(folder) + "/")) return true;
  }
  return false;
}

// Returns whether the path is in a folder whose code the table must list.
bool IsInOurCode(const std::string& path) {
  for (const char* folder : {"common", "primary", "replica", "simulator", "tests"}) {
    if (IsWithin(path, folder)) return true;
  }
  return false;
}

void CheckInclude(const File& file, const Layer& layer, const Include& include,
                  Breaches* breaches) {
  const std::string path = include.path();
  if (!include.quoted()) {
    if (IsOurs(path)) {
      breaches->push_back({file.path, include.line, "include-from-root",
                           "our headers are included with quotes: \"" + path + "\""});
    }
    return;
  }
  if (path.find('/') == std::string::npos || path[0] == '.') {
    // A bare name is right only for libraries without a folder of their own.
    if (path != "xxhash.h") {
      breaches->push_back({file.path, include.line, "include-from-root",
                           "name the header by its path from the root, not as " + path});
    }
    return;
  }
  // A change of a key that only scenarios have must not recompile the nodes.
  const bool is_of_scenarios = path == "protos/scenario.pb.h" || path == "protos/workload.pb.h";
  if (is_of_scenarios && !IsWithin(file.path, "simulator") && !IsWithin(file.path, "tests")) {
    breaches->push_back({file.path, include.line, "layer",
                         "nodes do not know scenarios: move what both need to knobs.proto"});
    return;
  }
  if (!IsOurs(path) || Allows(layer, path)) return;
  breaches->push_back(
      {file.path, include.line, "layer",
       std::string(layer.folder) + " may not include " + path + "; it may include " +
           (*layer.may_include == '\0' ? "nothing of ours but itself" : layer.may_include) +
           ". Move what is needed down, or pass it in (the table is in tests/tidy/layers.cc)"});
}

constexpr char kDocument[] = "docs/architecture.md";

// Returns the last cell of a layer's row in the document.
std::string CellOf(const Layer& layer) {
  std::string cell;
  for (const std::string& allowed : SplitWords(layer.may_include)) {
    cell += (cell.empty() ? "`" : ", `") + allowed + "`";
  }
  return cell.empty() ? "nothing of ours" : cell;
}

// Finds "| `folder` | purpose | …": where the purpose and the last cell begin; npos if there is no
// such row.
struct RowOfLayer {
  size_t purpose = std::string::npos;
  size_t cell = std::string::npos;
};
RowOfLayer FindCells(const std::string& line, const Layer& layer) {
  const std::string begin = std::string("| `") + layer.folder + "` | ";
  if (!StartsWith(line, begin)) return {};
  const size_t purpose_end = line.find(" | ", begin.size());
  if (purpose_end == std::string::npos) return {};
  return {begin.size(), purpose_end + 3};
}

// Checks that the document's table has an equal row for each layer.
void CheckDocument(const File& document, Breaches* breaches) {
  for (const Layer& layer : kLayers) {
    if (std::string(layer.folder) == "tests") continue;
    const std::string cell = CellOf(layer) + " |";
    bool found = false;
    for (size_t i = 0; i < document.lines.size(); ++i) {
      const RowOfLayer row = FindCells(document.lines[i], layer);
      if (row.cell == std::string::npos) continue;
      found = true;
      if (document.lines[i].substr(row.cell) != cell) {
        breaches->push_back({document.path, i + 1, "layer-table", "write: | " + cell});
      }
    }
    if (!found) {
      breaches->push_back(
          {document.path, 1, "layer-table",
           std::string("add the row: | `") + layer.folder + "` | purpose | " + cell});
    }
  }
}

}  // namespace

void CheckLayers(const Tree& tree, Breaches* breaches) {
  for (const File& file : tree) {
    if (file.path == kDocument) CheckDocument(file, breaches);
    if (!IsCpp(file.path) || !IsInOurCode(file.path)) continue;
    const Layer* layer = LayerOf(file.path);
    if (layer == nullptr) {
      breaches->push_back({file.path, 1, "unlisted-folder",
                           "add the folder to the table in tests/tidy/layers.cc: say what it may "
                           "include"});
      continue;
    }
    for (const Include& include : IncludesOf(file)) CheckInclude(file, *layer, include, breaches);
  }
}

}  // namespace replsim::tidy
