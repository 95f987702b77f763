// `version`: version, commit, build type and libraries.
#include <openssl/crypto.h>
#include <sqlite3.h>

#include <CLI/CLI.hpp>
#include <boost/version.hpp>
#include <iostream>
#include <nlohmann/json.hpp>

#include "bot/cli/session.hpp"
#include "version_info.hpp"

namespace broadsheet::cli {

void add_version_command(CLI::App& app, Session& /*session*/) {
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

}  // namespace broadsheet::cli
