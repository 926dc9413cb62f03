// One of the three processes of a rehearsal.
#pragma once

#include <string>

#include "base/result.h"
#include "mpc/session.h"
#include "oblivious/cell_table.h"
#include "rehearsal/job.h"

namespace sluis::rehearsal {

// Reads <directory>/job.json and this party's shares, meets the two others over TLS on loopback, computes,
// opens the exact figures and writes them to <directory>/result<party>.json. `listener` is an inherited
// listening socket. Throws net::ProtocolAbort.
Status run_party(const std::string& directory, int party, int listener);

// Opens an output's exact figures. Here alone, and in no program that nodes run: the leakage
// "rehearsal-figures" of docs/leakage.md.
sql::OpenCells open_figures(mpc::Session& session, const sql::Output& output,
                            const oblivious::CellTable& cells);

}  // namespace sluis::rehearsal
