// Openings that lean on the sentence before ("Moreover, ", "To bridge this gap, "): dropped where a sentence is shown
// alone, and sentences that lean so much that they cannot be.
#pragma once

#include <string>
#include <string_view>

namespace broadsheet::write {

// "Finally, in this paper, we …" -> "We …"; "However, these results show that X" -> "X". Only what carries nothing
// goes: no condition, no hedge, no negation, no number; and only where the rest stays a sentence that stands alone.
// Otherwise the sentence comes back as it is.
std::string standing_alone(std::string_view sentence);
// The same for a point of a list, where a subject that only points back may go too: "It reads sonar" -> "Reads sonar".
std::string as_point(std::string_view sentence);
// Begins with what the sentence before it would explain: "This", "It", "However,". "This paper" does not lean.
bool leans(std::string_view sentence);
// Of the headings of structured abstracts the one a sentence begins with ("Methods: We …"), as written; else empty.
std::string_view heading_of(std::string_view sentence);
// The text with a capital at its beginning, unless it begins with a name that is written small ("k-means", "mBERT").
std::string begun(std::string_view rest);

}  // namespace broadsheet::write
