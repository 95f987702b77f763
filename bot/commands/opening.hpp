// How a request begins when people talk: greetings, mentions and pictures before the command, a link with words round
// it, a category alone.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "bot/commands/spec.hpp"
#include "bot/commands/words.hpp"

namespace broadsheet::commands {

// What stands before the command and says nothing.
struct Courtesies {
  bool greeting = false, thanks = false;
};
// Takes them off the front.
Courtesies drop_courtesies(std::vector<Word>& words);

// "/digest@arxiv_bot", "help!": the command's word.
std::string_view command_word(std::string_view word);

// The commands that a word may have meant: "`digest`, `status`", as they are typed.
std::string near_text(std::string_view word);

// Words that may be looked for, short enough to be offered: "graph networks"; empty if there are none.
std::string searchable(const std::vector<Word>& words);

}  // namespace broadsheet::commands
