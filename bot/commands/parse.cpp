#include "bot/commands/parse.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "bot/base/text.hpp"
#include "bot/commands/dates.hpp"
#include "bot/commands/opening.hpp"
#include "bot/commands/options.hpp"
#include "bot/commands/words.hpp"
#include "bot/store/query.hpp"

namespace broadsheet::commands {
namespace {

constexpr std::size_t kLongestQuery = 1000;  // characters
constexpr std::size_t kLongestWord = 300;    // bytes
constexpr std::size_t kMostItems = 20;

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// "#3" or "3": a small number; 0 if it is none.
int ordinal(std::string_view s) {
  if (s.starts_with('#')) s.remove_prefix(1);
  int out = 0;
  if (s.empty() || s.size() > 4) return 0;
  auto [end, ec] = std::from_chars(s.data(), s.data() + s.size(), out);
  return ec == std::errc{} && end == s.data() + s.size() && out > 0 ? out : 0;
}

template <class T>
void add_once(std::vector<T>& list, const T& value) {
  if (std::find(list.begin(), list.end(), value) == list.end()) list.push_back(value);
}

// Words between arguments that say nothing.
bool is_filler(std::string_view word) {
  constexpr std::array<std::string_view, 9> kFillers = {"to", "for", "in", "of", "from", "and", "on", "the", "please"};
  return std::find(kFillers.begin(), kFillers.end(), word) != kFillers.end();
}

// A name cut from "key:value": letters and underscores only.
std::size_t key_length(std::string_view word) {
  auto end = word.find_first_of(":=");
  if (end == std::string_view::npos || end == 0) return 0;
  bool name = std::all_of(word.begin(), word.begin() + static_cast<std::ptrdiff_t>(end),
                          [](char c) { return is_letter(c) || c == '_'; });
  return name ? end : 0;
}

// Prefixes that look like keys and belong to a paper's id, an address or a list of days.
constexpr std::size_t kLongestReference = 12;  // words of a paper reference

bool is_own_prefix(std::string_view key) {
  constexpr std::array<std::string_view, 7> kOwn = {"http", "https", "arxiv", "doi", "oai", "weekly", "mailto"};
  return std::find(kOwn.begin(), kOwn.end(), text::lower_ascii(key)) != kOwn.end();
}

class Parser {
 public:
  Parser(const CommandSpec& spec, std::vector<Word> words, Day today)
      : spec_(spec), words_(std::move(words)), today_(today) {
    command_.command = spec.command;
    if (spec.command == Command::today) command_.options.style = Style::brief;
  }

  Parsed run() {
    while (at_ < words_.size() && !error_) {
      auto before = at_;
      if (!option() && !error_) positional();
      if (at_ == before && !error_) not_understood();
    }
    if (!error_) check_query();
    if (!error_) check_required();
    if (error_) return *error_;
    return command_;
  }

 private:
  bool takes(ArgumentKind kind) const {
    return std::any_of(spec_.arguments.begin(), spec_.arguments.end(), [&](const auto& a) { return a.kind == kind; });
  }
  const Word& word() const { return words_[at_]; }

  void fail(ErrorCode code, const std::vector<std::string>& fillings) {
    if (!error_) error_ = user_error(code, fillings);
  }

  // ---- options

  bool option() {
    const auto& typed = word();
    if (typed.quoted) return false;
    std::string_view name = typed.text;
    bool dashes = name.starts_with("--") && name.size() > 2;
    if (dashes) name.remove_prefix(2);
    auto end = key_length(name);
    if (end != 0) return keyed(name.substr(0, end), name.substr(end + 1), dashes);
    const auto* spec = find_option(spec_, name);
    if (spec == nullptr) {
      if (dashes) unknown_option(name);
      return false;
    }
    // A bare word of a query is part of the query: nothing is posted because somebody looks for "post".
    if (!dashes && takes(ArgumentKind::query)) return false;
    if (!dashes && spec->kind != OptionKind::flag) return bare_option(*spec);
    ++at_;
    set(*spec, spec->kind == OptionKind::flag ? std::string() : next_value());
    return true;
  }

