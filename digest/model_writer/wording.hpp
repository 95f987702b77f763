// Words and phrases that the checks look for (wording.tsv), and texts in the form in which they are looked for: folded
// words parted by single blanks, and for scripts without blanks the folded text.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace broadsheet::model_writer {

// A text as the checks see it.
class Folded {
 public:
  Folded() = default;
  explicit Folded(std::string_view text);
  const std::vector<std::string>& words() const { return words_; }
  const std::string& line() const { return line_; }  // " word word word "
  bool has(std::string_view phrase) const;           // folded; whole words where the script parts words
  bool begins(std::string_view phrase) const;

 private:
  std::vector<std::string> words_;
  std::string line_, text_;
};

struct Wording {
  std::string kind, name;
  std::vector<std::string> phrases;    // folded
  std::vector<std::string> satisfies;  // "~": count only in what is cited
};
// In the order of the file. Thread-safe, as all here.
const std::vector<Wording>& wordings();
// One row; empty if there is none.
const std::vector<std::string>& phrases(std::string_view kind, std::string_view name);
bool has_any(const Folded& text, const std::vector<std::string>& phrases);

}  // namespace broadsheet::model_writer
