#include <algorithm>
#include <array>

#include "bot/base/text.hpp"
#include "bot/commands/spec.hpp"
#include "bot/model/option_table.hpp"

namespace broadsheet::commands {
namespace {

using model::Role;
using Kind = ArgumentKind;
using Key = OptionKey;
using std::chrono::seconds;

constexpr seconds kDigestDeadline{60};

// What a subscription has too is a row of its own table.
OptionSpec shared(Key key) {
  const auto& row = model::row_of(static_cast<model::OptionKey>(key));
  return {key, row.name, row.aliases, static_cast<OptionKind>(row.kind), row.allowed, row.help};
}

const auto& option_table() {
  static const std::array rows = {
      shared(Key::at),
      shared(Key::time_zone),
      shared(Key::days),
      shared(Key::top),
      shared(Key::style),
      shared(Key::language),
      shared(Key::keywords),
      shared(Key::interests),
      shared(Key::empty),
      shared(Key::thread),
      OptionSpec{Key::target, "target", "channel room chat in", OptionKind::place, "", "another {place} than this one"},
      OptionSpec{Key::sort, "sort", "order", OptionKind::choice, "relevance|new", "best or newest first"},
      OptionSpec{Key::count, "n", "count", OptionKind::number, "1-20", "how many results on a page"},
      OptionSpec{Key::page, "page", "", OptionKind::number, "1-50", "which page, of results or titles"},
      OptionSpec{Key::post, "post", "share", OptionKind::flag, "", "answer for everybody in the {place}"},
      OptionSpec{Key::apply, "apply", "", OptionKind::flag, "", "change the subscription that there is"},
      OptionSpec{Key::detail, "style", "", OptionKind::choice, "card|full", "with abstract and dates, or without"},
  };
  return rows;
}

const std::vector<CommandSpec>& table() {
  static const std::vector<CommandSpec> rows = {
      {Command::help,
       "help",
       "? h",
       "help",
       {{Kind::command}},
       {},
       Role::guest,
       Visible::asker,
       "What I can do, or how one command is used",
       "[command]",
       {"help", "help digest"}},
      {Command::start,
       "start",
       "",
       "start",
       {{Kind::payload}},
       {},
       Role::guest,
       Visible::asker,
       "First steps, and what is set up here",
       "",
       {"start", "start welcome"}},
      {Command::paper,
       "paper",
       "p show",
       "paper",
       {{Kind::paper, true}},
       {Key::detail, Key::post},
       Role::member,
       Visible::asker_or_posted,
       "One to five papers as cards",
       "<paper>… [style:card|full] [post]",
       {"paper 2401.12345", "paper hep-th/9901001 style:full"}},
      {Command::search,
       "search",
       "s find",
       "search",
       {{Kind::query, true}},
       {Key::sort, Key::count, Key::page, Key::post},
       Role::member,
       Visible::asker_or_posted,
       "Search the papers that are stored here",
       "<query> [sort:relevance|new] [n:5] [page:1] [post:yes]",
       {"search diffusion \"video editing\" -survey", "search ti:attention cat:cs.CL sort:new"}},
      {Command::digest,
       "digest",
       "d",
       "digest",
       {{Kind::category}, {Kind::date}},
       {Key::top, Key::style, Key::language, Key::keywords, Key::interests, Key::page, Key::post},
       Role::member,
       Visible::asker_or_posted,
       "The digest of any category and day",
       "[category…] [day] [top:10] [style:brief|cards|full|titles] [lang:en] [keywords:\"…\"] [interests:\"…\"] "
       "[page:1] [post]",
       {"digest cs.CL", "digest cs.CV cs.RO yesterday top:5 style:brief"},
       kDigestDeadline,
       true,
       Cost::build},
      {Command::today,
       "today",
       "latest",
       "today",
       {{Kind::category}},
       {Key::top, Key::post},
       Role::member,
       Visible::asker_or_posted,
       "The newest digest, in brief",
       "[category…] [top:10] [post]",
       {"today", "today cs.LG top:5"},
       kDigestDeadline,
       true,
       Cost::build},
      {Command::subscribe,
       "subscribe",
       "sub add",
       "subscribe",
       {{Kind::category, true}, {Kind::days}, {Kind::time}},
       {Key::at, Key::time_zone, Key::days, Key::top, Key::style, Key::language, Key::keywords, Key::interests,
        Key::empty, Key::thread, Key::target, Key::apply},
       Role::manager,
       Visible::channel,
       "Bring categories here every day",
       "<category…> [at:announce|09:00] [tz:Europe/Berlin] [days:weekdays] [top:10] [style:cards] [lang:en] "
       "[keywords:\"…\"] [interests:\"…\"] [empty:notice|silent] [thread:digest|category|off] [target:{place}] [apply]",
       {"subscribe cs.CL", "subscribe cs.CV cs.RO at:09:00 tz:Europe/Berlin days:mon,wed,fri top:5"}},
      {Command::unsubscribe,
       "unsubscribe",
       "unsub remove",
       "unsubscribe",
       {{Kind::item}, {Kind::category}},
       {Key::target},
       Role::manager,
       Visible::channel,
       "End subscriptions here",
       "[category…|#n|all] [target:{place}]",
       {"unsubscribe cs.CL", "unsubscribe #2"}},
      {Command::subscriptions,
       "subscriptions",
       "subs list",
       "subscriptions",
       {},
       {Key::target, Key::post},
       Role::member,
       Visible::asker_or_posted,
       "What is subscribed here, and when it comes next",
       "[target:{place}] [post]",
       {"subscriptions", "subscriptions post"}},
      {Command::status,
       "status",
       "",
       "status",
       {},
       {Key::post},
       Role::member,
       Visible::asker_or_posted,
       "Last announcements, last and next digest, what waits",
       "[post]",
       {"status", "status post"}},
      {Command::confirm,
       "confirm",
       "",
       "confirm",
       {{Kind::code, true}},
       {},
       Role::member,
       Visible::asker,
       "Confirm what was asked",
       "<code>",
       {"confirm abcd", "confirm wxyz"},
       seconds(10),
       false},
  };
  return rows;
}

bool has_word(std::string_view list, std::string_view word) {
  auto words = text::split(list, ' ');
  return !word.empty() && std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace

std::span<const CommandSpec> commands() {
  return table();
}

const CommandSpec& spec_of(Command command) {
  return *std::find_if(table().begin(), table().end(), [&](const auto& row) { return row.command == command; });
}

const CommandSpec* find_command(std::string_view word) {
  auto folded = text::lower_ascii(word);
  for (const auto& row : table())
    if (row.name == folded || row.telegram == folded || has_word(row.aliases, folded)) return &row;
  return nullptr;
}

std::vector<std::string> near_commands(std::string_view word) {
  constexpr std::size_t kNear = 2, kLongest = 24;
  if (word.empty() || word.size() > kLongest) return {};
  auto folded = text::lower_ascii(word);
  std::vector<std::pair<std::size_t, std::string>> ranked;
  for (const auto& row : table()) {
    if (!row.listed) continue;
    auto distance = text::edit_distance(folded, row.name, kNear);
    for (auto alias : text::split(row.aliases, ' '))
      if (alias.size() > 2 * kNear) distance = std::min(distance, text::edit_distance(folded, alias, kNear));
    if (distance <= kNear) ranked.emplace_back(distance, std::string(row.name));
  }
  std::stable_sort(ranked.begin(), ranked.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::string> out;
  for (std::size_t i = 0; i < ranked.size() && i < 3; ++i) out.push_back(ranked[i].second);
  return out;
}

std::span<const OptionSpec> options() {
  return option_table();
}

const OptionSpec& spec_of(OptionKey key) {
  return option_table().at(static_cast<std::size_t>(key));
}

const OptionSpec* find_option(const CommandSpec& command, std::string_view word) {
  auto folded = text::lower_ascii(word);
  for (auto key : command.options) {
    const auto& option = spec_of(key);
    if (option.name == folded || has_word(option.aliases, folded)) return &option;
  }
  return nullptr;
}

}  // namespace broadsheet::commands
