// Comments cite the rules that code rests on: "contracts: Slack 9", "design: reliability P6, F04". Each must be found
// in docs/platforms or docs/rules.md, so that nobody has to look outside the repository.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <string>
#include <vector>

namespace broadsheet {
namespace {

namespace fs = std::filesystem;

const fs::path kRoot(BROADSHEET_SOURCE);
const std::vector<std::string> kPlatforms = {"arXiv", "Slack", "Matrix", "Telegram", "Models"};

std::string read(const fs::path& file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string lower(std::string text) {
  for (auto& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

std::set<std::string> matches(const std::string& text, const std::string& pattern) {
  std::set<std::string> out;
  std::regex wanted(pattern);
  for (std::sregex_iterator at(text.begin(), text.end(), wanted), end; at != end; ++at) out.insert((*at)[1].str());
  return out;
}

// "Slack 9", "reliability P6": everything that can be cited, and the bare names.
std::set<std::string> known() {
  std::set<std::string> out;
  for (const auto& platform : kPlatforms) {
    out.insert(platform);
    auto page = read(kRoot / "docs/platforms" / (lower(platform) + ".md"));
    for (const auto& number : matches(page, "#+ ([0-9]+(?:\\.[0-9]+)?) ")) out.insert(platform + " " + number);
  }
  auto rules = read(kRoot / "docs/rules.md");
  for (const auto& name : matches(rules, "\n## ([a-z ]+)")) out.insert(name);
  for (const auto& rule : matches(rules, "\\*\\*([a-z]+ [A-Z]?[0-9][0-9a-z.]*)\\*\\*")) out.insert(rule);
  for (const auto& fault : matches(rules, "\\*\\*(?:reliability )?(F[0-9]+)\\*\\*")) out.insert("reliability " + fault);
  return out;
}

// A comment's lines joined, so that a citation may be broken over two.
std::string comments(const std::string& source) {
  return std::regex_replace(source, std::regex("\n *// *"), " ");
}

// "reliability P6-P9, F04" -> reliability P6, reliability P9, reliability F04
std::vector<std::string> parts(const std::string& name, const std::string& numbers) {
  std::vector<std::string> out;
  for (const auto& number : matches(numbers, "([A-Z]?[0-9]+(?:\\.[0-9]+|[a-z])?)")) out.push_back(name + " " + number);
  if (out.empty()) out.push_back(name);
  return out;
}

TEST(Citations, AreFoundInTheRepository) {
  const auto rules = known();
  const std::regex citation(
      "(?:contracts|design|spec): ([A-Za-z]+(?: formats)?)"
      "((?: [A-Z]?[0-9]+(?:\\.[0-9]+|[a-z])?(?:(?:-|, | and )[A-Z]?[0-9]+(?:\\.[0-9]+|[a-z])?)*)?)");
  std::size_t checked = 0;
  for (const char* top : {"adapters", "bot", "config", "digest", "tests"})
    for (const auto& entry : fs::recursive_directory_iterator(kRoot / top)) {
      auto extension = entry.path().extension();
      if ((extension != ".cpp" && extension != ".hpp") || entry.path().filename() == "citations_test.cpp") continue;
      auto text = comments(read(entry.path()));
      for (std::sregex_iterator at(text.begin(), text.end(), citation), end; at != end; ++at)
        for (const auto& one : parts((*at)[1].str(), (*at)[2].str())) {
          ++checked;
          EXPECT_TRUE(rules.contains(one)) << fs::relative(entry.path(), kRoot).string() << " cites \"" << one
                                           << "\", which neither docs/platforms nor docs/rules.md has";
        }
    }
  EXPECT_GT(checked, 250U);
}

}  // namespace
}  // namespace broadsheet
