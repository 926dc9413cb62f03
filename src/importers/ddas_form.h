// The written form of a DDAS-SHV 1.0 file, and where a delivery deviates from it. Real files do: deviations
// are counted, they do not stop the import.
#pragma once

#include "base/json.h"
#include "importers/report.h"

namespace sluis::importers {

// One trajectory. Findings: schema_type, schema_null, schema_enum, schema_date, schema_unknown,
// schema_missing, schema_items (args: the field's path), as a JSON Schema validator counts them: one per
// place, unknown members of one object together.
void check_ddas_trajectory(const JsonValue& trajectory, uint64_t row, Findings& findings);
// Everything around the trajectories (which may have been streamed away).
void check_ddas_envelope(const JsonValue& root, Findings& findings);

}  // namespace sluis::importers
