// Each MISUSE must fail to compile, with the message that CMakeLists.txt expects; 0 must compile.
#include "mpc/open.h"
#include "mpc/shuffle.h"
#include "sharing/clearance.h"

namespace sluis::mpc {

using Figures = sharing::Uncleared<SharedBits>;
using Protected = sharing::Cleared<SharedBits>;

// What a sort does: it takes the shuffle for itself.
void consume(Session& session, Shuffle shuffle) { (void)make_shuffle(session, shuffle.rows()); }

void use(Session& session, Figures& figures, Protected& cleared) {
  Shuffle shuffle = make_shuffle(session, 10);
#if MISUSE == 0
  consume(session, std::move(shuffle));
#elif MISUSE == 1
  Shuffle copy = shuffle;
#elif MISUSE == 2
  consume(session, shuffle);
#elif MISUSE == 3
  (void)figures.value_;
#elif MISUSE == 4
  (void)open_masked(session, figures);
#elif MISUSE == 5
  Figures forged{SharedBits(1, 1)};
#elif MISUSE == 6
  (void)cleared.value_;
#elif MISUSE == 7
  Figures copy = figures;
#elif MISUSE == 8
  Session copy = session;
#endif
  (void)figures;
  (void)cleared;
}

}  // namespace sluis::mpc
