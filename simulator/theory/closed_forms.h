// Closed formulas for values that would otherwise be simulated. Rates are per millisecond, times in
// milliseconds, shares from 0 to 1.
#pragma once

namespace replsim {

// --- staleness ---

// The share of stale reads under asynchronous replication. The write is acknowledged when it is
// sent and reaches the replica after Exp(write_rate); a read that starts t later reaches it after
// Exp(read_rate). P(write arrives after the read) = P(X > t + Y) = e^(-write_rate·t)·read_rate /
// (write_rate + read_rate).
double AsyncStaleShare(double t_ms, double write_rate, double read_rate);
// The t at which that share has fallen to `stale`; never below 0.
double AsyncStaleUntil(double stale, double write_rate, double read_rate);

// k-staleness of non-expanding quorums (Bailis et al., VLDB 2012, section 3.1): the share
// of reads that miss all of the last k versions, (C(n-w, r) / C(n, r))^k.
double KStaleShare(int n, int r, int w, double k);
// Monotonic reads (ibid., section 3.2): the share of reads that go back behind the client's
// previous read, with exponent 1 + writes_per_read (for strict monotonic reads: writes_per_read).
// writes_per_read: writes to the key by all clients, per read of it by this client.
double MonotonicReadsBrokenShare(int n, int r, int w, double writes_per_read);

// --- waiting for replicas ---

// Mean of the k-th smallest of n independent Exp(rate), the wait for `any k` of n replicas:
// the sum of 1 / (i·rate) over i = n-k+1 .. n (Rényi's representation of order statistics).
double KthOfExponentialsMs(int k, int n, double rate);

// --- the apply queue of a replica: entries arrive at random (Poisson), one applier ---
// Lag: from the arrival of an entry to the end of its apply. Requires arrival_rate < service_rate.
// Exponential service (M/M/1): the lag is Exp(service_rate - arrival_rate).

// Exponential service: the lag is Exp(service_rate - arrival_rate).
double Mm1MeanLagMs(double arrival_rate, double service_rate);
double Mm1LagQuantileMs(double share, double arrival_rate, double service_rate);
// Constant service (M/D/1, Pollaczek-Khinchine): 1/μ + ρ / (2·μ·(1 - ρ)).
double Md1MeanLagMs(double arrival_rate, double service_rate);
// G. J. Franx, "A simple solution for the M/D/c waiting time distribution", Operations Research
// Letters 29 (2001), for one server. All terms are positive, so it is stable at high load.
double Md1LagQuantileMs(double share, double arrival_rate, double service_rate);

// --- an outage of a replica ---

// Entries that arrived during the outage are applied at service_rate while more arrive: outage·λ /
// (μ - λ).
double CatchUpMs(double outage_ms, double arrival_rate, double service_rate);
// The first entry that arrives during the outage waits for all of it.
double PeakLagMs(double outage_ms);
// The time to transfer the backlog alone over a link with that many bytes per millisecond.
double RedoMs(double backlog_bytes, double bytes_per_ms);

// --- a primary that is lost ---

// Little's law: the number of writes that are acknowledged but on no replica yet, at a random
// instant.
double ExpectedLoss(double write_rate, double mean_replication_delay_ms);

}  // namespace replsim
