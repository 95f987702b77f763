// The table of commands, each used once in text and once in a formula: nothing of a command but its meaning is shown.
#include "digest/latex/commands.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "digest/latex/display.hpp"

namespace broadsheet::latex {
namespace {

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_plain_command(const Command& command) {
  return command.name.size() > 1 && command.name.find(':') == std::string_view::npos;
}

// One call of the command with a marked word in each place an argument may stand.
std::string call(const Command& command) {
  static const std::map<char, std::string> kSamples = {{'o', "[zqoption]"}, {'d', "(zqoption)"}, {'m', "{zqshown}"},
                                                       {'t', "{zqshown}"},  {'e', "{zqshown}"},  {'b', "{zqshown}"},
                                                       {'w', "{7}"},        {'v', "{zqraw}"},    {'n', "{zqdropped}"},
                                                       {'l', "3.5pt"},      {'c', "\\zqname"},   {'s', "*"}};
  std::string out = "\\" + std::string(command.name);
  for (char kind : command.arguments) out += kSamples.at(kind);
  return out;
}

// Names that are words of their own meaning: log, \LaTeX, \etc.
bool may_say_its_name(const Command& command) {
  return command.action == Action::function || command.action == Action::word || command.action == Action::degree ||
         command.meaning.find(command.name) != std::string_view::npos;
}

std::vector<std::string> words(const std::string& s) {
  std::vector<std::string> out(1);
  for (char c : s) {
    if (is_letter(c))
      out.back() += c;
    else if (!out.back().empty())
      out.emplace_back();
  }
  return out;
}

std::size_t count_word(const std::string& s, std::string_view word) {
  std::size_t n = 0;
  for (const auto& w : words(s)) n += w == word ? 1 : 0;
  return n;
}

TEST(Commands, AreAThousandAndMoreAndEachStandsOnce) {
  EXPECT_GT(all_commands().size(), 3000U);
  std::set<std::string_view> names;
  for (const auto& command : all_commands()) {
    EXPECT_TRUE(names.insert(command.name).second) << command.name;
    if (!command.name.starts_with("unit:"))
      EXPECT_EQ(command.arguments.find_first_not_of("sodmtebwvnlc"), std::string_view::npos) << command.name;
  }
}

TEST(Commands, OfEveryMathPackageAreKnown) {
  for (const char* name :
       {"frac",         "operatorname", "xrightarrow",    "substack", "genfrac",    "unicode",      "ce",
        "SI",           "qty",          "braket",         "cancel",   "upalpha",    "coloneqq",     "textdegree",
        "ding",         "hyperref",     "texorpdfstring", "mathbbm",  "bmod",       "varkappa",     "Subset",
        "underbracket", "cfrac",        "sideset",        "buildrel", "mathchoice", "romannumeral", "verb",
        "pdv",          "ion"})
    EXPECT_NE(find_command(name), nullptr) << name;
  for (const char* name : {"eqnarray", "multline*", "pmatrix", "cases", "array", "alignat", "tabular", "CD"})
    EXPECT_NE(find_environment(name), nullptr) << name;
  EXPECT_EQ(find_command("zqunheardof"), nullptr);
}

TEST(Commands, NeverShowTheirNameALengthAnOptionOrADroppedArgument) {
  for (const auto& command : all_commands()) {
    if (!is_plain_command(command)) continue;
    for (const std::string& frame : {std::string("before @ after"), std::string("before $x @ y$ after")}) {
      auto tex = frame;
      tex.replace(tex.find('@'), 1, call(command));
      auto shown = to_display(tex, Mode::abstract);
      EXPECT_EQ(shown.find("\\" + std::string(command.name)), std::string::npos) << tex << " → " << shown;
      if (!may_say_its_name(command)) EXPECT_EQ(count_word(shown, command.name), 0U) << tex << " → " << shown;
      for (const char* dropped : {"zqdropped", "3.5pt", "zqname"})
        EXPECT_EQ(shown.find(dropped), std::string::npos) << tex << " → " << shown;
      bool wants_option = command.meaning.find('#') != std::string_view::npos || command.action != Action::text;
      if (!wants_option) EXPECT_EQ(shown.find("zqoption"), std::string::npos) << tex << " → " << shown;
      EXPECT_NE(shown.find("before"), std::string::npos) << tex << " → " << shown;
    }
  }
}

// What is known and stands in real titles and abstracts does not reach the reader as a command or as its name.
TEST(Commands, OfRealPapersAreAllRead) {
  std::ifstream in(std::string(BROADSHEET_SHARED) + "/arxiv/corpus/sample-1000.jsonl");
  if (!in) GTEST_SKIP() << "no shared folder";
  std::string line;
  std::size_t used = 0;
  while (std::getline(in, line)) {
    auto paper = nlohmann::json::parse(line);
    for (const char* field : {"title", "abstract"}) {
      auto tex = paper.value(field, std::string());
      auto shown = to_display(tex, Mode::abstract);
      std::map<std::string, std::size_t> uses;
      auto prose = tex;
      for (std::size_t at = 0; (at = prose.find('\\', at)) != std::string::npos; ++at) {
        auto end = at + 1;
        while (end < prose.size() && is_letter(prose[end])) ++end;
        auto name = prose.substr(at + 1, end - at - 1);
        if (name.size() > 1 && find_command(name) != nullptr) ++uses[name];
        prose.replace(at, end - at, " ");
      }
      for (const auto& [name, n] : uses) {
        used += n;
        EXPECT_EQ(shown.find("\\" + name), std::string::npos) << paper["id"] << " " << name;
        if (!may_say_its_name(*find_command(name)) && name != "in")
          EXPECT_LE(count_word(shown, name), count_word(prose, name)) << paper["id"] << " " << name;
      }
    }
  }
  EXPECT_GT(used, 1000U);
}

}  // namespace
}  // namespace broadsheet::latex
