// One party's part of an index as bytes, for whoever keeps it (docs/formats/index_file.md).
#pragma once

#include <functional>
#include <span>

#include "base/bytes.h"
#include "base/result.h"
#include "oblivious/index.h"

namespace sluis::oblivious {

// Takes the next bytes, in pieces of any size.
using IndexSink = std::function<Status(ByteSpan)>;
// Gives the next bytes: exactly as many as asked for.
using IndexSource = std::function<Status(std::span<uint8_t>)>;

// What this party knows: its two permutations, the public places, its shares of what follows from the keys.
// The three parties' parts together show the order of the keys: keep them as shares are kept. REQUIRES:
// index.order. Errors: the sink's.
Status write_index(const KeyIndex& index, int party, const IndexSink& sink);
// Reads it again. Errors: the source's; S1091.shape for anything that is not an index of so many rows.
Result<KeyIndex> read_index(int party, uint64_t rows, const IndexSource& source);

}  // namespace sluis::oblivious
