// The pages of a study: what a reader, an owner and an approver see. Each is one self-contained HTML file: no
// script, no request to anybody, printable, readable at 200 % zoom.
#pragma once

#include <string>

#include "report/approval_model.h"
#include "report/model.h"
#include "text/text.h"

namespace sluis::report {

// C1: the result, for everybody. Figures of other outputs than the answer (order, linkage) get their own
// section. Statistics or derivations with a fault of the study (S1708) are left out: `study check` refuses
// them before anything runs.
std::string render_result_page(const ResultModel& model, text::Language language);

// C2: the own report of one municipality, made at the owner: page 1 the own band beside the pooled figure,
// page 2 delivery quality.
std::string render_own_report_page(const OwnReport& report, text::Language language);

// A2: what an approver decides on, before anything is shared. Blocks 1 to 4 fit one printed page.
std::string render_approval_page(const ApprovalModel& model, text::Language language);

}  // namespace sluis::report
