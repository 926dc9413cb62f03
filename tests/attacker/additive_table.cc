#include "additive_table.h"

#include <algorithm>
#include <optional>

namespace sluis::attacker {

std::string cell_name(const TableCell& cell) {
  std::string name;
  for (const std::string& code : cell.codes) name += (name.empty() ? "" : " ") + code;
  return name;
}

std::vector<std::vector<size_t>> equations(const std::vector<TableCell>& cells,
                                           const std::vector<Hierarchy>& hierarchies) {
  std::map<std::vector<std::string>, size_t> at;
  for (size_t i = 0; i < cells.size(); ++i) at[cells[i].codes] = i;
  std::vector<std::vector<size_t>> out;
  for (size_t i = 0; i < cells.size(); ++i)
    for (size_t d = 0; d < hierarchies.size(); ++d) {
      const auto children = hierarchies[d].find(cells[i].codes[d]);
      if (children == hierarchies[d].end()) continue;
      std::vector<size_t> equation{i};
      for (const std::string& child : children->second) {
        std::vector<std::string> codes = cells[i].codes;
        codes[d] = child;
        if (const auto found = at.find(codes); found != at.end()) equation.push_back(found->second);
      }
      if (equation.size() == children->second.size() + 1) out.push_back(std::move(equation));
    }
  return out;
}

std::map<std::string, Bounds> audit(const std::vector<TableCell>& cells,
                                    const std::vector<Hierarchy>& hierarchies) {
  Polyhedron possible;
  std::vector<std::optional<size_t>> variable(cells.size());
  for (size_t i = 0; i < cells.size(); ++i)
    if (!cells[i].published) variable[i] = possible.variable();
  const auto variables = static_cast<size_t>(
      std::count_if(cells.begin(), cells.end(), [](const auto& c) { return !c.published; }));
  for (const std::vector<size_t>& equation : equations(cells, hierarchies)) {
    Form form(variables);
    Rational value = 0;
    bool any = false;
    for (size_t k = 0; k < equation.size(); ++k) {
      const int sign = k == 0 ? -1 : 1;
      if (const auto v = variable[equation[k]])
        form[*v] += sign, any = true;
      else
        value -= sign * cells[equation[k]].value;
    }
    if (any) possible.equal(std::move(form), value);
  }
  std::map<std::string, Bounds> out;
  for (size_t i = 0; i < cells.size(); ++i)
    if (variable[i]) {
      Form form(*variable[i] + 1);
      form[*variable[i]] = 1;
      out[cell_name(cells[i])] = possible.bounds(form).value();
    }
  return out;
}

std::vector<std::string> determined(const std::vector<TableCell>& cells,
                                    const std::vector<Hierarchy>& hierarchies) {
  std::vector<Form> rows;
  for (const std::vector<size_t>& equation : equations(cells, hierarchies)) {
    Form row(cells.size());
    for (size_t k = 0; k < equation.size(); ++k)
      if (!cells[equation[k]].published) row[equation[k]] += k == 0 ? -1 : 1;
    rows.push_back(std::move(row));
  }
  // Reduced row echelon form: a cell is determined exactly if some row holds nothing but it.
  size_t rank = 0;
  for (size_t column = 0; column < cells.size() && rank < rows.size(); ++column) {
    size_t pivot = rank;
    while (pivot < rows.size() && rows[pivot][column] == 0) ++pivot;
    if (pivot == rows.size()) continue;
    std::swap(rows[rank], rows[pivot]);
    const Rational factor = rows[rank][column];
    for (Rational& x : rows[rank]) x /= factor;
    for (size_t i = 0; i < rows.size(); ++i) {
      if (i == rank || rows[i][column] == 0) continue;
      const Rational by = rows[i][column];
      for (size_t j = 0; j < cells.size(); ++j) rows[i][j] -= by * rows[rank][j];
    }
    ++rank;
  }
  std::vector<std::string> out;
  for (const Form& row : rows) {
    size_t only = cells.size(), count = 0;
    for (size_t j = 0; j < cells.size(); ++j)
      if (row[j] != 0) only = j, ++count;
    if (count == 1) out.push_back(cell_name(cells[only]));
  }
  return out;
}

}  // namespace sluis::attacker
