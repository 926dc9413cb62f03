// Evaluation of circuits: per round one pass over the rows, block by block in cache, then one message.
#include <algorithm>
#include <array>

#include "base/check.h"
#include "base/secret.h"
#include "mpc/circuit.h"
#include "mpc/resharing.h"
#include "sharing/bit_kernels.h"

namespace sluis::mpc {

using sharing::kBlockRows;
using sharing::kBlockWords;

// Words that are masked in one call: many enough to keep the cipher's pipeline full, few enough to be in
// cache.
constexpr size_t kMaskWords = 2048;

// Inputs of the block after next are asked for early: one plane of a wide matrix lies in short pieces far
// apart, which the processor does not foresee.
constexpr size_t kPrefetchBlocks = 2;

// One run of a circuit. All planes of one depth and kind live in one matrix, whose memory serves a later
// depth after its last use.
class Evaluation {
 public:
  Evaluation(Session& session, const Circuit& circuit, std::span<const SharedBits* const> inputs);
  SharedBits run();

 private:
  // Where a node's plane is stored.
  struct Place {
    const SharedBits* matrix = nullptr;
    uint32_t plane = 0;
  };
  struct Layer {
    std::vector<uint32_t> products, sums;  // nodes of this depth
    std::vector<uint32_t> inputs;          // input planes that its products and the sums before them read
    SharedBits product_planes, sum_planes;
    uint32_t last_use = 0;  // depth of the last product that reads it
  };
  struct Scratch {
    std::array<std::array<uint64_t, kBlockWords>, 4> words;
    ~Scratch() { secure_wipe(words.data(), sizeof words); }
  };

  void place_inputs(std::span<const SharedBits* const> inputs);
  void plan();
  void note_use(uint32_t plane, uint32_t depth);
  void prepare(Layer& layer);
  Bits take_matrix(size_t planes);
  void keep_matrices(SharedBits& matrices);
  void drop_unused(uint32_t depth);
  void prefetch_inputs(const Layer& layer, size_t block) const;
  bool outputs_are(const SharedBits& planes) const;
  void run_round(uint32_t depth);
  void compute_sums(Layer& layer, size_t block);
  void compute_products(Layer& layer, size_t block);
  // The words of a wire in one block: a pointer into storage, or the XOR in `scratch`.
  const uint64_t* words_of(const Wire& wire, bool own, size_t block, uint64_t* scratch) const;
  uint64_t public_one(bool own) const;
  std::span<const uint64_t> stored(uint32_t plane, bool own, size_t block) const;
  size_t block_words(size_t block) const { return shape_.block_words(block); }

