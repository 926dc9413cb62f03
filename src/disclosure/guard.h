// Disclosure control on shares: the only way from Uncleared to Cleared. docs/disclosure.md explains every
// rule.
#pragma once

#include "base/result.h"
#include "disclosure/link_rate.h"
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

  // F: per owner, persons with a usable key and linked persons, on shares -> the band of their ratio, on
  // shares, for that owner alone (link_rate.h). The two tables are those of study::LinkRate.
  //
  // Security, Randomness, Leaks: as protect().
  // Cost: cost_protect_link.
  // Source: docs/disclosure.md, "Link rate" (a uniform secret shift).
  // Errors: of check_link; S1411.shape if a table is not one count per owner. Throws net::ProtocolAbort.
  static Result<sharing::Cleared<ReleaseTable>> protect_link(mpc::Session& session,
                                                             sharing::Uncleared<oblivious::CellTable> persons,
                                                             sharing::Uncleared<oblivious::CellTable> linked,
                                                             const LinkPolicy& policy);

  // This node's shares of the exact persons and households of every cell, before masking: an opaque blob that
  // the node seals into its ledger before it releases anything (docs/formats/ledger_shares.md). One node's
  // blob says nothing; no code combines them.
  static Bytes ledger_shares(const sharing::Cleared<ReleaseTable>& table) { return table.value_.ledger; }
  // Of the output: public.
  static const std::string& name(const sharing::Cleared<ReleaseTable>& table) {
    return table.value_.layout.output;
  }
};

}  // namespace sluis::disclosure
