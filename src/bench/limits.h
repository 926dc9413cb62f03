// What this machine can do at most: the physical limits against which the operators are measured.
#pragma once

#include "base/json.h"

namespace sluis::bench {

// Per core, in processor seconds of the threads concerned; the best of several stretches.
struct Limits {
  double aes_ctr_gb_s = 0;       // AES-128-CTR into 32 KiB, which stay in L2
  double aes_ctr_dram_gb_s = 0;  // into 64 MiB
  double and_g_s = 0;            // AND gates of one party, both mask streams fused in, in L2
  double tcp_ns_per_byte = 0;    // loopback TCP, sender and receiver together
  double tcp_gb_s = 0;           // the same by the wall clock
  double tls_ns_per_byte = 0;    // a TLS mesh stream, sender and receiver together
  double tls_gb_s = 0;
  double permute_ns_per_row = 0;  // 2^20 rows of 8 bytes by a random permutation
  double shuffle_ns_per_row = 0;  // making that permutation (Fisher-Yates)
  double copy_gb_s = 0;           // memory copy of 64 MiB
  double load = 0;                // load average of the machine before

  // An AND with the byte that it sends, over TLS: G gates per party-core-second (protocols.md 1).
  double and_with_tls_g_s() const { return 1 / (1 / and_g_s + tls_ns_per_byte / 8); }
  // Least processor seconds for an operator that sends so many bytes in all: each byte through TLS, and the
  // eight gates behind it. Local work (permuting, transposing) comes on top.
  double floor_cpu_s(double total_bytes) const {
    return total_bytes * 1e-9 * (tls_ns_per_byte + 8 / and_g_s);
  }
};

// `effort` scales the amount of work; 1 takes some four seconds.
Limits measure_limits(double effort = 1);
void write_limits(JsonWriter& json, const Limits& limits);

}  // namespace sluis::bench
