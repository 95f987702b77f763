#include "config/schema.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>

#include "bot/base/text.hpp"
#include "bot/base/time.hpp"
#include "bot/model/option_table.hpp"
#include "config/password.hpp"

namespace broadsheet::config {
namespace {

using Problem = std::optional<std::string>;
using Check = std::function<Problem(const std::string&)>;

std::string quoted(std::string_view s) {
  std::string out = "\"";
  for (char c : s) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
      constexpr std::string_view kHex = "0123456789ABCDEF";
      out +=
          std::string("\\u00") + kHex[static_cast<unsigned char>(c) >> 4U] + kHex[static_cast<unsigned char>(c) & 15U];
      continue;
    }
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

std::string quoted(const std::vector<std::string>& list) {
  std::string out = "[";
  for (const auto& s : list) out += (out.size() > 1 ? ", " : "") + quoted(s);
  return out + "]";
}

std::string shown(const Secret& secret) {
  return secret.empty() ? "\"\"" : "\"***\"";
}

std::string shown(std::chrono::milliseconds d) {
  auto n = d.count();
  if (n % 1000 != 0)
    return quoted(n > 1000 && n % 100 == 0 ? std::to_string(n / 1000) + "." + std::to_string(n % 1000 / 100) + "s"
                                           : std::to_string(n) + "ms");
  return quoted(n % 60000 == 0 && n != 0 ? std::to_string(n / 60000) + "m" : std::to_string(n / 1000) + "s");
}

// ---- checks

Problem any(const std::string&) {
  return std::nullopt;
}

Check one_of(std::vector<std::string> allowed) {
  return [allowed = std::move(allowed)](const std::string& s) -> Problem {
    if (std::find(allowed.begin(), allowed.end(), s) != allowed.end()) return std::nullopt;
    auto near = text::nearest(s, allowed, 2);
    return "\"" + s + "\" is not one of " + text::join(allowed, ", ") +
           (near.empty() ? "" : "; did you mean \"" + near + "\"?");
  };
}

Problem zone(const std::string& s) {
  if (Zone::find(s)) return std::nullopt;
  return "unknown time zone \"" + s + "\"; write an IANA name such as Europe/Berlin";
}

// http only towards this machine: everything else carries tokens or trusts answers.
Problem url(const std::string& s) {
  if (s.empty() || s.starts_with("https://") || s.starts_with("wss://")) return std::nullopt;
  if (s.starts_with("http://") || s.starts_with("ws://")) {
    if (is_loopback_url(s)) return std::nullopt;
    return "plain http is accepted for loopback addresses only; use https://";
  }
  return "\"" + s + "\" is not an address; it begins with https://";
}

Problem required_url(const std::string& s) {
  return s.empty() ? Problem("an address is needed") : url(s);
}

Problem public_url(const std::string& s) {
  if (s.empty() || s.starts_with("https://")) return std::nullopt;
  return "must be empty or begin with https://";
}

Problem listen(const std::string& s) {
  auto colon = s.rfind(':');
  int port = -1;
  if (colon != std::string::npos && colon > 0) std::from_chars(s.data() + colon + 1, s.data() + s.size(), port);
  if (port >= 0 && port <= 65535) return std::nullopt;
  return "\"" + s + "\" is not ADDRESS:PORT, for example 127.0.0.1:8080";
}

Problem not_empty(const std::string& s) {
  return s.empty() ? Problem("must not be empty") : std::nullopt;
}

Problem not_nul(const std::string& s) {
  if (s.empty()) return Problem("must not be empty");
  return s.find('\0') != std::string::npos ? Problem("must be a path") : std::nullopt;
}

// As the same option is read wherever it is typed.
Check option(model::OptionKey key) {
  return [key](const std::string& s) -> Problem {
    model::Options ignored;
    const auto& row = model::row_of(key);
    if (auto fault = model::set_option(ignored, row, s)) return model::to_string(*fault, row, s);
    return std::nullopt;
  };
}

// It goes into a header of every request.
Problem contact(const std::string& s) {
  auto at = s.find('@');
  bool sign =
      std::any_of(s.begin(), s.end(), [](unsigned char c) { return c <= ' ' || c >= 0x7F || c == '(' || c == ')'; });
  bool address = at != std::string::npos && at > 0 && s.rfind('@') == at && at + 1 < s.size();
  if (s.empty() || (address && !sign)) return std::nullopt;
  return "\"" + text::ellipsize(text::make_valid_utf8(s), 40) + "\" is not a mail address; write name@example.org";
}

Problem not_yet(bool full_text) {
  return full_text ? Problem("full texts are not read yet; write full_text = false") : std::nullopt;
}

Problem matrix_user(const std::string& s) {
  auto colon = s.find(':');
  bool shape = s.starts_with('@') && colon != std::string::npos && colon > 1 && colon + 1 < s.size();
  if (s.empty() || shape) return std::nullopt;
  return "\"" + s + "\" is not a user; write it like @arxivbot:example.org";
}

// Somebody, or everybody of a server.
Problem inviter(const std::string& s) {
  if (s.starts_with('@')) return matrix_user(s);
  bool server = !s.empty() && s.find_first_of("@/ ") == std::string::npos;
  return server ? Problem() : Problem("\"" + s + "\" is neither a user (@you:example.org) nor a server (example.org)");
}

Problem slack_team(const std::string& s) {
  bool shape = s.size() > 1 && (s[0] == 'T' || s[0] == 'E') &&
               std::all_of(s.begin(), s.end(), [](unsigned char c) { return std::isalnum(c) != 0; });
  return shape ? Problem() : Problem("\"" + s + "\" is not a workspace; write its id, such as T0123");
}

// A word that stands in front of a command.
Problem prefix(const std::string& s) {
  if (s.empty()) return "must not be empty";
  bool spaced = std::any_of(s.begin(), s.end(), [](unsigned char c) { return c <= ' '; });
  return spaced ? Problem("a prefix is one word without spaces, such as !arxiv") : std::nullopt;
}

Problem storage_url(const std::string& s) {
  if (s == "sqlite" || s.starts_with("postgresql://") || s.starts_with("postgres://")) return std::nullopt;
  return "\"" + without_passwords(s) + "\" is not available; write \"sqlite\" or postgresql://USER@HOST/DATABASE";
}

// ---- builders of table rows; T is the struct that holds the member

template <class T>
using Set = std::function<Problem(T&, const Value&)>;

template <class T, class Get>
Set<T> set_text(Get get, Check check) {
  return [get, check = std::move(check)](T& t, const Value& v) -> Problem {
    const auto& s = std::get<std::string>(v);
    if (auto problem = check(s)) return problem;
    get(t) = s;
    return std::nullopt;
  };
}

template <class T, class Get>
Set<T> set_integer(Get get, std::int64_t least, std::int64_t most) {
  return [=](T& t, const Value& v) -> Problem {
    auto n = std::get<std::int64_t>(v);
    if (n < least || n > most)
      return std::to_string(n) + " is out of range; " + std::to_string(least) + " to " + std::to_string(most) +
             " is allowed";
    get(t) = n;
    return std::nullopt;
  };
}

template <class T, class Get>
Set<T> set_categories(Get get) {
  return [get](T& t, const Value& v) -> Problem {
    std::vector<Category> out;
    for (const auto& word : std::get<std::vector<std::string>>(v)) {
      auto found = parse_category_words(word);
      if (found.empty()) {
        auto near = text::join(suggest_categories(word), ", ");
        return "there is no category \"" + word + "\"" + (near.empty() ? "" : "; near: " + near);
      }
      out.insert(out.end(), found.begin(), found.end());
    }
    if (out.empty()) return "at least one category is needed";
    get(t) = out;
    return std::nullopt;
  };
}

template <class T, class Get>
Set<T> set_list(Get get, Check each) {
  return [get, each = std::move(each)](T& t, const Value& v) -> Problem {
    for (const auto& s : std::get<std::vector<std::string>>(v))
      if (auto problem = each(s)) return problem;
    get(t) = std::get<std::vector<std::string>>(v);
    return std::nullopt;
  };
}

std::string codes(const std::vector<Category>& list) {
  std::vector<std::string> out;
  for (const auto& category : list) out.push_back(category.str());
  return quoted(out);
}

#define GET(member) [](auto& s) -> auto& { return s.member; }

Field text_field(std::string_view section, std::string_view key, std::string_view help, auto get, Check check = any) {
  return {section, key, Type::text, help, set_text<Settings>(get, std::move(check)), [get](const Settings& s) {
            return quoted(get(s));
          }};
}

Field secret_field(std::string_view section, std::string_view key, std::string_view help, auto get) {
  return {section,
          key,
          Type::secret,
          help,
          [get](Settings& s, const Value& v) -> Problem {
            get(s) = Secret(std::get<std::string>(v));
            return std::nullopt;
          },
          [get](const Settings& s) { return shown(get(s)); }};
}

Field integer_field(std::string_view section, std::string_view key, std::string_view help, auto get, std::int64_t least,
                    std::int64_t most) {
  return {section, key, Type::integer, help, set_integer<Settings>(get, least, most), [get](const Settings& s) {
            return std::to_string(get(s));
          }};
}

Field boolean_field(std::string_view section, std::string_view key, std::string_view help, auto get,
                    std::function<Problem(bool)> check = {}) {
  return {section,
          key,
          Type::boolean,
          help,
          [get, check = std::move(check)](Settings& s, const Value& v) -> Problem {
            if (auto problem = check ? check(std::get<bool>(v)) : Problem()) return problem;
            get(s) = std::get<bool>(v);
            return std::nullopt;
          },
          [get](const Settings& s) { return std::string(get(s) ? "true" : "false"); }};
}

Field duration_field(std::string_view section, std::string_view key, std::string_view help, auto get) {
  return {section,
          key,
          Type::duration,
          help,
          [get](Settings& s, const Value& v) -> Problem {
            auto d = parse_duration(std::get<std::string>(v));
            if (!d) return "\"" + std::get<std::string>(v) + "\" is not a duration; write 3s, 250ms, 15m or 2h";
            get(s) = *d;
            return std::nullopt;
          },
          [get](const Settings& s) { return shown(get(s)); }};
}

Field list_field(std::string_view section, std::string_view key, std::string_view help, auto get,
                 Check each = not_empty) {
  return {section, key, Type::list, help, set_list<Settings>(get, std::move(each)), [get](const Settings& s) {
            return quoted(get(s));
          }};
}

std::vector<Field> make_fields() {
  constexpr std::int64_t kMany = 1'000'000'000;
  std::vector<Field> out;
  out.push_back(
      text_field("service", "data_dir", "SQLite file, lock and caches live here", GET(service.data_dir), not_nul));
  out.push_back(text_field("service", "listen", "address and port of the pages, health and metrics",
                           GET(service.listen), listen));
  out.push_back(text_field("service", "public_url", "https address as the platforms reach it; empty: no webhooks",
                           GET(service.public_url), public_url));
  out.push_back(text_field("service", "time_zone", "IANA zone of times shown", GET(service.time_zone), zone));
  out.push_back(list_field("service", "operators",
                           "who may do everything: slack:TEAM/USER, matrix:@user:server, telegram:ID",
                           GET(service.operators)));
  out.push_back(integer_field("service", "max_connections", "at once; and 64 for each address",
                              GET(service.max_connections), 1, 100000));
  out.push_back(list_field("service", "trusted_proxies", "addresses whose X-Forwarded-For is believed",
                           GET(service.trusted_proxies)));
  out.push_back(
      integer_field("service", "threads", "workers for heavy work; 0: one per core", GET(service.threads), 0, 256));
  out.push_back({"storage", "url", Type::text,
                 "sqlite, or postgresql://USER@HOST/DATABASE; one with a password as env:NAME or file:PATH",
                 set_text<Settings>(GET(storage.url), storage_url),
                 [](const Settings& s) { return quoted(without_passwords(s.storage.url)); }});
  out.push_back(
      boolean_field("storage", "auto_migrate", "bring the schema up to date at start", GET(storage.auto_migrate)));
  out.push_back({"arxiv", "categories", Type::list, "listings to fetch every day",
                 set_categories<Settings>(GET(arxiv.categories)),
                 [](const Settings& s) { return codes(s.arxiv.categories); }});
  out.push_back(text_field("arxiv", "feed_url", "daily feeds", GET(arxiv.feed_url), required_url));
  out.push_back(text_field("arxiv", "api_url", "query API", GET(arxiv.api_url), required_url));
  out.push_back(text_field("arxiv", "oai_url", "OAI-PMH", GET(arxiv.oai_url), required_url));
  out.push_back(text_field("arxiv", "site_url", "listing pages", GET(arxiv.site_url), required_url));
  out.push_back(duration_field("arxiv", "min_interval",
                               "between requests to arXiv; below 3s for loopback addresses only",
                               GET(arxiv.min_interval)));
  out.push_back(text_field("arxiv", "contact", "mail address that goes into User-Agent", GET(arxiv.contact), contact));
  out.push_back(
      text_field("arxiv", "holidays_file", "replaces the built-in list of arXiv's holidays", GET(arxiv.holidays_file)));
  out.push_back({"digest", "top", Type::integer, "papers shown",
                 [](Settings& s, const Value& v) -> Problem {
                   auto n = std::get<std::int64_t>(v);
                   if (auto problem = option(model::OptionKey::top)(std::to_string(n))) return problem;
                   s.digest.top = n;
                   return std::nullopt;
                 },
                 [](const Settings& s) { return std::to_string(s.digest.top); }});
  out.push_back(text_field("digest", "style", "brief, cards, full or titles", GET(digest.style),
                           option(model::OptionKey::style)));
  out.push_back(text_field("digest", "language", "of cards and summary", GET(digest.language),
                           option(model::OptionKey::language)));
  out.push_back(text_field("digest", "interests", "what you care about, in words; \\\"not …\\\" for dislikes",
                           GET(digest.interests)));
  out.push_back(
      boolean_field("digest", "full_text", "read full texts where arXiv has HTML", GET(digest.full_text), not_yet));
  out.push_back(text_field("writer", "kind", "extractive needs no model; or openai", GET(writer.kind),
                           one_of({"extractive", "openai"})));
  out.push_back(text_field("writer", "base_url", "of an OpenAI-compatible endpoint, …/v1", GET(writer.base_url), url));
  out.push_back(text_field("writer", "model", "name of the model", GET(writer.model)));
  out.push_back(secret_field("writer", "api_key", "env:NAME or file:PATH", GET(writer.api_key)));
  out.push_back(integer_field("writer", "daily_budget_tokens", "0: no cap", GET(writer.daily_budget_tokens), 0, kMany));
  out.push_back(duration_field("writer", "timeout", "for one call", GET(writer.timeout)));
  out.push_back(integer_field("writer", "concurrency", "calls at once", GET(writer.concurrency), 1, 64));
  out.push_back(text_field("slack", "mode", "socket needs no public address; or http", GET(slack.mode),
                           one_of({"socket", "http"})));
  out.push_back(text_field("slack", "api_url", "Web API", GET(slack.api_url), required_url));
  out.push_back(
      text_field("slack", "hooks_url", "the only origin a response_url may have", GET(slack.hooks_url), required_url));
  out.push_back(secret_field("slack", "bot_token", "xoxb-…, single workspace", GET(slack.bot_token)));
  out.push_back(secret_field("slack", "app_token", "xapp-…, for socket mode", GET(slack.app_token)));
  out.push_back({"slack", "signing_secrets", Type::secret_list, "for http mode; several during a rotation",
                 [](Settings& s, const Value& v) -> Problem {
                   s.slack.signing_secrets.clear();
                   for (const auto& secret : std::get<std::vector<std::string>>(v)) {
                     if (secret.empty()) return "an empty signing secret would accept anything";
                     s.slack.signing_secrets.emplace_back(secret);
                   }
                   return std::nullopt;
                 },
                 [](const Settings& s) {
                   return s.slack.signing_secrets.empty() ? std::string("[]") : std::string("[\"***\"]");
                 }});
  out.push_back(text_field("slack", "client_id", "for installation in many workspaces", GET(slack.client_id)));
  out.push_back(
      secret_field("slack", "client_secret", "for installation in many workspaces", GET(slack.client_secret)));
  out.push_back(list_field("slack", "unfurl_teams", "workspaces whose pasted arxiv.org links get a card, as T0123",
                           GET(slack.unfurl_teams), slack_team));
  out.push_back(text_field("matrix", "mode", "sync or appservice", GET(matrix.mode), one_of({"sync", "appservice"})));
  out.push_back(text_field("matrix", "homeserver_url", "empty: found from user_id", GET(matrix.homeserver_url), url));
  out.push_back(text_field("matrix", "user_id", "@user:server", GET(matrix.user_id), matrix_user));
  out.push_back(secret_field("matrix", "access_token", "or password", GET(matrix.access_token)));
  out.push_back(secret_field("matrix", "password", "or access_token", GET(matrix.password)));
  out.push_back(
      secret_field("matrix", "hs_token", "appservice mode: what the homeserver shows us", GET(matrix.hs_token)));
  out.push_back(list_field("matrix", "invite_from", "users or servers whose invites are accepted; empty: own server",
                           GET(matrix.invite_from), inviter));
  out.push_back(text_field("matrix", "prefix", "what commands begin with", GET(matrix.prefix), prefix));
  out.push_back(text_field("matrix", "root_msgtype", "of the digest's first message", GET(matrix.root_msgtype),
                           one_of({"m.text", "m.notice"})));
  out.push_back(text_field("telegram", "mode", "poll needs no public address; or webhook", GET(telegram.mode),
                           one_of({"poll", "webhook"})));
  out.push_back(text_field("telegram", "api_url", "Bot API", GET(telegram.api_url), required_url));
  out.push_back(secret_field("telegram", "token", "from BotFather", GET(telegram.token)));
  out.push_back(secret_field("telegram", "webhook_secret", "for webhook mode", GET(telegram.webhook_secret)));
  return out;
}

Problem set_target(model::Subscription& s, const Value& v) {
  auto target = model::Target::parse(std::get<std::string>(v));
  if (!target) return target.error().what();
  s.target = std::move(*target);
  return std::nullopt;
}

Type type_of(const model::OptionRow& row) {
  if (row.kind == model::OptionKind::number) return Type::integer;
  return row.kind == model::OptionKind::days ? Type::words : Type::text;
}

std::string as_typed(const Value& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) return std::to_string(*number);
  if (const auto* words = std::get_if<std::vector<std::string>>(&value)) return text::join(*words, ",");
  return std::get<std::string>(value);
}

SubscriptionField option_field(const model::OptionRow& row) {
  auto set = [&row](model::Subscription& s, const Value& v) -> Problem {
    auto typed = as_typed(v);
    if (typed.empty() && row.kind == model::OptionKind::zone) return std::nullopt;  // the service's
    if (auto fault = model::set_option(s.options, row, typed)) return model::to_string(*fault, row, typed);
    return std::nullopt;
  };
  auto show = [&row](const model::Subscription& s) -> std::string {
    if (!model::is_set(s.options, row.key)) return {};
    auto typed = model::option_text(model::resolve({s.options}), row.key);
    if (type_of(row) == Type::integer) return typed;
    return type_of(row) == Type::words ? quoted(std::vector{typed}) : quoted(typed);
  };
  return {row.configured, type_of(row), row.help, set, show};
}

std::vector<SubscriptionField> make_subscription_fields() {
  std::vector<SubscriptionField> out;
  out.push_back({"target", Type::text, "slack:TEAM/CHANNEL, matrix:!room:server, telegram:CHAT[/TOPIC] or preview:NAME",
                 set_target, [](const model::Subscription& s) { return quoted(s.target.str()); }});
  out.push_back({"categories", Type::list, "what it is about", set_categories<model::Subscription>(GET(categories)),
                 [](const model::Subscription& s) { return codes(s.categories); }});
  for (const auto& row : model::option_rows()) out.push_back(option_field(row));
  return out;
}

#undef GET

}  // namespace

