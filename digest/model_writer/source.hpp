// What a piece of writing may rest on: the title and the numbered sentences of the abstract, in the forms in which the
// checks look things up.
#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "digest/model/paper.hpp"
#include "digest/model_writer/quantities.hpp"
#include "digest/model_writer/wording.hpp"

namespace broadsheet::model_writer {

class Source {
 public:
  Source(std::string title, std::vector<std::string> sentences);
  static Source of(const Paper& paper);

  const std::string& title() const { return title_; }
  // Numbered from 1 in questions and answers.
  const std::vector<std::string>& sentences() const { return sentences_; }
  // The sentences of these numbers, as one text.
  std::string cited(const std::vector<std::size_t>& evidence) const;

  const Folded& folded() const { return folded_; }
  const std::vector<Quantity>& quantities() const { return quantities_; }
  // A folded word, its stem or the initials of a run of words.
  bool knows(const std::string& folded_word) const;

 private:
  std::string title_;
  std::vector<std::string> sentences_;
  Folded folded_;
  std::vector<Quantity> quantities_;
  std::set<std::string> words_;
  std::string initials_;
};

// The first name of `text` that the source does not know; empty if there is none. `capitals_count`: a capital begins
// names only (not in German).
std::string unknown_name(std::string_view text, const Source& source, bool capitals_count);

}  // namespace broadsheet::model_writer
