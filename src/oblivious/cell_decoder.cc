#include "oblivious/cell_decoder.h"

#include <algorithm>
#include <limits>

#include "base/check.h"

namespace sluis::oblivious {
namespace {

using mpc::Circuit;
using mpc::Wire;
using mpc::Wires;

uint64_t cells_of(const CellShape& shape) { return shape.codes.size() + (shape.null_cell ? 1 : 0); }

// Planes [first, first + count) of x spell the low bits of `code` >> first. Halves are shared between codes,
// because equal products are made once.
Wire matches(Circuit& circuit, const Wires& x, size_t first, size_t count, uint64_t code) {
  if (count == 0) return Circuit::constant(true);
  if (count == 1) return ((code >> first) & 1) != 0 ? x[first] : Circuit::not_(x[first]);
  const size_t low = count / 2;
  const Wire lower = matches(circuit, x, first, low, code);
  return circuit.and_(matches(circuit, x, first + low, count - low, code), lower);
}

// Whether a value of this shape can have the code.
bool representable(int64_t code, const CellShape& shape) {
  if (shape.planes >= 64) return true;
  if (!shape.is_signed) return code >= 0 && (static_cast<uint64_t>(code) >> shape.planes) == 0;
  const int64_t above = code >> (shape.planes - 1);  // copies of the sign
  return above == 0 || above == -1;
}

struct Dimension {
  Wires value;
  Wire null;
};

// `where` AND (the dimension has each of its values): `where` goes into the upper half, of which there are
// fewer.
Wires decode(Circuit& circuit, const CellShape& shape, const Dimension& dimension, const Wire& where) {
  const size_t planes = dimension.value.size(), low = planes / 2;
  const Wire present = shape.nullable ? circuit.and_(where, Circuit::not_(dimension.null)) : where;
  Wires cells;
  for (const int64_t code : shape.codes) {
    if (!representable(code, shape)) {
      cells.push_back(Circuit::constant(false));
      continue;
    }
    const auto bits = static_cast<uint64_t>(code);
    const Wire upper = circuit.and_(present, matches(circuit, dimension.value, low, planes - low, bits));
    cells.push_back(circuit.and_(upper, matches(circuit, dimension.value, 0, low, bits)));
  }
  if (shape.null_cell) {
    cells.push_back(shape.nullable ? circuit.and_(where, dimension.null) : Circuit::constant(false));
  }
  return cells;
}

// Cheapest way to multiply out dimensions [first, end): where to split, and how many ANDs.
class Splits {
 public:
  explicit Splits(const std::vector<CellShape>& dimensions) : sizes_() {
    for (const CellShape& shape : dimensions) sizes_.push_back(cells_of(shape));
  }
  uint64_t cells(size_t first, size_t end) const {
    uint64_t product = 1;
    for (size_t d = first; d < end; ++d) product *= sizes_[d];
    return product;
  }
  // ANDs of the products of [first, end).
  uint64_t cost(size_t first, size_t end) const {
    if (end - first < 2) return 0;
    const size_t middle = split(first, end);
    return cells(first, end) + cost(first, middle) + cost(middle, end);
  }
  size_t split(size_t first, size_t end) const {
    size_t best = first + 1;
    uint64_t least = std::numeric_limits<uint64_t>::max();
    for (size_t middle = first + 1; middle < end; ++middle) {
      const uint64_t ands = cost(first, middle) + cost(middle, end);
      if (ands < least) {
        least = ands;
        best = middle;
      }
    }
    return best;
  }

 private:
  std::vector<uint64_t> sizes_;
};

Wires multiply_out(Circuit& circuit, const Splits& splits, const std::vector<Wires>& decoded,
                   std::pair<size_t, size_t> range) {
  const auto [first, end] = range;
  if (end - first == 1) return decoded[first];
  const size_t middle = splits.split(first, end);
  const Wires left = multiply_out(circuit, splits, decoded, {first, middle});
  const Wires right = multiply_out(circuit, splits, decoded, {middle, end});
  Wires cells;
  for (const Wire& l : left) {
    for (const Wire& r : right) cells.push_back(circuit.and_(l, r));
  }
  return cells;
}

}  // namespace

mpc::Circuit cell_decoder(const std::vector<CellShape>& dimensions) {
  Circuit circuit;
  const Wire valid = circuit.input();
  std::vector<Dimension> inputs;
  size_t smallest = 0;
  for (size_t d = 0; d < dimensions.size(); ++d) {
    Dimension dimension{circuit.inputs(dimensions[d].planes), Circuit::constant(false)};
    if (dimensions[d].nullable) dimension.null = circuit.input();
    inputs.push_back(std::move(dimension));
    if (cells_of(dimensions[d]) < cells_of(dimensions[smallest])) smallest = d;
  }
  if (dimensions.empty()) {
    circuit.output(valid);
    return circuit;
  }
  std::vector<Wires> decoded;
  for (size_t d = 0; d < dimensions.size(); ++d) {
    decoded.push_back(
        decode(circuit, dimensions[d], inputs[d], d == smallest ? valid : Circuit::constant(true)));
  }
  circuit.outputs(multiply_out(circuit, Splits(dimensions), decoded, {0, decoded.size()}));
  return circuit;
}

}  // namespace sluis::oblivious
