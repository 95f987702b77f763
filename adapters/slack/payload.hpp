// What Slack sends, in the product's words: slash commands, interactivity, events, and the envelopes of Socket Mode
// around them (contracts: Slack 3, 4, 5, 6). Everything in it is untrusted; the readers are pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/event.hpp"
#include "adapters/slack/form.hpp"
#include "bot/base/result.hpp"

namespace broadsheet::slack {

enum class Want : std::uint8_t {
  nothing,     // acknowledge and forget: our own echo, a type we do not know
  accept,      // `event` is to be stored before the acknowledgement
  challenge,   // url_verification: answer with `text`
  home,        // the person opened the App Home
  modal,       // the guided form of a command: `trigger` opens it
  options,     // options for a select, query in `text`
  rate_limit,  // Slack drops events of this workspace
};

struct Inbound {
  Want want = Want::nothing;
  std::optional<adapters::Event> event;
  std::string team;     // installation it belongs to
  std::string user;     // home, modal
  std::string channel;  // modal
  std::string trigger;  // valid 3 s, one use; never stored
  std::string text;
  std::string kind;          // Slack's name of the type, for the log
  bool closes_view = false;  // a submission: an empty answer closes the modal
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
