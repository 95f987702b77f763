// Sentences of a display abstract.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace broadsheet::write {

// Splits at . ? ! and paragraph ends; abbreviations, initials and decimal numbers do not end a sentence.
std::vector<std::string> split_sentences(std::string_view abstract);
std::size_t word_count(std::string_view sentence);
// A quantity: not a year, not part of a name such as GPT-4, 3D or 256x256.
// A measured amount: "7.6 %", "3×", "12 points", "0.91"; not "GenEval 2" or "3D".
bool has_measure(std::string_view sentence);
bool has_number(std::string_view sentence);

}  // namespace broadsheet::write
