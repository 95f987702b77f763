// `render-text` and `analyse`: the text machinery on standard input, one JSON value a line.
#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "bot/cli/session.hpp"
#include "digest/latex/display.hpp"
#include "digest/present/key_findings.hpp"
#include "digest/write/analyse.hpp"

namespace broadsheet::cli {
namespace {

constexpr std::size_t kLongestLine = std::size_t{4} << 20;

void refuse_line(Session& session, std::size_t line, const std::string& why) {
  session.fail(kRefused, "standard input:" + std::to_string(line) + ": " + why);
}

void run_render_text(Session& session, const std::string& mode_name) {
  auto mode = latex::Mode::abstract;
  if (mode_name == "title") mode = latex::Mode::title;
  if (mode_name == "author") mode = latex::Mode::author;
  std::string line;
  for (std::size_t n = 1; std::getline(std::cin, line); ++n) {
    if (line.size() > kLongestLine) return refuse_line(session, n, "line longer than 4 MiB");
    auto value = nlohmann::json::parse(line, nullptr, false);
    if (!value.is_string()) return refuse_line(session, n, "not a JSON string");
    std::cout << nlohmann::json(latex::to_display(value.get_ref<const std::string&>(), mode)).dump() << "\n";
  }
}

void run_analyse(Session& session) {
  std::string line;
  for (std::size_t n = 1; std::getline(std::cin, line); ++n) {
    if (line.size() > kLongestLine) return refuse_line(session, n, "line longer than 4 MiB");
    auto answer = write::analyse_line(line, present::key_findings_compat);
    if (!answer) return refuse_line(session, n, answer.error().what());
    std::cout << *answer << "\n";
  }
}

}  // namespace

void add_text_commands(CLI::App& app, Session& session) {
  auto* render = app.add_subcommand("render-text", "LaTeX to display text: one JSON string a line in, one out");
  auto mode = std::make_shared<std::string>("abstract");
  render->add_option("--mode", *mode, "What the text is")
      ->check(CLI::IsMember({"title", "author", "abstract"}))
      ->type_name("MODE");
  render->callback([&session, mode] { run_render_text(session, *mode); });

  auto* analyse = app.add_subcommand("analyse", "What the extractive writer sees: JSON lines in, JSON lines out");
  analyse->footer(R"(Input: {"title", "abstract"} or {"title", "sentences": […]})");
  analyse->callback([&session] { run_analyse(session); });
}

}  // namespace broadsheet::cli