  // "at 09:00", "top 5": without a colon, where the next word is such a value.
  bool bare_option(const OptionSpec& spec) {
    constexpr std::array kClear = {OptionKind::time, OptionKind::zone, OptionKind::days, OptionKind::number,
                                   OptionKind::choice};
    bool clear = std::find(kClear.begin(), kClear.end(), spec.kind) != kClear.end();
    if (!clear || at_ + 1 >= words_.size()) return false;
    auto tried = command_;
    if (apply_option(tried, spec, words_[at_ + 1].text)) return false;
    command_ = std::move(tried);
    at_ += 2;
    return true;
  }

  bool keyed(std::string_view key, std::string_view value, bool dashes) {
    const auto* spec = find_option(spec_, key);
    if (spec == nullptr) {
      bool own = takes(ArgumentKind::query) || takes(ArgumentKind::payload) || is_own_prefix(key);
      if (dashes || !own) unknown_option(key);
      return false;
    }
    std::string kept(value);
    ++at_;
    set(*spec, kept.empty() && spec->kind != OptionKind::flag ? next_value() : kept);  // "top: 5"
    return true;
  }

  std::string next_value() {
    if (at_ >= words_.size()) return {};
    return words_[at_++].text;
  }

  void set(const OptionSpec& spec, const std::string& value) {
    if (auto wrong = apply_option(command_, spec, value)) error_ = std::move(wrong);
  }

  void unknown_option(std::string_view name) {
    std::vector<std::string> names;
    for (auto key : spec_.options) names.emplace_back(spec_of(key).name);
    auto near = name.size() > 24 ? std::string() : text::nearest(name, names);
    fail(ErrorCode::bad_option,
         {std::string(spec_.name), names.empty() ? "no options" : "the options " + text::join(names, ", "),
          quoted_part(name), near, std::string(spec_.name)});
  }

  // ---- words without a key

  void positional() {
    for (const auto& argument : spec_.arguments)
      if (take(argument.kind) || error_) return;
    if (spec_.arguments.empty() || is_filler(text::lower_ascii(word().text)) || word().text.empty()) {
      ++at_;
      return;
    }
    not_understood();
  }

  bool take(ArgumentKind kind) {
    if (word().text.size() > kLongestWord && kind != ArgumentKind::query) return false;
    switch (kind) {
      case ArgumentKind::command:
        return take_command();
      case ArgumentKind::payload:
      case ArgumentKind::code:
        return take_code();
      case ArgumentKind::category:
        return take_categories();
      case ArgumentKind::paper:
        return take_papers();
      case ArgumentKind::date:
        return take_date();
      case ArgumentKind::time:
        return take_value(OptionKey::at, model::When::parse(word().text).has_value());
      case ArgumentKind::days:
        return take_value(OptionKey::days, model::Days::parse({word().text}).has_value());
      case ArgumentKind::item:
        return take_item();
      case ArgumentKind::query:
        command_.query += (command_.query.empty() ? "" : " ") + word().raw;
        ++at_;
        return true;
    }
    return false;
  }

  bool take_value(OptionKey key, bool fits) {
    if (!fits) return false;
    set(spec_of(key), word().text);
    ++at_;
    return true;
  }

  bool take_command() {
    std::string_view name = word().text;
    while (name.starts_with('/') || name.starts_with('!')) name.remove_prefix(1);
    ++at_;
    if (!command_.word.empty()) return true;
    if (const auto* found = find_command(name))
      command_.word = std::string(found->name);
    else
      fail(ErrorCode::unknown_command, {quoted_part(name), near_text(name)});
    return true;
  }

  // Kept only in the form that a deep link or a confirmation can have.
  bool take_code() {
    constexpr std::size_t kLongest = 64;
    const auto& s = word().text;
    bool plain = std::all_of(s.begin(), s.end(),
                             [](char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '_' || c == '-'; });
    if (command_.word.empty() && plain && s.size() <= kLongest) command_.word = s;
    ++at_;
    return true;
  }

  bool take_categories() {
    bool any = false;
    for (auto piece : text::split(word().text, ',')) {
      piece = text::trim(piece);
      if (piece.empty()) continue;
      ++named_;
      auto found = parse_category_words(piece);
      if (found.empty()) {
        if (any) bad_category(piece);
        return false;
      }
      any = true;
      for (const auto& category : found) add_once(command_.categories, category);
    }
    if (any && named_ > kMostCategories)
      fail(ErrorCode::bad_option, {std::string(spec_.name), "up to " + std::to_string(kMostCategories) + " categories",
                                   std::to_string(named_), "", std::string(spec_.name)});
    if (any) ++at_;
    return any;
  }

