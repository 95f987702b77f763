// What every command shares: global options, configuration loaded once, exit statuses, and the way errors are told.
#pragma once

#include <CLI/App.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "bot/base/result.hpp"
#include "bot/store/store.hpp"
#include "config/load.hpp"

namespace broadsheet::cli {

enum Exit : int { kDone = 0, kFailed = 1, kUsage = 2, kUnreachable = 3, kRefused = 4 };

class Session {
 public:
  std::string config_file;  // --config, or empty: the search order
  std::string log_level = "warning";
  std::string log_format = "text";
  int exit_code = kDone;

  // The configuration; loaded at the first call. On problems prints them all, sets the exit status and returns null.
  // Secrets that are not to be had count only where the command needs those of `section`.
  const config::Settings* settings(std::string_view section = {});
  // The same for who runs the service: all of what it will read is examined, and every secret counts.
  const config::Settings* service_settings();
  // What was found, also where there are settings.
  const std::vector<config::Problem>& problems();
  // Opens the store of the configuration. Prints the error and sets the exit status when it cannot.
  // `repair_later`: see store::OpenOptions.
  std::unique_ptr<store::Store> open_store(bool read_only, bool repair_later = false);

  // "broadsheet: <what>" on standard error, with the exit status that fits the error.
  void fail(const Error& error);
  void fail(int status, const std::string& sentence);
  // The same where bad input can only be the configuration's.
  void fail_to_start(const Error& error);

 private:
  bool print_problems(std::string_view section);

  std::optional<config::LoadOutcome> loaded_;
};

// Categories as typed (`cs.CL`, `nlp`, `cs`); an Error names the nearest ones.
Result<std::vector<Category>> parse_categories(const std::vector<std::string>& words);
// A listing day: 2025-12-19, today, yesterday, latest (nothing). Relative words count from `now` in `zone`.
Result<std::optional<Day>> parse_date(const std::string& word, Moment now, const Zone& zone);

// Writes to the file, or to standard output when the name is empty or "-". False after printing what went wrong.
bool write_output(Session& session, const std::string& file, const std::string& content, unsigned rights = 0644);

// Registration of every command.
void add_digest_command(CLI::App& app, Session& session);
void add_demo_command(CLI::App& app, Session& session);
void add_serve_command(CLI::App& app, Session& session);
void add_lookup_commands(CLI::App& app, Session& session);
void add_import_command(CLI::App& app, Session& session);
void add_export_command(CLI::App& app, Session& session);
void add_text_commands(CLI::App& app, Session& session);
void add_config_commands(CLI::App& app, Session& session);
void add_storage_commands(CLI::App& app, Session& session);
void add_outbox_commands(CLI::App& app, Session& session);
void add_slack_commands(CLI::App& app, Session& session);
void add_matrix_commands(CLI::App& app, Session& session);
void add_subscription_commands(CLI::App& app, Session& session);
void add_telegram_commands(CLI::App& app, Session& session);
void add_doctor_command(CLI::App& app, Session& session);
void add_version_command(CLI::App& app, Session& session);
void add_help_command(CLI::App& app, Session& session);

}  // namespace broadsheet::cli
