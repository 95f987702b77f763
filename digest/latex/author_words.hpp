// The words of author lists: what marks a team, an institution, a suffix, a reference to a footnote.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace broadsheet::latex {

// "Jr.", "III": stays with the name before it.
bool is_suffix(std::string_view s);
// "PhD", "M.D.": a title behind a name; no author.
bool is_degree(std::string_view s);
// "Euclid Collaboration", "Team HY-World", "the LSST Dark Energy Science Collaboration", "University of Crete".
bool is_team(std::string_view name);
// "Ann Author", "J. Doe": at least two words that could be a person's, and nothing of an institution.
bool is_person(std::string_view s);
// "1", "1 and 2", "a,b", "*": points at an institute or a footnote.
bool is_reference(std::string_view s);
// Could the words before "and" be the first half of a team's name ("the Research", "Belle", "Machine Learning")?
bool begins_team(std::string_view s);

struct Speaker {
  std::string name;           // may be empty
  std::string collaboration;  // "ABC Collaboration", without an article
};
// "Ann Author on behalf of the ABC Collaboration", "for the ABC Collaboration"; nothing if nobody is spoken for.
std::optional<Speaker> spoken_for(std::string_view s);

// How many authors "25 additional authors not shown" stands for; nothing if it says no such thing. "others" is 0.
std::optional<std::size_t> left_out(std::string_view s);

// Without footnote marks ("Doe*", "Doe¹˒²", "Doe†") and punctuation at its ends.
std::string without_marks(std::string_view name);

}  // namespace broadsheet::latex
