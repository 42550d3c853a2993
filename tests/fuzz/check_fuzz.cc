// Any bytes as another tool's history: what is refused says where; what is read is judged, in a
// search with a bound.
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "common/base/check.h"
#include "simulator/history/read_history.h"
#include "simulator/judge/implications.h"
#include "simulator/judge/judge.h"
#include "tests/fuzz/fuzz.h"

namespace replsim {

void FuzzOne(absl::string_view input) {
  const absl::StatusOr<history::History> history =
      history::ReadHistory(input, "file", history::ReadOptions{});
  if (!history.ok()) {
    const std::vector<absl::string_view> parts =
        absl::StrSplit(history.status().message(), absl::MaxSplits(':', 3));
    uint32_t line = 0;
    uint32_t column = 0;
    REPL_CHECK(parts.size() == 4 && parts[0] == "file" && absl::SimpleAtoi(parts[1], &line) &&
                   absl::SimpleAtoi(parts[2], &column) && line > 0 && column > 0,
               history.status().message());
    return;
  }
  judge::Budget budget;
  budget.memory_bytes = 1 << 16;
  judge::Terms terms;
  terms.staleness = 5;
  terms.versions = 1;
  std::vector<judge::Guarantee> all = judge::GuaranteesOf(history->model);
  all.push_back(judge::Guarantee::kBoundedStaleness);
  const std::vector<judge::Guarantee> unasked;
  for (const auto& asked : {unasked, all}) {
    const std::vector<judge::Verdict> verdicts = judge::Judge(*history, asked, budget, terms);
    for (const judge::Verdict& verdict : verdicts) {
      REPL_CHECK(verdict.holds == judge::Holds::kYes || !verdict.reason.empty());
      REPL_CHECK(verdict.holds != judge::Holds::kNo || !verdict.witness.empty());
    }
    REPL_CHECK(judge::FindContradiction(*history, verdicts, terms).empty());
  }
}

std::vector<std::string> FuzzSeeds() {
  const std::string rows =
      "{:process 0, :type :invoke, :f :write, :value 1, :time 5}\n"
      "{:process 0, :type :ok, :f :write, :value 1, :time 9}\n"
      "{:process 1, :type :invoke, :f :cas, :value [1 2]}\n"
      "{:process 2, :type :invoke, :f :read, :value nil}\n"
      "{:process 2, :type :ok, :f :read, :value 2}\n"
      "{:process 1, :type :info, :f :cas, :value [1 2]}\n";
  const std::string back =
      "{:process 0, :type :invoke, :f :write, :value 1}{:process 0, :type :ok, :f :write, :value 1}"
      "{:process 1, :type :invoke, :f :write, :value 2}{:process 1, :type :ok, :f :write, :value 2}"
      "{:process 1, :type :invoke, :f :read}{:process 1, :type :ok, :f :read, :value 1}"
      "{:process 2, :type :invoke, :f :read}{:process 2, :type :ok, :f :read, :value 2}"
      "{:process 2, :type :invoke, :f :read}{:process 2, :type :ok, :f :read, :value 1}";
  return {
      back,
      rows,
      "[" + rows + "]",
      "{:process 0 :type :invoke :f :append :key \"k\" :value \"x\"}"
      "{:process 0 :type :ok :f :append :key \"k\" :value \"x\"}"
      "{:process 0 :type :invoke :f :get :key \"k\" :value nil}"
      "{:process 0 :type :ok :f :get :key \"k\" :value \"x\"}",
      "[{\"process\":0,\"type\":\"invoke\",\"f\":\"txn\",\"value\":[[\"append\",\"x\",1],[\"r\","
      "\"y\",null]]},"
      "{\"process\":0,\"type\":\"ok\",\"f\":\"txn\",\"value\":[[\"append\",\"x\",1],[\"r\",\"y\",["
      "2,3]]]}]",
      "{:type :invoke :f :txn :value [[:w x 1] [:r y nil]]}"
      "{:type :ok :f :txn :value [[:w x 1] [:r y nil]]}",
      "{:process 0 :type :invoke :f :read}{:process 0 :type :ok :f :read :value {0 5 1 -2}}",
      "{:process 0 :type :invoke :f :add :value 7}{:process 0 :type :ok :f :add :value 7}"
      "{:process 0 :type :invoke :f :read}{:process 0 :type :ok :f :read :value #{7 8}}",
      "[{:type :invoke :f :read :value [[:r 0 nil] [:r 1 nil]]}"
      "{:type :ok :f :read :value [[:r 0 1] [:r 1 nil]]}]",
      "INFO  jepsen.util - 0\t:invoke\t:cas\t[0 3]\nINFO  jepsen.util - 0\t:fail\t:cas\t[0 3]\n",
      "w(1,5,0,0)\nr(1,5,1,7)\nr(1,0,2,-1)\n",
      "w 1 0\nr 2 1\n-----\nw 2 1\n=====\nr 1 0\n",
      "[x:=1 y==?] [z:=2]!\n---\n[x==1]\n"};
}

}  // namespace replsim
