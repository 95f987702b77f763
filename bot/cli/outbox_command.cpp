// `outbox`: the operator's view of what is to be sent, also while the service runs.
#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "bot/app/admin.hpp"
#include "bot/app/store_options.hpp"
#include "bot/base/clock.hpp"
#include "bot/base/text.hpp"
#include "bot/cli/session.hpp"

namespace broadsheet::cli {
namespace {

using Json = nlohmann::ordered_json;
using model::OutboxRow;

struct Options {
  std::string state, target, reason;
  std::int64_t id = 0;
  std::size_t limit = 50;
  bool json = false, unknown = false;
};

Json row_json(const OutboxRow& row) {
  return {{"id", row.id},
          {"key", row.key.str()},
          {"target", row.target.str()},
          {"post", row.group},
          {"part", row.part},
          {"kind", std::string(to_string(row.kind))},
          {"state", std::string(to_string(row.state))},
          {"attempts", row.attempt},
          {"unknown_outcomes", row.times_unknown},
          {"due", to_iso(row.due)},
          {"expires", to_iso(row.expires)},
          {"remote_id", row.remote_id.str()},
          {"error", row.error}};
}

void print_row(const OutboxRow& row) {
  std::cout << "#" << row.id << "  " << to_string(row.state) << "  " << row.target.str() << "  part " << row.part
            << " (" << to_string(row.kind) << ")  due " << to_iso(row.due);
  if (row.attempt > 0) std::cout << "  attempts " << row.attempt;
  if (row.times_unknown > 0) std::cout << "  outcome unknown " << row.times_unknown << "×";
  if (!row.error.empty()) std::cout << "\n     " << row.error;
  std::cout << "\n";
}

void run_list(Session& session, const Options& o) {
  auto store = session.open_store(true);
  if (!store) return;
  store::Outbox::Filter filter;
  filter.limit = o.limit;
  filter.unknown_only = o.unknown;
  if (!o.state.empty()) filter.state = model::parse_row_state(o.state);
  if (!o.target.empty()) {
    auto target = model::Target::parse(o.target);
    if (!target) return session.fail(kUsage, target.error().what());
    filter.target = *target;
  }
  auto rows = store->outbox().list(filter);
  auto counts = store->outbox().counts();
  if (!rows || !counts) return session.fail(rows ? counts.error() : rows.error());
  if (o.json) {
    auto out = Json::array();
    for (const auto& row : *rows) out.push_back(row_json(row));
    std::cout << out.dump(2) << "\n";
    return;
  }
  for (const auto& row : *rows) print_row(row);
  std::string summary;
  for (const auto& [state, n] : *counts)
    summary += (summary.empty() ? "" : " · ") + std::string(to_string(state)) + " " + std::to_string(n);
  std::cout << (summary.empty() ? "The outbox is empty." : summary) << "\n";
}

void run_show(Session& session, const Options& o) {
  auto store = session.open_store(true);
  if (!store) return;
  auto row = store->outbox().row(o.id);
  auto message = store->outbox().message(o.id);
  if (!row || !message) return session.fail(row ? message.error() : row.error());
  if (!*row) return session.fail(kFailed, "there is no message #" + std::to_string(o.id));
  if (o.json) {
    auto out = row_json(**row);
    if (*message) out["text"] = (*message)->message.preview;
    std::cout << out.dump(2, ' ', false, Json::error_handler_t::replace) << "\n";
    return;
  }
  print_row(**row);
  if (*message) std::cout << "\n" << (*message)->message.preview << "\n";
}

// In the store where nobody owns it, else by asking the service that does.
void change(Session& session, std::int64_t id, const std::string& action, const std::string& reason) {
  const auto* settings = session.settings();
  if (settings == nullptr) return;
  auto opened = store::open_store(app::store_options(*settings));
  Result<std::string> done = std::string();
  if (opened)
    done = app::change_outbox((*opened)->outbox(), id, action, reason, SystemClock().now());
  else if (opened.error().kind() == ErrorKind::busy)
    done = app::ask_service(*settings, "/admin/outbox/" + std::to_string(id) + "/" + action, reason);
  else
    done = opened.error();
  if (!done) return session.fail(done.error());
  std::cout << *done << "\n";
}

}  // namespace

void add_outbox_commands(CLI::App& app, Session& session) {
  auto o = std::make_shared<Options>();
  auto* outbox = app.add_subcommand("outbox", "What is to be sent, and what happened to it");
  outbox->require_subcommand(1);
  auto* list = outbox->add_subcommand("list", "Messages, newest first");
  list->add_option("--state", o->state, "Only these")
      ->check(CLI::IsMember({"pending", "sending", "ambiguous", "delivered", "expired", "dead"}))
      ->type_name("STATE");
  list->add_option("--target", o->target, "Only to this target")->type_name("TARGET");
  list->add_option("--limit", o->limit, "How many")
      ->check(CLI::Range(1, 10000).description("1 to 10000"))
      ->type_name("N");
  list->add_flag("--unknown", o->unknown, "Only those with a send whose outcome was not known");
  list->add_flag("--json", o->json, "For scripts");
  list->callback([&session, o] { run_list(session, *o); });
  auto* show = outbox->add_subcommand("show", "One message with its text");
  show->add_option("id", o->id, "Its number")->required()->type_name("NUMBER");
  show->add_flag("--json", o->json, "For scripts");
  show->callback([&session, o] { run_show(session, *o); });
  auto* retry = outbox->add_subcommand("retry", "Send it now");
  retry->add_option("id", o->id, "Its number")->required()->type_name("NUMBER");
  retry->callback([&session, o] { change(session, o->id, "retry", {}); });
  auto* drop = outbox->add_subcommand("drop", "Never send it");
  drop->add_option("id", o->id, "Its number")->required()->type_name("NUMBER");
  drop->add_option("--reason", o->reason, "Why, for the record")->type_name("TEXT");
  drop->callback([&session, o] { change(session, o->id, "drop", o->reason); });
}

}  // namespace broadsheet::cli
