// What a strict reader of the Matrix specification objects to in a message content; homeservers check far less
// (contracts: Matrix 5). Shared by the fake homeserver, unit tests and the fuzz target.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace broadsheet::fakes {

// Names of broken rules ("html.tag", "mentions.absent"), sorted; none for a good content. `paper_safe`: nobody may be
// meant or linked.
std::vector<std::string> content_faults(std::string_view content, bool paper_safe = true);

// The same of a reaction: one key to one event, and nothing else (contracts: Matrix 6).
std::vector<std::string> reaction_faults(std::string_view content);

// The addresses of the links in a formatted body, in order.
std::vector<std::string> links_in(std::string_view html);

}  // namespace broadsheet::fakes
