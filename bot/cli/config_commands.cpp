// `config check|show|example|schema|reference`.
#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "bot/app/fan_out.hpp"
#include "bot/cli/session.hpp"
#include "config/show.hpp"

namespace broadsheet::cli {

void add_config_commands(CLI::App& app, Session& session) {
  auto* command = app.add_subcommand("config", "Check and show the configuration");
  command->require_subcommand(1);
  command->add_subcommand("check", "Name every problem with file, line, key and the fix")->callback([&session] {
    const auto* settings = session.service_settings();
    if (settings == nullptr || !session.problems().empty())
      return session.fail(kUsage, std::to_string(session.problems().size()) +
                                      (session.problems().size() == 1 ? " problem" : " problems") +
                                      " in the configuration");
    auto lines = app::fan_out_lines(*settings);
    if (!lines) return session.fail(kUsage, lines.error().what());
    std::cout << "The configuration is good.\n";
    for (const auto& line : *lines) std::cout << line << "\n";
  });
  auto* show = command->add_subcommand("show", "The configuration as read, secrets as ***");
  auto effective = std::make_shared<bool>(false);
  show->add_flag("--effective", *effective, "With every default filled in");
  show->callback([&session, effective] {
    if (const auto* settings = session.settings()) std::cout << config::show(*settings, *effective);
  });
  command->add_subcommand("example", "A complete configuration file with comments")->callback([] {
    std::cout << config::example();
  });
  command->add_subcommand("reference", "Every key with its default and meaning, as Markdown")->callback([] {
    std::cout << config::reference();
  });
  command->add_subcommand("schema", "JSON Schema of the configuration")->callback([] {
    std::cout << config::json_schema() << "\n";
  });
}

}  // namespace broadsheet::cli
