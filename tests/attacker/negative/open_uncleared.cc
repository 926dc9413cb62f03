// refused: invalid initialization of reference|no matching function|could not convert
// Opening takes shares, and uncleared shares cannot be taken out.
#include "mpc/open.h"
#include "sharing/clearance.h"

using namespace sluis;
#ifdef CONTROL
using Shares = sharing::SharedBits;
#else
using Shares = sharing::Uncleared<sharing::SharedBits>;
#endif
sharing::Bits open(mpc::Session& session, const Shares& shares) { return mpc::open_masked(session, shares); }
