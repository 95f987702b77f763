// `version`: version, commit, build type and libraries.
#include <openssl/crypto.h>
#include <sqlite3.h>

#include <CLI/CLI.hpp>
#include <boost/version.hpp>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "bot/base/text.hpp"
#include "bot/cli/session.hpp"
#include "version_info.hpp"

namespace broadsheet::cli {

void add_version_command(CLI::App& app, Session& /*session*/) {
  app.set_version_flag("--version", "broadsheet " + std::string(kVersion), "Version");
  app.add_subcommand("version", "Version, commit, build type and libraries")->callback([] {
    std::cout << "broadsheet " << kVersion << "\n"
              << "commit     " << kCommit << "\n"
              << "build      " << kBuildType << ", " << kCompiler << "\n"
              << "boost      " << BOOST_VERSION / 100000 << "." << BOOST_VERSION / 100 % 1000 << "."
              << BOOST_VERSION % 100 << "\n"
              << "openssl    " << OpenSSL_version(OPENSSL_VERSION_STRING) << "\n"
              << "sqlite     " << sqlite3_libversion() << "\n"
              << "json       " << NLOHMANN_JSON_VERSION_MAJOR << "." << NLOHMANN_JSON_VERSION_MINOR << "."
              << NLOHMANN_JSON_VERSION_PATCH << "\n";
  });
}

// `help digest` as `digest --help`.
void add_help_command(CLI::App& app, Session& session) {
  auto words = std::make_shared<std::vector<std::string>>();
  auto* help = app.add_subcommand("help", "What the commands are, or how one is used");
  help->add_option("command", *words, "Whose help")->type_name("COMMAND");
  help->callback([&app, &session, words] {
    const auto* command = &app;
    for (const auto& word : *words) {
      auto all = command->get_subcommands([&word](const CLI::App* one) { return one->get_name() == word; });
      if (all.empty()) return session.fail(kUsage, "there is no command \"" + word + "\"; `broadsheet help` lists all");
      command = all.front();
    }
    std::cout << command->help(command == &app ? "" : "broadsheet " + text::join(*words, " "));
  });
}

}  // namespace broadsheet::cli
