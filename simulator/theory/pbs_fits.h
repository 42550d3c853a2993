// Published numbers for comparison: Bailis, Venkataraman, Franklin, Hellerstein, Stoica,
// "Probabilistically Bounded Staleness for Practical Partial Quorums", PVLDB 5(8), 2012 (below:
// VLDB). Most of them appear again in the Research Highlight, CACM 57(8), 2014 (below: CACM). The
// fits describe production latencies at LinkedIn (Voldemort, on SSDs and on disks) and Yammer
// (Riak).
#pragma once

#include <span>
#include <vector>

#include "absl/strings/string_view.h"
#include "simulator/theory/wars.h"

namespace replsim {

struct Fit {
  absl::string_view name;
  WarsModel model;
  double step_ms;  // step of the sweep over t: the last digit of t that Table 4 prints
};

// LNKD-SSD, LNKD-DISK, YMMR, WAN: VLDB Table 3, with one exception. The W of YMMR has shape 3.5, as
// in the authors' own simulator; the table prints 3.35. Only 3.5 reproduces the paper's results:
// P(fresh at 0) .893 (published 89.3 %; 3.35 gives .887) and L_w 10.7 ms (10.73 to 10.83; 3.35
// gives 11.0).
std::span<const Fit> PbsFits();

// A cell of VLDB Table 4: N = 3, all at 99.9 %, in milliseconds. Latencies are over a million
// operations; t is by the first crossing of a sweep with 50,000 reads per step (first_crossing.h).
struct PublishedCell {
  absl::string_view fit;
  Quorum quorum;
  double read_ms;
  double write_ms;
  double t_ms;
  absl::string_view known_difference = "";  // why t may differ; empty: it must agree
};
std::span<const PublishedCell> PublishedTable();

enum class PublishedMeasure {
  kFreshShare,         // percent of the reads that start `t_ms` after the write's answer
  kFreshShareAtLeast,  // the same, published as a lower bound
  kVisibility,         // ms until 99.9 % are fresh, by the first crossing, in steps of `t_ms`
  kReadMedian,         // ms
  kWriteMedian,        // ms
};

// Numbers in the running text about one model and quorum. The text does not give the steps of its
// sweeps. The steps here are the two in the authors' simulator: 1 ms, and 0.01 ms for fast systems.
struct PublishedPoint {
  PublishedMeasure measure;
  double t_ms;
  double value;
  double last_digit;  // the unit of the last digit printed
};
struct PublishedText {
  absl::string_view fit;     // or kSynthetic
  absl::string_view source;  // title of the section in CACM, or in VLDB if CACM lacks it
  WarsModel model;
  Quorum quorum;
  std::vector<PublishedPoint> points;
};
inline constexpr absl::string_view kSynthetic = "EXP";  // N=3, W exponential, A=R=S=Exp(1 per ms)
const std::vector<PublishedText>& PublishedTexts();

}  // namespace replsim