  // A stamp or a titled link that was cut at its blanks: "arXiv:2401.12345v2 [cs.CL] 3 Jan 2024".
  bool take_spaced_paper() {
    std::vector<std::string> rest;
    for (auto i = at_; i < words_.size() && rest.size() < kLongestReference; ++i) rest.push_back(words_[i].raw);
    auto found = parse_leading_reference(rest);
    if (!found || found->words < 2) return false;
    add_once(command_.papers, PaperReference{found->id, 0});
    at_ += found->words;
    return true;
  }

  bool take_papers() {
    if (take_spaced_paper()) return true;
    bool any = false;
    for (auto piece : text::split(word().text, ',')) {
      piece = text::trim(piece);
      if (piece.empty()) continue;
      PaperReference reference;
      if (piece.starts_with('#')) reference.card = ordinal(piece);
      if (auto id = parse_paper_reference(piece); id && reference.card == 0) reference.id = *id;
      if (reference == PaperReference{}) {
        if (any) fail(ErrorCode::bad_id, {quoted_part(piece)});
        return false;
      }
      any = true;
      add_once(command_.papers, reference);
    }
    if (command_.papers.size() > kMostPapers)
      fail(ErrorCode::bad_option, {std::string(spec_.name), "up to " + std::to_string(kMostPapers) + " papers",
                                   std::to_string(command_.papers.size()) + " or more", "", std::string(spec_.name)});
    if (any) ++at_;
    return any;
  }

  bool take_date() {
    auto reading = read_date(std::span(words_).subspan(at_), today_);
    if (reading.used == 0) return false;
    if (reading.wrong) fail(ErrorCode::bad_range, {quoted_part(word().text), reading.why});
    command_.dates = reading.range;
    at_ += reading.used;
    return true;
  }

  bool take_item() {
    if (text::lower_ascii(word().text) == "all") {
      command_.all = true;
      ++at_;
      return true;
    }
    bool any = false;
    for (auto piece : text::split(word().text, ',')) {
      piece = text::trim(piece);
      if (piece.empty()) continue;
      auto number = ordinal(piece);
      if (number == 0) {
        if (any) bad_category(piece);
        return false;
      }
      any = true;
      add_once(command_.items, number);
    }
    if (command_.items.size() > kMostItems)
      fail(ErrorCode::bad_option, {std::string(spec_.name), "up to " + std::to_string(kMostItems) + " subscriptions",
                                   std::to_string(command_.items.size()), "", std::string(spec_.name)});
    if (any) ++at_;
    return any;
  }

  // "09:00 Europe/Berlin": a zone's whole name needs no key.
  bool take_zone() {
    const auto& name = word().text;
    bool known = std::binary_search(Zone::names().begin(), Zone::names().end(), name);
    if (find_option(spec_, "tz") == nullptr || !known) return false;
    return take_value(OptionKey::time_zone, true);
  }

  // The word fits nothing: the error that helps most.
  void not_understood() {
    if (take_zone()) return;
    std::string_view s = word().text;
    bool digit = !s.empty() && s.front() >= '0' && s.front() <= '9';
    if (takes(ArgumentKind::time) && digit) return fail(ErrorCode::bad_time, {quoted_part(s)});
    if (takes(ArgumentKind::date) && digit) return fail(ErrorCode::bad_range, {quoted_part(s)});
    if (takes(ArgumentKind::paper)) return fail(ErrorCode::bad_id, {quoted_part(s)});
    auto piece = s.substr(0, s.find(','));
    bad_category(piece);
  }

  void bad_category(std::string_view piece) {
    fail(ErrorCode::bad_category, {quoted_part(piece), text::join(suggest_categories(piece), ", ")});
  }

  // ---- the whole

  void check_query() {
    if (!takes(ArgumentKind::query) || command_.query.empty()) return;
    if (auto length = text::code_points(command_.query); length > kLongestQuery)
      return fail(ErrorCode::too_long, {std::to_string(length), std::to_string(kLongestQuery)});
    auto query = store::parse_query(command_.query);
    if (!query) fail(ErrorCode::unsafe_filter, {quoted_part(command_.query), quoted_part(query.error().what(), 200)});
  }

