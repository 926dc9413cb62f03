// What owners, analysts and recipients can ask of a node. There is no request that returns a row or a share
// of a row.
#pragma once

#include "net/framed.h"
#include "node/state.h"

namespace sluis::node {

// Answers one request (wire/request.h). An error that the caller caused is an answer, not a failure; a failed
// Status means that the connection is of no further use.
Status handle_request(NodeState& state, const governance::Organisation& caller,
                      const net::FrameHeader& header, net::FramedStream& stream);
// The answer to a certificate that no organisation of the registry has.
Status refuse_stranger(net::FramedStream& stream);
// Called when a run has ended: writes and signs its record.
void run_ended(NodeState& state, const RunRow& row);

}  // namespace sluis::node
