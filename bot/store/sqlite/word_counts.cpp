#include "bot/store/sqlite/word_counts.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <vector>

#include "bot/base/text.hpp"
#include "bot/store/sqlite/index_build.hpp"

namespace broadsheet::store {
namespace {

using Steady = std::chrono::steady_clock;

constexpr std::size_t kRemembered = 50'000;  // words
constexpr double kPapersPerFrequent = 3000;  // a word of more than one paper in so many is frequent
constexpr double kLeastFrequent = 20;
constexpr auto kStep = std::chrono::milliseconds(10);
constexpr std::size_t kPiece = 60'000;  // bytes; a stored value has at most 64 KiB
constexpr const char* kName = "store.words";

double number(std::string_view s) {
  std::int64_t n = 0;
  std::from_chars(s.data(), s.data() + s.size(), n);
  return static_cast<double>(n);
}

}  // namespace

Result<std::string> WordCounts::get(const std::string& name) {
  auto found = statements_.get("SELECT value FROM named_values WHERE name=?");
  if (!found) return found.error();
  Use s(**found);
  s->bind(1, name);
  int code = s->step();
  if (code == SQLITE_ROW) return std::string(s->text(0));
  if (code == SQLITE_DONE) return std::string();
  return db_.error(code);
}

Status WordCounts::put(const std::string& name, const std::string& value) {
  auto found = statements_.get(
      "INSERT INTO named_values VALUES(?, CAST(? AS BLOB)) ON CONFLICT(name) DO UPDATE SET value=excluded.value");
  if (!found) return found.error();
  Use s(**found);
  s->bind(1, name).bind(2, value);
  return db_.finish(s->step());
}

// "store.words" holds the number of pieces; "store.words.0" and so on lines of a word and its count.
Status WordCounts::load() {
  auto pieces = get(kName);
  if (!pieces) return pieces.error();
  for (int i = 0; i < static_cast<int>(number(*pieces)); ++i) {
    auto piece = get(std::string(kName) + "." + std::to_string(i));
    if (!piece) return piece.error();
    for (auto line : text::split(*piece, '\n')) {
      auto space = line.find(' ');
      if (space != std::string_view::npos) counts_.emplace(line.substr(0, space), number(line.substr(space + 1)));
    }
  }
  learned_ = !counts_.empty();
  return {};
}

Status WordCounts::keep() {
  std::vector<std::pair<std::string, double>> sorted(frequent_.begin(), frequent_.end());
  std::sort(sorted.begin(), sorted.end());
  std::vector<std::string> pieces(1);
  for (const auto& [word, count] : sorted) {
    auto line = word + " " + std::to_string(static_cast<std::int64_t>(count)) + "\n";
    if (pieces.back().size() + line.size() > kPiece) pieces.emplace_back();
    pieces.back() += line;
  }
  Transaction tx(db_);
  if (auto begun = tx.begin(); !begun) return begun;
  for (std::size_t i = 0; i < pieces.size(); ++i)
    if (auto done = put(std::string(kName) + "." + std::to_string(i), pieces[i]); !done) return done;
  if (auto done = put(kName, std::to_string(pieces.size())); !done) return done;
  return tx.commit();
}

Result<double> WordCounts::papers() {
  if (papers_ == 0) {
    auto n = IndexBuild::indexed(db_);
    if (!n) return n.error();
    papers_ = static_cast<double>(*n);
  }
  if (static_cast<double>(written_) > papers_ / 10) {
    learn_anew();
    counts_.clear();
  }
  return papers_;
}

void WordCounts::written(std::size_t papers) {
  written_ += papers;
  if (papers_ > 0) papers_ += static_cast<double>(papers);
}

Result<double> WordCounts::of(const std::string& word) {
  if (auto known = counts_.find(word); known != counts_.end()) return known->second;
  auto found = statements_.get("SELECT doc FROM temp.terms WHERE term=?");
  if (!found) return found.error();
  Use s(**found);
  s->bind(1, word);
  int code = s->step();
  if (code != SQLITE_ROW && code != SQLITE_DONE) return db_.error(code);
  double count = code == SQLITE_ROW ? static_cast<double>(s->integer(0)) : 0;
  if (counts_.size() < kRemembered * 2) counts_[word] = count;
  return count;
}

void WordCounts::learn_anew() {
  learned_ = false;
  last_.clear();
  frequent_.clear();
  written_ = 0;
}

Status WordCounts::learn() {
  auto all = papers();
  if (!all) return all.error();
  if (learned_) return {};
  auto least = std::max(kLeastFrequent, *all / kPapersPerFrequent);
  auto found = statements_.get("SELECT term, doc FROM temp.terms WHERE term > ? ORDER BY term");
  if (!found) return found.error();
  {
    Use s(**found);
    auto after = last_;
    s->bind(1, after);
    auto end = Steady::now() + kStep;
    int code = s->step();
    for (; code == SQLITE_ROW; code = s->step()) {
      last_ = s->text(0);
      auto count = static_cast<double>(s->integer(1));
      if (count >= least && frequent_.size() < kRemembered) frequent_[last_] = count;
      if (Steady::now() > end) return {};
    }
    if (code != SQLITE_DONE) return db_.error(code);
  }
  counts_ = frequent_;
  if (auto kept = keep(); !kept) return kept;
  frequent_.clear();
  learned_ = true;
  return {};
}

}  // namespace broadsheet::store
