// Run under valgrind: every share of the inputs is marked undefined, then all protocols run. Valgrind reports
// each branch and each address that depends on an undefined value, also after the value has travelled through
// a message. Keys stay defined: permutations may steer memory access (docs/protocols/shuffle.md), shares may
// not. With the argument "branch" one share value is branched on, which must be reported.
#include <valgrind/memcheck.h>

#include <cstdio>
#include <string_view>

#include "testing/protocol_cases.h"
#include "testing/three_parties.h"

namespace {

using namespace sluis;           // NOLINT(google-build-using-namespace): one file, few names
using namespace sluis::testing;  // NOLINT(google-build-using-namespace)

template <typename Words>
void taint(Words& words) {
  if (!words.empty()) (void)VALGRIND_MAKE_MEM_UNDEFINED(words.data(), words.size() * sizeof(words[0]));
}

void taint(sharing::SharedBits& x) {
  auto own = x.own.words(), next = x.next.words();
  taint(own);
  taint(next);
}

void taint(CaseInputs& in) {
  for (sharing::SharedBits* x : {&in.x, &in.y, &in.wide, &in.bit}) taint(*x);
  for (auto* ring : {&in.sum, &in.other}) {
    taint(ring->own);
    taint(ring->next);
  }
  taint(in.count.own);
  taint(in.count.next);
}

}  // namespace

int main(int argc, char** argv) {
  for (size_t rows : {size_t{1}, size_t{130}, size_t{4100}}) {
    auto inputs = case_inputs(rows, CaseData::kRandom, 1);
    for (CaseInputs& in : inputs) taint(in);
    for (const ProtocolCase& c : protocol_cases())
      run_three([&](mpc::Session& s) { c.run(s, inputs[static_cast<size_t>(s.party())]); });
    if (argc > 1 && std::string_view(argv[1]) == "branch" && inputs[0].x.own.get(0, 0)) std::puts("one");
  }
  return 0;
}
