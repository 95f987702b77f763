// Sentences of real abstracts, true and made false in a known way: how many of the false are caught, and how many of
// the true are refused. Needs the shared listing of a day.
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <functional>
#include <iostream>
#include <map>

#include "digest/build/file_listing.hpp"
#include "digest/model_writer/checks.hpp"
#include "digest/model_writer/prompts.hpp"

namespace broadsheet::model_writer {
namespace {

using Change = std::function<std::string(const std::string&)>;

std::string with_number_changed(const std::string& s) {
  auto at = s.find_first_of("12345678");
  if (at == std::string::npos) return {};
  auto out = s;
  ++out[at];
  return out;
}

// The last word with a capital inside becomes another name.
std::string with_name_changed(const std::string& s) {
  for (auto end = s.size(); end > 0;) {
    auto begin = s.find_last_of(' ', end - 1);
    begin = begin == std::string::npos ? 0 : begin + 1;
    auto word = s.substr(begin, end - begin);
    auto upper = [](unsigned char c) { return std::isupper(c) != 0; };
    auto plain = [](unsigned char c) { return std::isalpha(c) != 0; };
    if (word.size() > 3 && std::count_if(word.begin(), word.end(), upper) > 1 &&
        std::all_of(word.begin(), word.end(), plain))
      return s.substr(0, begin) + "Zor" + "Qix" + s.substr(end);
    if (begin == 0) break;
    end = begin - 1;
  }
  return {};
}

std::string with_direction_flipped(const std::string& s) {
  static const std::vector<std::pair<std::string, std::string>> kPairs = {{" outperforms ", " underperforms "},
                                                                          {" improves ", " degrades "},
                                                                          {" reduces ", " increases "},
                                                                          {" higher ", " lower "},
                                                                          {" lower ", " higher "},
                                                                          {" faster ", " slower "},
                                                                          {" increases ", " reduces "},
                                                                          {" better ", " worse "},
                                                                          {" fewer ", " more "},
                                                                          {" reducing ", " increasing "},
                                                                          {" improving ", " degrading "}};
  for (const auto& [from, to] : kPairs)
    if (auto at = s.find(from); at != std::string::npos) return s.substr(0, at) + to + s.substr(at + from.size());
  return {};
}

std::string without_stop(const std::string& s) {
  return s.substr(0, s.size() - 1);
}

struct Kind {
  const char* name;
  bool holds;
  Change change;
};
const std::vector<Kind> kKinds = {
    {"true", true, [](const std::string& s) { return s; }},
    {"number changed", false, with_number_changed},
    {"name changed", false, with_name_changed},
    {"direction flipped", false, with_direction_flipped},
    {"claim added", false, [](const std::string& s) { return without_stop(s) + ", for the first time."; }},
    {"praise added", false, [](const std::string& s) { return without_stop(s) + ", an impressive achievement."; }}};

TEST(Labelled, TheFalseAreCaughtAndTheTrueAreNotRefused) {
  auto file = std::string(BROADSHEET_SHARED) + "/arxiv/daily/2025-12-19.jsonl.zst";
  if (!std::filesystem::exists(file)) GTEST_SKIP() << "NOT RUN: no " << file;
  auto read = read_file_listings(file, {*Category::parse("cs.CV")}, std::nullopt, {});
  ASSERT_TRUE(read) << read.error().what();
  constexpr std::size_t kEach = 50;
  std::map<std::string, std::pair<std::size_t, std::size_t>> judged;  // right, all
  std::map<std::string, std::size_t> refused;
  for (const auto& batch : read->batches)
    for (const auto& paper : batch.papers) {
      auto source = Source::of(paper);
      for (const auto& kind : kKinds)
        for (std::size_t i = 0; i < source.sentences().size(); ++i) {
          auto& [right, all] = judged[kind.name];
          auto text = kind.change(source.sentences()[i]);
          if (text.empty() || all == (kind.holds ? 2 * kEach : kEach) || word_length(text) > 40) continue;
          auto found = check({text, {i + 1}}, source, {*find_language("en"), 45, card_prompt().text}, paper);
          if (kind.holds && found != Defect::none) ++refused[std::string(to_string(found)) + ": " + text];
          if (!kind.holds && found == Defect::none) std::cerr << kind.name << " passed: " << text << "\n";
          right += (found == Defect::none) == kind.holds ? 1 : 0;
          ++all;
          break;  // one of a kind from each paper
        }
    }
  std::size_t caught = 0, wrong = 0;
  for (const auto& [name, counts] : judged) {
    std::cerr << name << ": " << counts.first << " of " << counts.second << " judged right\n";
    if (name != "true") caught += counts.first, wrong += counts.second;
  }
  for (const auto& [text, times] : refused) std::cerr << "refused, " << text << "\n";
  EXPECT_GE(static_cast<double>(caught), 0.95 * static_cast<double>(wrong));
  auto [right, all] = judged["true"];
  EXPECT_GE(static_cast<double>(right), 0.95 * static_cast<double>(all));
}

}  // namespace
}  // namespace broadsheet::model_writer
