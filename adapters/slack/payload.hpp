// What Slack sends, in the product's words: slash commands, interactivity, events, and the envelopes of Socket Mode
// around them (contracts: Slack 3, 4, 5, 6). Everything in it is untrusted; the readers are pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/slack/form.hpp"
#include "adapters/slack/views.hpp"
#include "bot/base/result.hpp"
#include "bot/model/event.hpp"

namespace broadsheet::slack {

enum class Want : std::uint8_t {
  nothing,     // acknowledge and forget: our own echo, a type we do not know
  accept,      // `events` are to be stored before the acknowledgement
  challenge,   // url_verification: answer with `text`
  home,        // the person opened the App Home; `events` fill it
  unfurl,      // arxiv.org links; `events` make their cards, where the workspace wants them
  panel,       // nothing was typed: buttons
  modal,       // the guided form of a command: `trigger` opens it, or else `events` answer
  options,     // options for a select, query in `text`
  rate_limit,  // Slack drops events of this workspace
};

struct Inbound {
  Want want = Want::nothing;
  std::vector<model::Event> events;
  std::string team;          // workspace it happened in
  std::string organisation;  // whose org-wide installation it belongs to, or empty
  std::string user;          // home, modal
  std::string channel;       // modal
  Guide guide = Guide::subscribe;
  std::string trigger;  // valid 3 s, one use; never stored
  std::string text;
  bool takes_answer = false;  // a slash command's answer may travel with the acknowledgement
  std::string kind;           // Slack's name of the type, for the log
};

// Of POST /slack/command. `received` becomes part of the event: a response_url lives 30 minutes from then.
Result<Inbound> read_command(const Form& form, Moment received);
// The field `payload` of POST /slack/interactive and /slack/options.
Result<Inbound> read_interaction(std::string_view json, Moment received);
// The body of POST /slack/events.
Result<Inbound> read_event(std::string_view json, Moment received);

// One text frame of Socket Mode.
struct Frame {
  enum class Kind : std::uint8_t { hello, disconnect, envelope, other };
  Kind kind = Kind::other;
  std::string reason;  // of a disconnect
  std::string id;      // of an envelope
  bool takes_payload = false;
  Result<Inbound> inbound;
};
Result<Frame> read_frame(std::string_view json, Moment received);

}  // namespace broadsheet::slack