std::span<const Field> fields() {
  static const auto table = make_fields();
  return table;
}

std::span<const SubscriptionField> subscription_fields() {
  static const auto table = make_subscription_fields();
  return table;
}

std::optional<std::chrono::milliseconds> parse_duration(std::string_view s) {
  double n = 0;
  auto [end, ec] = std::from_chars(s.data(), s.data() + s.size(), n);
  std::string_view unit(end, static_cast<std::size_t>(s.data() + s.size() - end));
  double factor = unit == "ms" ? 1 : unit == "s" ? 1000 : unit == "m" ? 60000 : unit == "h" ? 3600000 : 0;
  if (ec != std::errc{} || factor == 0 || n < 0 || n * factor > 1e10) return std::nullopt;
  return std::chrono::milliseconds(std::llround(n * factor));
}

bool is_loopback_url(std::string_view url) {
  auto scheme = url.find("://");
  if (scheme == std::string_view::npos) return false;
  auto host = url.substr(scheme + 3);
  host = host.substr(0, host.find_first_of("/?#"));
  if (host.find('@') != std::string_view::npos) return false;
  if (host.starts_with("[::1]")) return true;
  host = host.substr(0, host.find(':'));
  if (host == "localhost") return true;
  return host.starts_with("127.") && host.find_first_not_of("0123456789.") == std::string_view::npos;
}

}  // namespace broadsheet::config
