// The command table (spec: commands 1.1): names, arguments, roles, help and examples. Parser, help, menus and the
// documentation page are made from it; a new command is a row in table.cpp and a function in the router.
#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "bot/model/event.hpp"

namespace broadsheet::commands {

enum class Command : std::uint8_t {
  help,
  start,
  paper,
  search,
  digest,
  today,
  subscribe,
  unsubscribe,
  subscriptions,
  status,
  confirm,
};

// What a word without a key may be. A command's words are tried against its kinds in order.
enum class ArgumentKind : std::uint8_t { command, payload, category, paper, date, time, days, item, query, code };

struct Argument {
  ArgumentKind kind{};
  bool required = false;
};

// The first ten as in model::OptionKey, the kinds before `place` as in model::OptionKind: their rows are made there.
enum class OptionKey : std::uint8_t {
  at,
  time_zone,
  days,
  top,
  style,
  language,
  keywords,
  interests,
  empty,
  thread,
  target,
  sort,
  count,
  page,
  post,
  apply,
  detail,  // `style` of a single paper
};
enum class OptionKind : std::uint8_t { number, choice, time, zone, days, language, query, text, place, flag };

struct OptionSpec {
  OptionKey key{};
  std::string_view name;     // as help shows it: "top"
  std::string_view aliases;  // separated by spaces: "zone timezone"
  OptionKind kind{};
  std::string_view allowed;  // choices separated by '|', or "1-50"; else empty
  std::string_view help;
};

enum class Visible : std::uint8_t {
  asker,            // private
  asker_or_posted,  // private, public with `post`
  channel,          // a short public line, the details privately
};

// What it takes: each kind has an allowance of its own.
enum class Cost : std::uint8_t {
  look_up,  // of what is at hand
  build,    // may fetch and write
};

struct CommandSpec {
  Command command{};
  std::string_view name;
  std::string_view aliases;   // separated by spaces
  std::string_view telegram;  // flat name, lower case, at most 32 characters
  std::vector<Argument> arguments;
  std::vector<OptionKey> options;
  model::Role role = model::Role::member;
  Visible visible = Visible::asker;
  std::string_view help;            // one line
  std::string_view arguments_text;  // "<category…> [at:announce|09:00]"
  std::vector<std::string_view> examples;
  std::chrono::seconds deadline{10};
  bool listed = true;  // in help and menus
  Cost cost = Cost::look_up;
};

std::span<const CommandSpec> commands();
const CommandSpec& spec_of(Command command);
// By name, alias or flat name in any case; null if there is none.
const CommandSpec* find_command(std::string_view word);
// Names within two edits, nearest first, at most three.
std::vector<std::string> near_commands(std::string_view word);

std::span<const OptionSpec> options();
const OptionSpec& spec_of(OptionKey key);
// Among the options of a command; null if it has none of that name.
const OptionSpec* find_option(const CommandSpec& command, std::string_view word);

// "paper <paper>… [style:full|card] [post]"; `place` is what people call one: "room".
std::string syntax(const CommandSpec& command, std::string_view place = "channel");

struct MenuEntry {
  std::string command, description;
  bool operator==(const MenuEntry&) const = default;
};
// What somebody of that role may run, for menus of platforms that have them.
std::vector<MenuEntry> menu(model::Role role);
// One line for a slash command's manifest: "digest cs.CL · paper 2401.12345 · help".
std::string usage_hint();
// docs/commands.md, whole.
std::string documentation();

}  // namespace broadsheet::commands
