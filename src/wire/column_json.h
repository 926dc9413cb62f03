// Column schemas as JSON: in uploads, rehearsal jobs and dry-run results.
#pragma once

#include <vector>

#include "base/json.h"
#include "relation/table.h"

namespace sluis::wire {

// [{"name":"kind","type":"integer","lo":0,"hi":9,"nullable":true},{"name":"g","type":"category","domain":["a"],…}]
void write_columns(JsonWriter& json, const std::vector<relation::ColumnSchema>& columns);
// Faults go to the reader's list. At most max_columns; a category domain has 1..4096 sorted distinct values.
std::vector<relation::ColumnSchema> read_columns(JsonReader& object, size_t max_columns);

}  // namespace sluis::wire
