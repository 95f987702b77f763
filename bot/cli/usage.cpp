#include "bot/cli/usage.hpp"

#include <CLI/CLI.hpp>
#include <vector>

#include "bot/base/text.hpp"

namespace broadsheet::cli {
namespace {

// How far the words were understood.
const CLI::App* reached(const CLI::App* app) {
  for (auto inner = app->get_subcommands(); !inner.empty(); inner = app->get_subcommands()) app = inner.front();
  return app;
}

std::vector<std::string> command_names(const CLI::App& app) {
  std::vector<std::string> out;
  for (const auto* command : app.get_subcommands({})) out.push_back(command->get_name());
  return out;
}

std::vector<std::string> option_names(const CLI::App* app) {
  std::vector<std::string> out;
  for (; app != nullptr; app = app->get_parent())
    for (const auto* option : app->get_options())
      for (const auto& name : option->get_lnames()) out.push_back("--" + name);
  return out;
}

std::string near(const std::string& word, const std::vector<std::string>& names) {
  auto found = text::nearest(word, names);
  return found.empty() ? std::string() : "; near: " + found;
}

std::string no_command(const CLI::App& app, const std::vector<std::string>& rest) {
  auto names = command_names(app);
  if (rest.empty() || rest.front().starts_with("-")) return "a command is missing: " + text::join(names, ", ");
  return "there is no command \"" + text::ellipsize(rest.front(), 40) + "\"" + near(rest.front(), names);
}

std::string unknown(const CLI::App& app, const std::vector<std::string>& rest) {
  const auto& word = rest.front();
  auto shown = "\"" + text::ellipsize(word, 40) + "\"";
  if (!word.starts_with("-")) return shown + " is one word too many";
  auto option = word.substr(0, word.find('='));
  auto out = "there is no option " + shown + near(option, option_names(&app));
  return app.get_name() == "search" ? out + "; a query with -word goes after --" : out;
}

// CLI11 says "Could not convert: id = abc".
std::string not_a_number(const std::string& said) {
  auto colon = said.find(": "), equals = said.find(" = ");
  if (colon == std::string::npos || equals == std::string::npos) return said;
  auto typed = text::ellipsize(said.substr(equals + 3), 40);
  return said.substr(colon + 2, equals - colon - 2) + ": \"" + typed + "\" is not a number it takes";
}

std::string sentence(const CLI::App& app, const CLI::App& command, const CLI::ParseError& error) {
  auto rest = app.remaining(true);
  if (dynamic_cast<const CLI::RequiredError*>(&error) != nullptr && !command_names(command).empty())
    return no_command(command, rest);
  if (dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr && !rest.empty()) return unknown(command, rest);
  if (dynamic_cast<const CLI::ConversionError*>(&error) != nullptr) return not_a_number(error.what());
  return error.what();
}

}  // namespace

std::string usage_error(const CLI::App& app, const CLI::ParseError& error) {
  const auto* command = reached(&app);
  std::string words = "broadsheet";
  if (command != &app) {
    std::string path;
    for (const auto* at = command; at != &app; at = at->get_parent()) path = " " + at->get_name() + path;
    words += path;
  }
  return "broadsheet: " + sentence(app, *command, error) + "\nHelp: " + words + " --help\n";
}

}  // namespace broadsheet::cli
