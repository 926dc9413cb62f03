// What erasing a table leaves at a node: a signed receipt, which its owner can fetch at any time.
#pragma once

#include "node/call.h"
#include "wire/table_upload.h"

namespace sluis::node {

// Writes a line in the audit log, signs the statement that the table's shares were erased and keeps it in
// <data>/receipts. Returns {"statement":…,"signature":…}. Errors: S1603.*, S1090.*, S1002.*.
Result<Reply> write_erasure_receipt(NodeState& state, const wire::TableUpload& upload, int64_t now);

// Request `receipt.list`: the caller's own receipts, oldest first: body
// {"receipts":[{"statement":…,"signature":…}]}, at most 1,000 (the latest).
Result<Reply> list_receipts(Call& call);

}  // namespace sluis::node
