// Disclosure control on shares: the only way from Uncleared to Cleared. docs/disclosure.md explains every
// rule.
#pragma once

#include "base/result.h"
#include "disclosure/policy.h"
#include "disclosure/release_table.h"
#include "mpc/session.h"
#include "oblivious/cell_table.h"
#include "sharing/clearance.h"

namespace sluis::disclosure {

// F: exact figures per cell, on shares -> protected figures per cell, on shares. In the order of
// disclosure-and-statistics section 2: pass bits of every rule for every figure, AND-ed; then
// round_base * floor((value + (round_base - 1) / 2) / round_base), or the band; then pass bit AND figure.
//
// Security: semi-honest, one corrupt party. Nothing is opened; every step is an AND, an addition or a
// comparison
//   of mpc/ on widths and row counts that are public, so message lengths and their order depend on the shape
//   of table and policy only. Simulatable because each of those protocols is.
// Cost: cost_protect in guard_cost.h.
// Randomness: band edges from the policy's seeds, the same at every attempt of one study.
// Leaks: nothing but sizes (cells, measures, owners, bit widths).
// Source: rules of CBS, ACRO and OpenSAFELY as compared in docs/disclosure.md.
class Guard {
 public:
  // Errors, all functions of public values: what check_protectable says (its first), S1411.shape if the table
  // is not the one that the policy describes. Throws net::ProtocolAbort.
  static Result<sharing::Cleared<ReleaseTable>> protect(mpc::Session& session,
                                                        sharing::Uncleared<oblivious::CellTable> table,
                                                        const OutputPolicy& output);

  // This node's shares of the exact persons and households of every cell, before masking: an opaque blob that
  // the node seals into its ledger before it releases anything (docs/formats/ledger_shares.md). One node's
  // blob says nothing; no code combines them.
  static Bytes ledger_shares(const sharing::Cleared<ReleaseTable>& table) { return table.value_.ledger; }
};

}  // namespace sluis::disclosure
