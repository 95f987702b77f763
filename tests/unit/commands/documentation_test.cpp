// docs/commands.md is made from the table. BROADSHEET_WRITE_DOCS=1 writes it anew.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

#include "bot/commands/errors.hpp"
#include "bot/commands/spec.hpp"

namespace broadsheet::commands {
namespace {

TEST(Documentation, IsUpToDateWithTheTable) {
  std::string file = std::string(BROADSHEET_DOCS) + "/commands.md";
  if (std::getenv("BROADSHEET_WRITE_DOCS") != nullptr) std::ofstream(file) << documentation();
  std::ifstream in(file);
  std::string written{std::istreambuf_iterator<char>(in), {}};
  EXPECT_EQ(written, documentation()) << "run commands_test with BROADSHEET_WRITE_DOCS=1";
}

TEST(Documentation, NamesEveryCommandAndOption) {
  auto text = documentation();
  for (const auto& row : commands())
    EXPECT_EQ(text.find("## " + std::string(row.name) + "\n") != std::string::npos, row.listed) << row.name;
  for (const auto& option : options())
    EXPECT_NE(text.find(in_place(option.help, "channel")), std::string::npos) << option.name;
}

TEST(Documentation, SyntaxNamesEveryOptionOfACommand) {
  for (const auto& row : commands())
    for (auto key : row.options) {
      const auto& option = spec_of(key);
      EXPECT_NE(row.arguments_text.find(option.name), std::string::npos) << row.name << " " << option.name;
    }
}

TEST(UsageHint, IsShortAndMadeOfExamples) {
  EXPECT_EQ(usage_hint(), "digest cs.CL · paper 2401.12345 · help");
}

}  // namespace
}  // namespace broadsheet::commands
