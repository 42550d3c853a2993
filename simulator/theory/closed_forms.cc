#include "simulator/theory/closed_forms.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "common/base/check.h"

namespace replsim {
namespace {

// C(n-w, r) / C(n, r): the share of read quorums without a replica of the write quorum.
double MissShare(int n, int r, int w) {
  REPL_CHECK(0 < r && r <= n && 0 < w && w <= n, "n=", n, " r=", r, " w=", w);
  double share = 1;
  for (int i = 0; i < r; ++i) share *= std::max(0.0, static_cast<double>(n - w - i) / (n - i));
  return share;
}

void CheckStable(double arrival_rate, double service_rate) {
  REPL_CHECK(0 <= arrival_rate && arrival_rate < service_rate, "arrival=", arrival_rate,
             " service=", service_rate);
}

// The M/D/1 queue at load rho: at_most[i] = P(at most i in the system), up to the i at which all
// but `rest` is covered. Derived at departures: an entry leaves behind those that arrived during
// its service, Poisson(rho), and all but one of those already there: p[i] = (p[0] + p[1])·a[i] +
// sum of p[j]·a[i+1-j] over j = 2 .. i+1, solved for p[i+1].
std::vector<double> Md1AtMost(double rho, double rest) {
  std::vector<double> arrivals = {std::exp(-rho)};
  std::vector<double> p = {1 - rho};
  std::vector<double> at_most = {1 - rho};
  while (1 - at_most.back() > rest) {
    const size_t i = p.size() - 1;
    double others = p[0] * arrivals[i];
    for (size_t j = 1; j <= i; ++j) others += p[j] * arrivals[i + 1 - j];
    p.push_back(std::max(0.0, (p[i] - others) / arrivals[0]));
    at_most.push_back(at_most.back() + p.back());
    arrivals.push_back(arrivals[i] * rho / static_cast<double>(i + 1));
  }
  return at_most;
}

// P(wait <= x), with x in service times. For a wait in [k-1, k): e^-y · sum of Q[k-1-j]·y^j / j!
// over j = 0 .. k-1, y = rho·(k - x), Q[m] = P(at most m in the queue).
double Md1WaitAtMost(const std::vector<double>& at_most, double rho, double x) {
  const auto k = static_cast<size_t>(x) + 1;
  const double y = rho * (static_cast<double>(k) - x);
  double term = std::exp(-y);
  double share = 0;
  for (size_t j = 0; j < k; ++j) {
    // At most m are in the queue if at most m + 1 are in the system: one is being served.
    share += term * at_most[std::min(k - j, at_most.size() - 1)];
    term *= y / static_cast<double>(j + 1);
  }
  return share;
}

}  // namespace

double AsyncStaleShare(double t_ms, double write_rate, double read_rate) {
  return std::exp(-write_rate * t_ms) * read_rate / (write_rate + read_rate);
}

double AsyncStaleUntil(double stale, double write_rate, double read_rate) {
  return std::max(0.0, std::log(AsyncStaleShare(0, write_rate, read_rate) / stale) / write_rate);
}

double KStaleShare(int n, int r, int w, double k) { return std::pow(MissShare(n, r, w), k); }

double MonotonicReadsBrokenShare(int n, int r, int w, double writes_per_read) {
  return KStaleShare(n, r, w, 1 + writes_per_read);
}

double KthOfExponentialsMs(int k, int n, double rate) {
  REPL_CHECK(1 <= k && k <= n, "k=", k, " n=", n);
  double mean = 0;
  for (int i = n - k + 1; i <= n; ++i) mean += 1 / (i * rate);
  return mean;
}

double Mm1MeanLagMs(double arrival_rate, double service_rate) {
  CheckStable(arrival_rate, service_rate);
  return 1 / (service_rate - arrival_rate);
}

double Mm1LagQuantileMs(double share, double arrival_rate, double service_rate) {
  CheckStable(arrival_rate, service_rate);
  return -std::log1p(-share) / (service_rate - arrival_rate);
}

double Md1MeanLagMs(double arrival_rate, double service_rate) {
  CheckStable(arrival_rate, service_rate);
  const double rho = arrival_rate / service_rate;
  return 1 / service_rate + rho / (2 * service_rate * (1 - rho));
}

double Md1LagQuantileMs(double share, double arrival_rate, double service_rate) {
  CheckStable(arrival_rate, service_rate);
  REPL_CHECK(0 < share && share < 1, "share=", share);
  const double rho = arrival_rate / service_rate;
  const std::vector<double> at_most = Md1AtMost(rho, (1 - share) / 1000);
  if (Md1WaitAtMost(at_most, rho, 0) >= share) return 1 / service_rate;
  double low = 0;
  double high = 1;
  while (Md1WaitAtMost(at_most, rho, high) < share) high *= 2;
  for (int i = 0; i < 60; ++i) {
    const double middle = (low + high) / 2;
    (Md1WaitAtMost(at_most, rho, middle) < share ? low : high) = middle;
  }
  return (high + 1) / service_rate;  // the wait, and its own apply
}

double CatchUpMs(double outage_ms, double arrival_rate, double service_rate) {
  CheckStable(arrival_rate, service_rate);
  return outage_ms * arrival_rate / (service_rate - arrival_rate);
}

double PeakLagMs(double outage_ms) { return outage_ms; }

double RedoMs(double backlog_bytes, double bytes_per_ms) { return backlog_bytes / bytes_per_ms; }

double ExpectedLoss(double write_rate, double mean_replication_delay_ms) {
  return write_rate * mean_replication_delay_ms;
}

}  // namespace replsim
