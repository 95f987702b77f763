// Openings that lean on the sentence before ("Moreover, ", "To this end, "): dropped where a sentence is shown alone.
#pragma once

#include <string>
#include <string_view>

namespace broadsheet::write {

// "Finally, in this paper, we …" -> "We …". Only what carries nothing goes: no condition, no contrast, no negation; and
// only where the rest stays a sentence. Otherwise the sentence comes back as it is.
std::string standing_alone(std::string_view sentence);

}  // namespace broadsheet::write
