// Everything that is written from the table: syntax, menus, the manifest's hint, docs/commands.md.
#include "bot/base/text.hpp"
#include "bot/commands/errors.hpp"
#include "bot/commands/spec.hpp"

namespace broadsheet::commands {
namespace {

std::string who(model::Role role) {
  switch (role) {
    case model::Role::operator_:
      return "operators";
    case model::Role::manager:
      return "channel managers";
    case model::Role::member:
      return "members";
    default:
      return "everybody";
  }
}

std::string seen_by(Visible visible) {
  switch (visible) {
    case Visible::asker:
      return "only you";
    case Visible::asker_or_posted:
      return "only you; everybody with `post`";
    case Visible::channel:
      return "a short line for the channel, the details for you";
  }
  return {};
}

// In a table cell a bar would end the cell.
std::string cell(std::string_view s) {
  std::string out;
  for (char c : s) out += c == '|' ? std::string("\\|") : std::string(1, c);
  return out;
}

std::string chapter(const CommandSpec& command) {
  std::string out = "## " + std::string(command.name) + "\n\n" + std::string(command.help) + ".\n\n";
  out += "```\n" + syntax(command) + "\n```\n\n";
  out += "- For: " + who(command.role) + " · seen by: " + seen_by(command.visible) + "\n";
  if (!command.aliases.empty()) {
    std::string names;
    for (auto alias : text::split(command.aliases, ' '))
      names += (names.empty() ? "`" : ", `") + std::string(alias) + "`";
    out += "- Also: " + names + "\n";
  }
  out += "- Examples:";
  for (auto example : command.examples)
    out += " `" + std::string(example) + "`" + (example == command.examples.back() ? "\n" : " ·");
  if (command.options.empty()) return out + "\n";
  out += "\n| option | values | meaning |\n|---|---|---|\n";
  for (auto key : command.options) {
    const auto& option = spec_of(key);
    auto name = option.kind == OptionKind::flag ? std::string(option.name) : std::string(option.name) + ":";
    out += "| `" + name + "` | " + cell(option.allowed) + " | " + cell(in_place(option.help, "channel")) + " |\n";
  }
  return out + "\n";
}

}  // namespace

std::string syntax(const CommandSpec& command, std::string_view place) {
  std::string out(command.name);
  if (!command.arguments_text.empty()) out += " " + in_place(command.arguments_text, place);
  return out;
}

std::vector<MenuEntry> menu(model::Role role) {
  std::vector<MenuEntry> out;
  for (const auto& row : commands())
    if (row.listed && row.role <= role) out.push_back({std::string(row.telegram), std::string(row.help)});
  return out;
}

std::string usage_hint() {
  return std::string(spec_of(Command::digest).examples.front()) + " · " +
         std::string(spec_of(Command::paper).examples.front()) + " · help";
}

std::string documentation() {
  std::string out =
      "# Commands\n\n"
      "Made from the command table (`bot/commands/table.cpp`); a test keeps it up to date.\n\n"
      "Slack: `/arxiv <command> …` · Matrix: `!arxiv <command> …` · Telegram: `/<command> …`. In a direct "
      "conversation\n"
      "the bare command is enough. Upper and lower case are the same; options are written `key:value`, `key=value` or\n"
      "`--key value`, with quotes around spaces.\n\n"
      "- **Categories**: `cs.CL`, an archive (`cs`), a group (`physics`) or a short name (`nlp`); several with spaces "
      "or "
      "commas.\n"
      "- **Papers**: an id with or without version, `arXiv:…`, a link or DOI; `#3` is the third card of the last "
      "digest "
      "here.\n"
      "- **Days** are days of announcement: `latest`, `today`, `yesterday`, `friday`, `2026-09-18`, "
      "`2026-09-14..2026-09-18`,\n  `7d`, `last week`; at most 31.\n"
      "- **Queries**: words (all must occur, in any inflection), `\"a phrase\"`, `-word` or `NOT`, `OR`, `word*`, "
      "`ti:` `au:` `abs:` `all:` (or `title:` `author:` `abstract:`), `cat:` with a category or an archive, `id:` "
      "`from:` `to:` `has:code`.\n\n";
  for (const auto& row : commands())
    if (row.listed) out += chapter(row);
  out.pop_back();
  return out;
}

}  // namespace broadsheet::commands