  Session& session_;
  const Circuit& circuit_;
  Bits shape_;  // rows x 0 planes: block arithmetic
  std::vector<Place> places_;
  std::vector<Layer> layers_;  // [depth]; layer 0 has only sums
  std::vector<Bits> spare_;    // memory of matrices after their last use
  Scratch scratch_;
};

Evaluation::Evaluation(Session& session, const Circuit& circuit, std::span<const SharedBits* const> inputs)
    : session_(session), circuit_(circuit), shape_(inputs.empty() ? 0 : inputs[0]->rows(), 0) {
  place_inputs(inputs);
  plan();
}

void Evaluation::place_inputs(std::span<const SharedBits* const> inputs) {
  for (const SharedBits* x : inputs) {
    CHECK(x->rows() == shape_.rows());
    for (uint32_t p = 0; p < x->planes(); ++p) places_.push_back({x, p});
  }
  CHECK(places_.size() == circuit_.input_count_);
}

void Evaluation::note_use(uint32_t plane, uint32_t depth) {
  if (circuit_.nodes_[plane].kind == Circuit::Kind::kInput) {
    if (depth < layers_.size()) layers_[depth].inputs.push_back(plane);
    return;
  }
  uint32_t& last = layers_[circuit_.nodes_[plane].depth].last_use;
  last = std::max(last, depth);
}

void Evaluation::plan() {
  const std::vector<bool> need = circuit_.needed();
  layers_.resize(circuit_.rounds() + 1);
  places_.resize(circuit_.nodes_.size());
  for (uint32_t n = circuit_.input_count_; n < need.size(); ++n) {
    if (!need[n]) continue;
    const Circuit::Node& node = circuit_.nodes_[n];
    Layer& layer = layers_[node.depth];
    std::vector<uint32_t>& list = node.kind == Circuit::Kind::kSum ? layer.sums : layer.products;
    const SharedBits* matrix = node.kind == Circuit::Kind::kSum ? &layer.sum_planes : &layer.product_planes;
    places_[n] = {matrix, static_cast<uint32_t>(list.size())};
    list.push_back(n);
    for (const auto& pair : node.pairs)
      for (const Wire& wire : {pair.first, pair.second})
        for (size_t i = 0; i < wire.count; ++i) note_use(wire.plane[i], node.depth);
    for (uint32_t plane : node.planes)
      note_use(plane, node.depth + 1);  // sums are made in the next round's pass
  }
  for (Layer& layer : layers_) {
    std::ranges::sort(layer.inputs);
    layer.inputs.erase(std::ranges::unique(layer.inputs).begin(), layer.inputs.end());
  }
  for (const Wire& wire : circuit_.outputs_)
    for (size_t i = 0; i < wire.count; ++i) note_use(wire.plane[i], static_cast<uint32_t>(layers_.size()));
}

std::span<const uint64_t> Evaluation::stored(uint32_t plane, bool own, size_t block) const {
  const Place& place = places_[plane];
  return (own ? place.matrix->own : place.matrix->next).run(block, place.plane);
}

// The public 1 is added to x_0: P0's own, P2's next.
uint64_t Evaluation::public_one(bool own) const {
  return session_.party() == (own ? 0 : 2) ? ~uint64_t{0} : 0;
}

const uint64_t* Evaluation::words_of(const Wire& wire, bool own, size_t block, uint64_t* scratch) const {
  if (wire.count == 1 && !wire.one) return stored(wire.plane[0], own, block).data();
  std::array<const uint64_t*, Wire::kMost> planes{};
  for (size_t i = 0; i < wire.count; ++i) planes[i] = stored(wire.plane[i], own, block).data();
  sharing::bit_kernels().xor_words(planes.data(), wire.count, wire.one ? public_one(own) : 0,
                                   {scratch, block_words(block)});
  return scratch;
}

void Evaluation::compute_sums(Layer& layer, size_t block) {
  for (size_t s = 0; s < layer.sums.size(); ++s)
    for (bool own : {true, false}) {
      const auto out = (own ? layer.sum_planes.own : layer.sum_planes.next).run(block, s);
      for (uint32_t plane : circuit_.nodes_[layer.sums[s]].planes) {
        const uint64_t* parts[] = {out.data(), stored(plane, own, block).data()};
        sharing::bit_kernels().xor_words(parts, 2, 0, {out.data(), out.size()});
      }
    }
}

void Evaluation::compute_products(Layer& layer, size_t block) {
  auto& s = scratch_.words;
  for (size_t g = 0; g < layer.products.size(); ++g) {
    const auto z = layer.product_planes.own.run(block, g);
    std::ranges::fill(z, uint64_t{0});
    for (const auto& [a, b] : circuit_.nodes_[layer.products[g]].pairs)
      sharing::bit_kernels().add_product(
          {words_of(a, true, block, s[0].data()), words_of(a, false, block, s[1].data())},
          {words_of(b, true, block, s[2].data()), words_of(b, false, block, s[3].data())},
          {z.data(), z.size()});
  }
}

Bits Evaluation::take_matrix(size_t planes) {
  if (spare_.empty()) return Bits::unset(shape_.rows(), planes);
  Bits matrix = std::move(spare_.back());
  spare_.pop_back();
  matrix.reshape(shape_.rows(), planes);
  return matrix;
}

void Evaluation::keep_matrices(SharedBits& matrices) {
  for (Bits* matrix : {&matrices.own, &matrices.next})
    if (!matrix->words().empty()) spare_.push_back(std::move(*matrix));
  matrices = SharedBits();
}

// Products: every word of own is written by compute_products, every word of next by the message.
void Evaluation::prepare(Layer& layer) {
  layer.product_planes.own = take_matrix(layer.products.size());
  layer.product_planes.next = take_matrix(layer.products.size());
  if (!layer.sums.empty()) layer.sum_planes = SharedBits(shape_.rows(), layer.sums.size());
}

void Evaluation::drop_unused(uint32_t depth) {
  for (Layer& old : layers_) {
    if (old.last_use > depth || &old == &layers_[depth]) continue;
    keep_matrices(old.product_planes);
    old.sum_planes = SharedBits();
  }
}

void Evaluation::prefetch_inputs(const Layer& layer, size_t block) const {
  if (block >= shape_.blocks()) return;
  constexpr size_t kLineWords = 8;
  for (uint32_t plane : layer.inputs)
    for (bool own : {true, false}) {
      const auto words = stored(plane, own, block);
      for (size_t i = 0; i < words.size(); i += kLineWords) __builtin_prefetch(&words[i], 0, 2);
    }
}

// z = alpha_i ^ (products of this depth), block by block; then z_i to prev, z_{i+1} from next. Sums of the
// depth before, which that round's messages have completed, come first.
void Evaluation::run_round(uint32_t depth) {
  Layer& layer = layers_[depth];
  prepare(layer);
  SharedBits* const output = &layer.product_planes;
  Resharing resharing(session_, {&output, 1});
  const uint64_t operation = session_.next_operation();
  uint64_t at = 0, masked = 0;
  for (size_t b = 0; b < shape_.blocks(); ++b) {
    prefetch_inputs(layer, b + kPrefetchBlocks);
    compute_sums(layers_[depth - 1], b);
    compute_products(layer, b);
    at += layer.products.size() * block_words(b);
    if (at - masked < kMaskWords && b + 1 < shape_.blocks()) continue;
    session_.xor_zero_share(operation, masked, output->own.words().subspan(masked, at - masked));
    masked = at;
    resharing.computed(masked);
  }
  resharing.finish();
  session_.verify_queue().append(layer.products.size() * shape_.rows());
  drop_unused(depth);
}

// Whether the outputs are exactly these planes in their order: then the matrix itself is the result.
bool Evaluation::outputs_are(const SharedBits& planes) const {
  if (planes.planes() != circuit_.outputs_.size()) return false;
  for (uint32_t o = 0; o < circuit_.outputs_.size(); ++o) {
    const Wire& wire = circuit_.outputs_[o];
    if (wire.count != 1 || wire.one) return false;
    const Place& place = places_[wire.plane[0]];
    if (place.matrix != &planes || place.plane != o) return false;
  }
  return true;
}

SharedBits Evaluation::run() {
  if (shape_.rows() == 0) return SharedBits(0, circuit_.outputs_.size());
  prepare(layers_[0]);
  for (uint32_t depth = 1; depth < layers_.size(); ++depth) run_round(depth);
  if (outputs_are(layers_.back().product_planes)) return std::move(layers_.back().product_planes);
  SharedBits result = SharedBits::unset(shape_.rows(), circuit_.outputs_.size());
  for (size_t b = 0; b < shape_.blocks(); ++b) {
    compute_sums(layers_.back(), b);
    for (size_t o = 0; o < circuit_.outputs_.size(); ++o)
      for (bool own : {true, false}) {
        const auto out = (own ? result.own : result.next).run(b, o);
        const uint64_t* words = words_of(circuit_.outputs_[o], own, b, scratch_.words[0].data());
        std::copy_n(words, out.size(), out.begin());
      }
  }
  return result;
}

SharedBits evaluate(Session& session, const Circuit& circuit, std::span<const SharedBits* const> inputs) {
  return Evaluation(session, circuit, inputs).run();
}

}  // namespace sluis::mpc
