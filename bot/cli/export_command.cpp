// `export`: stored digests in any form of `digest`, oldest first.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <memory>

#include "bot/base/clock.hpp"
#include "bot/cli/formats.hpp"
#include "bot/cli/session.hpp"

namespace broadsheet::cli {
namespace {

constexpr std::size_t kMostDigests = 10000;

struct ExportOptions {
  std::string date, category, format = "text", out;
};

// A table row holds a translation and a first author: too little for the long form.
bool can_write(const store::DigestRef& ref, const std::string& format) {
  return ref.imported != "f2" || (format != "f1" && format != "bibtex" && format != "ris" && format != "csl");
}

void run_export(Session& session, const ExportOptions& options) {
  const auto* settings = session.settings();
  if (settings == nullptr) return;
  auto zone = Zone::find(settings->service.time_zone).value_or(Zone::utc());
  auto day = parse_date(options.date, SystemClock().now(), zone);
  if (!day) return session.fail(kUsage, day.error().what());
  std::optional<Category> category;
  if (!options.category.empty()) {
    auto parsed = parse_categories({options.category});
    if (!parsed) return session.fail(kUsage, parsed.error().what());
    if (parsed->size() != 1) return session.fail(kUsage, "--category takes one category");
    category = parsed->front();
  }
  auto store = session.open_store(true);
  if (!store) return;
  auto refs = store->digests().list(*day, category, kMostDigests);
  if (!refs) return session.fail(refs.error());
  std::reverse(refs->begin(), refs->end());
  std::vector<Digest> digests;
  for (const auto& ref : *refs) {
    if (!can_write(ref, options.format)) {
      std::cerr << "broadsheet: " << ref.key.str() << " came from a table (F2) and cannot be written as "
                << options.format << "; left out\n";
      continue;
    }
    auto digest = store->digests().get(ref.key);
    if (!digest) return session.fail(digest.error());
    if (*digest) digests.push_back(std::move(**digest));
  }
  if (refs->empty())
    return session.fail(kFailed, "no stored digest fits; `broadsheet import` brings digests in, `serve` builds them");
  if (digests.empty()) return session.fail(kFailed, "nothing is left to write");
  auto out = render_all(digests, options.format, settings->site());
  if (!out) return session.fail(kUsage, out.error().what());
  write_output(session, options.out, *out);
}

}  // namespace

void add_export_command(CLI::App& app, Session& session) {
  auto* command = app.add_subcommand("export", "Write stored digests");
  auto options = std::make_shared<ExportOptions>();
  command->add_option("--date", options->date, "Listing day: 2025-12-19, today, yesterday; all days when left out")
      ->type_name("DAY");
  command->add_option("--category", options->category, "Only digests of this category")->type_name("CATEGORY");
  command->add_option("--format", options->format, "Output form")
      ->check(CLI::IsMember(digest_formats()))
      ->type_name("FORMAT");
  command->add_option("--out", options->out, "File to write instead of standard output")->type_name("FILE");
  command->callback([&session, options] { run_export(session, *options); });
}

}  // namespace broadsheet::cli
