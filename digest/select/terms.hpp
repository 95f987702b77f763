// Words of a paper as weighted vectors: what centrality, similarity and themes are computed from. Deterministic:
// ordered containers, no locale.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "digest/model/paper.hpp"

namespace broadsheet::select {

// Lower-case words of letters, digits and inner hyphens, at least two characters, in text order.
std::vector<std::string> words(std::string_view text);
// Function words and the vocabulary that every abstract shares ("propose", "method").
bool is_common(std::string_view word);
// Plural and spelling variants on one form ("models" -> "model"); crude on purpose.
std::string stem(std::string_view word);

using Vector = std::map<std::string, double>;  // unit length

// tf-idf over one listing.
class TermSpace {
 public:
  explicit TermSpace(const std::vector<Paper>& papers);
  Vector of(const Paper& paper) const;
  Vector of(std::string_view text) const;
  // The listing's mean direction.
  const Vector& centre() const { return centre_; }

 private:
  Vector weigh(const std::map<std::string, double>& counts) const;
  std::map<std::string, double> idf_;
  Vector centre_;
};

double dot(const Vector& a, const Vector& b);

}  // namespace broadsheet::select