  void check_required() {
    for (const auto& argument : spec_.arguments) {
      if (!argument.required) continue;
      if (argument.kind == ArgumentKind::category && command_.categories.empty()) return missing("a category");
      if (argument.kind == ArgumentKind::paper && command_.papers.empty()) return missing("an arXiv id or link");
      if (argument.kind == ArgumentKind::query && command_.query.empty()) return missing("words to look for");
      if (argument.kind == ArgumentKind::code && command_.word.empty()) return missing("the code that was shown");
    }
  }
  void missing(std::string_view what) {
    fail(ErrorCode::missing_arg,
         {std::string(spec_.name), std::string(what), "`" + std::string(spec_.examples.front()) + "`"});
  }

  const CommandSpec& spec_;
  std::vector<Word> words_;
  Day today_;
  std::size_t at_ = 0;
  std::size_t named_ = 0;  // categories, archives and groups that were typed
  ParsedCommand command_;
  std::optional<UserError> error_;
};

bool names_paper(const std::vector<Word>& words) {
  std::vector<std::string> all;
  for (const auto& word : words)
    if (all.size() < kLongestReference) all.push_back(word.raw);
  return parse_leading_reference(all).has_value();
}

// The papers that stand among other words.
std::vector<Word> linked_papers(const std::vector<Word>& words) {
  std::vector<Word> out;
  for (const auto& word : words)
    if (out.size() < kMostPapers && word.text.size() <= kLongestWord && parse_paper_reference(word.text))
      out.push_back(word);
  return out;
}

// "cs.CL today": a digest is asked for by what it is of.
bool names_digest(const Word& word, Day today) {
  if (word.text.size() > kLongestWord) return false;
  auto first = text::split(word.text, ',').front();
  return !parse_category_words(first).empty() || read_date(std::span(&word, 1), today).used != 0;
}

// "what is new today in cs.CL": a command's own name inside, if all that follows belongs to it.
std::optional<Parsed> command_inside(const std::vector<Word>& words, Day today) {
  constexpr std::size_t kFirst = 6;
  for (std::size_t i = 1; i < words.size() && i < kFirst; ++i) {
    const auto* spec = find_command(words[i].text);
    if (spec == nullptr || !spec->listed || spec->name != text::lower_ascii(words[i].text)) continue;
    auto rest = std::vector<Word>(words.begin() + static_cast<std::ptrdiff_t>(i) + 1, words.end());
    auto parsed = Parser(*spec, std::move(rest), today).run();
    if (std::holds_alternative<ParsedCommand>(parsed)) return parsed;
  }
  return std::nullopt;
}

// No command stands at the beginning: what comes nearest.
Parsed without_command(std::vector<Word> words, Day today) {
  const auto& paper = spec_of(Command::paper);
  if (names_paper(words)) return Parser(paper, std::move(words), today).run();
  if (auto papers = linked_papers(words); !papers.empty()) return Parser(paper, std::move(papers), today).run();
  if (names_digest(words.front(), today)) {
    auto parsed = Parser(spec_of(Command::digest), words, today).run();
    if (std::holds_alternative<ParsedCommand>(parsed)) return parsed;
  }
  if (auto found = command_inside(words, today)) return *found;
  auto first = std::string(command_word(words.front().text));
  return user_error(ErrorCode::unknown_command, {quoted_part(first), near_text(first), searchable(words)});
}

}  // namespace

Parsed parse(std::string_view text, Day today) {
  if (text.size() > kLongestInput)
    return user_error(ErrorCode::too_long,
                      {"more than " + std::to_string(kLongestInput), std::to_string(kLongestInput)});
  auto words = words_of(unwrapped(normalised(text)));
  auto said = drop_courtesies(words);
  if (words.empty() && said.thanks) return user_error(ErrorCode::thanked);
  if (words.empty()) {
    ParsedCommand out;
    if (said.greeting) out.command = Command::start;
    return out;
  }
  const auto* spec = find_command(command_word(words.front().text));
  if (spec == nullptr) return without_command(std::move(words), today);
  words.erase(words.begin());
  return Parser(*spec, std::move(words), today).run();
}

}  // namespace broadsheet::commands
