// Which figures pass every rule, on shares.
#pragma once

#include "disclosure/policy.h"
#include "mpc/session.h"
#include "oblivious/cell_table.h"

namespace sluis::disclosure {

// F: exact figures -> one plane per measure, cells rows; 1 = may be shown: AND over the rules of rules.h.
// Where the row's population is withheld, its sub-counts are, too: they would bound it from below, and the
// rest rule compared them with it. Equal to pass_bits_clear of reference.h. REQUIRES: check_protectable found
// nothing; the table has the output's shape. Security, Leaks: as Guard::protect.
sharing::SharedBits pass_bits(mpc::Session& session, const oblivious::CellTable& table,
                              const OutputPolicy& output);

}  // namespace sluis::disclosure
