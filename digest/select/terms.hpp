// Words of a paper as weighted vectors: what centrality, similarity and themes are computed from. Deterministic:
// ordered containers, no locale.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "digest/model/paper.hpp"

namespace broadsheet::select {

// Lower-case words of letters, digits and inner hyphens, at least two characters, in text order.
std::vector<std::string> words(std::string_view text);
// Function words and the vocabulary that every abstract shares ("propose", "method").
bool is_common(std::string_view word);
// Plural and spelling variants on one form ("models" -> "model"); crude on purpose.
std::string stem(std::string_view word);

// Term number and weight, by term number; unit length. Numbers follow the order of the words.
using Vector = std::vector<std::pair<std::uint32_t, double>>;

// tf-idf over one listing.
class TermSpace {
 public:
  explicit TermSpace(const std::vector<Paper>& papers);
  Vector of(const Paper& paper) const;
  // The listing's mean direction.
  const Vector& centre() const { return centre_; }
  const std::string& word(std::uint32_t number) const { return words_.at(number); }
  std::size_t papers_with(std::uint32_t number) const { return papers_with_.at(number); }

 private:
  Vector weigh(const std::map<std::string, double>& counts) const;
  std::map<std::string, std::pair<std::uint32_t, double>, std::less<>> idf_;  // number and weight
  std::vector<std::string> words_;
  std::vector<std::size_t> papers_with_;
  Vector centre_;
};

// To unit length.
void normalise(Vector& v);
double dot(const Vector& a, const Vector& b);
// A term as its paper writes it: "policies" for "policy"; lower case but for acronyms ("LLMs", "3D").
std::string as_written(const Paper& paper, std::string_view term);
// "LLMs" and "3D", not "Model".
bool is_acronym(std::string_view word);

}  // namespace broadsheet::select
